import { defineIntent } from './intent.ts';

/** Keeps an alert quiet for a while. */
export default defineIntent({
  name: 'silence_alert',
  effect: 'silences',
  topic: 'alerts',
  verbs: ['silence', 'no', 'stop'],
  reads: ['silence', 'alert', 'no', 'stop', 'these', 'all', 'category', 'fail'],
  slots: ['duration', 'until', 'errorKind'],
  refuses: true,
  instead: 'list_alerts',
});
