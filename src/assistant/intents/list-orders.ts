import { defineIntent } from './intent.ts';

/** The documents themselves. */
export default defineIntent({
  name: 'list_orders',
  effect: 'reads',
  as: 'report',
  slots: ['start', 'end', 'shop', 'warehouse', 'outcome', 'errorKind', 'document'],
  everyDocument: true,
});
