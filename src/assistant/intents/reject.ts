import { defineIntent } from './intent.ts';

/** Refuses what was asked. */
export default defineIntent({
  name: 'reject',
  effect: 'talk',
  refuses: true,
});
