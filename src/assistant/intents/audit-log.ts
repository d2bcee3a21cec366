import { defineIntent } from './intent.ts';

/** Who did what. */
export default defineIntent({
  name: 'audit_log',
  effect: 'reads',
  cues: ['who', 'audit'],
  slots: ['start', 'end', 'orders', 'person', 'what', 'document'],
  everyDocument: true,
});
