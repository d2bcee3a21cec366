import { defineIntent } from './intent.ts';

/** A link that opens the page, for one person and once. */
export default defineIntent({
  name: 'page_login',
  effect: 'settings',
  reads: ['page'],
  verbs: ['page'],
});
