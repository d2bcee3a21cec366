import { defineIntent } from './intent.ts';

/** Starts syncing by itself again. */
export default defineIntent({
  name: 'resume_schedule',
  effect: 'settings',
  topic: 'schedule',
  verbs: ['start', 'timer'],
  reads: ['timer', 'start', 'push', 'object', 'place', 'document'],
  slots: ['document'],
  asks: true,
  instead: 'show_schedule',
  everyDocument: true,
});
