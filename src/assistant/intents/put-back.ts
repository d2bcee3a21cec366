import { defineIntent } from './intent.ts';

/** Lets a document that a person withdrew be synced again. */
export default defineIntent({
  name: 'put_back',
  effect: 'writes',
  verbs: ['put_back', 'start', 'undo'],
  reads: ['put_back', 'undo', 'object', 'place', 'these', 'all', 'start', 'push', 'document', 'again'],
  slots: ['orders', 'document'],
  needs: 'orders',
  asks: true,
  instead: 'order_status',
  everyDocument: true,
});
