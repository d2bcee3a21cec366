import { defineIntent } from './intent.ts';

/** Books documents of a closed period on another day. */
export default defineIntent({
  name: 'move_date',
  effect: 'writes',
  verbs: ['move_date', 'change'],
  reads: ['move_date', 'change', 'object', 'place', 'these', 'all', 'category.period_closed', 'fail', 'document'],
  slots: ['start', 'end', 'orders', 'document'],
  needs: 'day',
  asks: true,
  instead: 'list_failures',
  everyDocument: true,
});
