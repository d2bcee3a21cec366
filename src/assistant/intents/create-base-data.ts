import { defineIntent } from './intent.ts';

/** Creates what is missing in 金蝶 from 聚水潭’s data. */
export default defineIntent({
  name: 'create_base_data',
  effect: 'writes',
  verbs: ['create'],
  reads: ['create', 'category', 'entity', 'place', 'all', 'these', 'again', 'push', 'fail'],
  slots: ['sku', 'customer'],
  asks: true,
  instead: 'list_failures',
  offers: ['list_failures', 'retry'],
});
