import { defineIntent } from './intent.ts';

/** Nothing that could be read. */
export default defineIntent({
  name: 'unknown',
  effect: 'talk',
});
