import { defineIntent } from './intent.ts';

/** Takes a change of a map back. */
export default defineIntent({
  name: 'undo_master_data',
  effect: 'writes',
  topic: 'maps',
  verbs: ['undo', 'map', 'change', 'start'],
  reads: [
    'map',
    'undo',
    'change',
    'entity',
    'place',
    'shopend',
    'houseend',
    'start',
    'category.value_map_missing',
    'done',
    'these',
  ],
  slots: ['source', 'shop', 'warehouse', 'sku'],
  asks: true,
  instead: 'master_data',
});
