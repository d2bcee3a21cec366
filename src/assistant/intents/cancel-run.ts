import { defineIntent } from './intent.ts';

/** Stops what is running at its next page or batch. */
export default defineIntent({
  name: 'cancel_run',
  effect: 'settings',
  verbs: ['stop'],
  reads: ['stop', 'push', 'progress', 'object', 'place', 'these', 'no', 'timer'],
  refuses: true,
  instead: 'run_status',
});
