import { defineIntent } from './intent.ts';

/** Takes a document out of 金蝶 again: audit undone, bill deleted; 「撤单重推」 writes it anew. */
export default defineIntent({
  name: 'undo',
  effect: 'writes',
  verbs: ['undo', 'delete'],
  reads: ['undo', 'delete', 'object', 'place', 'these', 'all', 'document', 'wrong'],
  slots: ['orders', 'document', 'again'],
  needs: 'orders',
  asks: true,
  instead: 'order_status',
  everyDocument: true,
});
