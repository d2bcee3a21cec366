import { defineIntent } from './intent.ts';

/** Compares the stock of both sides. */
export default defineIntent({
  name: 'stock_check',
  effect: 'reads',
  as: 'reconcile',
  slots: ['warehouse', 'sku'],
  offers: ['reconcile', 'list_failures'],
});
