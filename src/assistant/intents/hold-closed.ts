import { defineIntent } from './intent.ts';

/** Leaves documents of a closed period until it is opened or a day has come. */
export default defineIntent({
  name: 'hold_closed',
  effect: 'writes',
  verbs: ['hold', 'later'],
  reads: [
    'hold',
    'move_date',
    'later',
    'category.period_closed',
    'object',
    'place',
    'these',
    'all',
    'fail',
    'document',
    'again',
  ],
  slots: ['orders', 'until', 'document'],
  everyDocument: true,
  refuses: true,
  instead: 'list_failures',
});
