import { defineIntent } from './intent.ts';

/** Maps a shop, a warehouse or a SKU to what it is in 金蝶. */
export default defineIntent({
  name: 'set_master_data',
  effect: 'writes',
  topic: 'maps',
  verbs: ['map', 'change'],
  reads: [
    'map',
    'change',
    'entity',
    'place',
    'shopend',
    'houseend',
    'create',
    'field',
    'category.value_map_missing',
    'category.material_missing',
  ],
  slots: ['source', 'target', 'shop', 'warehouse', 'sku', 'customer', 'entity'],
  needs: 'source_and_target',
  asks: true,
  instead: 'master_data',
});
