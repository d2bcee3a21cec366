import { defineIntent } from './intent.ts';

/** How far a run is, or how the latest one ended. */
export default defineIntent({
  name: 'run_status',
  effect: 'reads',
  cues: ['progress'],
  slots: ['start', 'end', 'shop', 'warehouse', 'document'],
  everyDocument: true,
});
