import { defineIntent } from './intent.ts';

/** Why and how, in general. */
export default defineIntent({
  name: 'knowledge',
  effect: 'reads',
  as: 'help',
  offers: ['list_failures', 'run_status', 'explain_mapping'],
});
