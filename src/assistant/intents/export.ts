import { defineIntent } from './intent.ts';

/** The last list or figures as a file. */
export default defineIntent({
  name: 'export',
  effect: 'reads',
  cues: ['export'],
  slots: ['start', 'end', 'document'],
  everyDocument: true,
});
