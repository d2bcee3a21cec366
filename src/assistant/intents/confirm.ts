import { defineIntent } from './intent.ts';

/** A whole sentence that is a yes. */
export default defineIntent({
  name: 'confirm',
  effect: 'talk',
});
