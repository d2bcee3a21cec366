import { defineIntent } from './intent.ts';

/** Takes back what was said. */
export default defineIntent({
  name: 'forget',
  effect: 'talk',
  refuses: true,
});
