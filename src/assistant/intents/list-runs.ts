import { defineIntent } from './intent.ts';

/** The latest runs, or the story of one. */
export default defineIntent({
  name: 'list_runs',
  effect: 'reads',
  as: 'run_status',
  slots: ['start', 'end', 'document', 'detail'],
  everyDocument: true,
});
