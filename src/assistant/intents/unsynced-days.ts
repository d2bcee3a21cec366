import { defineIntent } from './intent.ts';

/** Days that were not, or not wholly, read. */
export default defineIntent({
  name: 'unsynced_days',
  effect: 'reads',
  as: 'run_status',
  slots: ['start', 'end', 'document'],
  everyDocument: true,
});
