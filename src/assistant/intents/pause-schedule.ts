import { defineIntent } from './intent.ts';

/** Stops syncing by itself. */
export default defineIntent({
  name: 'pause_schedule',
  effect: 'settings',
  topic: 'schedule',
  verbs: ['stop', 'no'],
  reads: ['timer', 'stop', 'no', 'push', 'object', 'place', 'document', 'all', 'these'],
  slots: ['until', 'duration', 'document'],
  refuses: true,
  instead: 'show_schedule',
  everyDocument: true,
});
