import { defineIntent } from './intent.ts';

/** Who somebody is here, what they may do, and the ids that settings files want. */
export default defineIntent({
  name: 'whoami',
  effect: 'reads',
});
