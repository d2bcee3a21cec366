import { defineIntent } from './intent.ts';

/** What is missing before the month is closed. */
export default defineIntent({
  name: 'month_end',
  effect: 'reads',
  as: 'list_failures',
  slots: ['start', 'end'],
  offers: ['list_failures', 'unsynced_days', 'reconcile'],
});
