import { defineIntent } from './intent.ts';

/** When documents are synced by themselves. */
export default defineIntent({
  name: 'show_schedule',
  effect: 'reads',
  topic: 'schedule',
  slots: ['document'],
  everyDocument: true,
});
