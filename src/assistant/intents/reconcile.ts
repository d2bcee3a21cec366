import { defineIntent } from './intent.ts';

/** Compares both sides. */
export default defineIntent({
  name: 'reconcile',
  effect: 'reads',
  slots: ['start', 'end', 'shop', 'warehouse', 'document'],
  everyDocument: true,
});
