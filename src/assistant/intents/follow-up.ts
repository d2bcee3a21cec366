import { defineIntent } from './intent.ts';

/** Half a sentence that goes on with the one before. */
export default defineIntent({
  name: 'follow_up',
  effect: 'talk',
});
