import { defineIntent } from './intent.ts';

/** The emergency brake: nothing is written until it is released. */
export default defineIntent({
  name: 'stop_writes',
  effect: 'settings',
  verbs: ['stop', 'no', 'brake'],
  reads: ['brake', 'stop', 'all', 'push', 'object', 'place', 'no'],
  atOnce: true,
  refuses: true,
  instead: 'run_status',
});
