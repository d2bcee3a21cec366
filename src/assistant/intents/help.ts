import { defineIntent } from './intent.ts';

/** What can be asked. */
export default defineIntent({
  name: 'help',
  effect: 'talk',
});
