import { defineIntent } from './intent.ts';

/** Releases the emergency brake. */
export default defineIntent({
  name: 'release_writes',
  effect: 'settings',
  verbs: ['release', 'start'],
  reads: ['release', 'brake', 'start', 'stop', 'all', 'push', 'object', 'place'],
  asks: true,
  instead: 'run_status',
});
