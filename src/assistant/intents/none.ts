import { defineIntent } from './intent.ts';

/** Deliberately nothing. */
export default defineIntent({
  name: 'none',
  effect: 'talk',
});
