import { defineIntent } from './intent.ts';

/** A question of one’s own on a timer or a threshold. */
export default defineIntent({
  name: 'watch',
  effect: 'reads',
  offers: ['list_alerts', 'show_schedule'],
});
