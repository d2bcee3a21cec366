import { defineIntent } from './intent.ts';

/** What an interface takes. */
export default defineIntent({
  name: 'api_params',
  effect: 'reads',
  slots: ['api'],
  offers: ['explain_mapping'],
});
