import { defineIntent } from './intent.ts';

/** What a shop, a warehouse or a SKU is in 金蝶. */
export default defineIntent({
  name: 'master_data',
  effect: 'reads',
  topic: 'maps',
  slots: ['entity', 'shop', 'warehouse', 'sku', 'customer', 'source'],
});
