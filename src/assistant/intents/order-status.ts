import { defineIntent } from './intent.ts';

/** Where one document is. */
export default defineIntent({
  name: 'order_status',
  effect: 'reads',
  slots: ['orders', 'document'],
  everyDocument: true,
});
