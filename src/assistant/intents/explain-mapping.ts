import { defineIntent } from './intent.ts';

/** Where a field of a bill comes from. */
export default defineIntent({
  name: 'explain_mapping',
  effect: 'reads',
  slots: ['field', 'sourceField', 'orders', 'value', 'direction', 'document'],
  needs: 'field',
  everyDocument: true,
});
