import { defineIntent } from './intent.ts';

/** What is not hers to do. */
export default defineIntent({
  name: 'out_of_scope',
  effect: 'talk',
});
