import { defineIntent } from './intent.ts';

/** Ends a silence. */
export default defineIntent({
  name: 'unsilence_alert',
  effect: 'silences',
  topic: 'alerts',
  verbs: ['start', 'stop', 'release', 'silence'],
  reads: ['silence', 'alert', 'start', 'stop', 'release', 'these', 'all'],
  instead: 'list_alerts',
});
