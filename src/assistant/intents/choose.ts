import { defineIntent } from './intent.ts';

/** One of the last list by its place. */
export default defineIntent({
  name: 'choose',
  effect: 'talk',
  slots: ['top'],
});
