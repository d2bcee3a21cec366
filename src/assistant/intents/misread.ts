import { defineIntent } from './intent.ts';

/** Tells that a sentence was read wrongly. */
export default defineIntent({
  name: 'misread',
  effect: 'talk',
});
