import { defineIntent } from './intent.ts';

/** Somebody takes an alert on. */
export default defineIntent({
  name: 'ack_alert',
  effect: 'silences',
  topic: 'alerts',
  verbs: ['ack'],
  reads: ['ack', 'alert', 'these', 'place'],
  instead: 'list_alerts',
});
