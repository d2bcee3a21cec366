import { defineIntent } from './intent.ts';

/** The next page of the last list. */
export default defineIntent({
  name: 'more',
  effect: 'reads',
});
