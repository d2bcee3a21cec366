import { defineIntent } from './intent.ts';

/** Base data of 金蝶, searched. */
export default defineIntent({
  name: 'base_data',
  effect: 'reads',
  as: 'master_data',
  slots: ['entity', 'value', 'sku'],
});
