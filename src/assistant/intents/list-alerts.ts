import { defineIntent } from './intent.ts';

/** What fires, and who has it. */
export default defineIntent({
  name: 'list_alerts',
  effect: 'reads',
  topic: 'alerts',
});
