import { defineIntent } from './intent.ts';

/** Changes when documents are synced by themselves. */
export default defineIntent({
  name: 'set_schedule',
  effect: 'settings',
  cues: ['push'],
  topic: 'schedule',
  verbs: ['change', 'timer', 'push', 'again'],
  reads: ['timer', 'change', 'push', 'start', 'again', 'object', 'place', 'document'],
  slots: ['schedule', 'document'],
  needs: 'schedule',
  asks: true,
  instead: 'show_schedule',
  everyDocument: true,
});
