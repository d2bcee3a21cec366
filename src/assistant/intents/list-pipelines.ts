import { defineIntent } from './intent.ts';

/** The pipelines there are, and how one is set. */
export default defineIntent({
  name: 'list_pipelines',
  effect: 'reads',
  slots: ['document', 'detail'],
  everyDocument: true,
});
