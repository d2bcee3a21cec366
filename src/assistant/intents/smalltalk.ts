import { defineIntent } from './intent.ts';

/** Talk that wants nothing done. */
export default defineIntent({
  name: 'smalltalk',
  effect: 'talk',
});
