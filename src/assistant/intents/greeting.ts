import { defineIntent } from './intent.ts';

/** A greeting. */
export default defineIntent({
  name: 'greeting',
  effect: 'talk',
});
