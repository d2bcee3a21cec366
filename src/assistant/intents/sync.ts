import { defineIntent } from './intent.ts';

/** Moves documents of a range, or named ones, from 聚水潭 into 金蝶. */
export default defineIntent({
  name: 'sync',
  effect: 'writes',
  verbs: ['push', 'again', 'preview', 'pushed'],
  reads: [
    'push',
    'fail',
    'again',
    'object',
    'place',
    'preview',
    'all',
    'fixed',
    'look',
    'these',
    'rest',
    'entity.shop',
    'entity.warehouse',
    'shopend',
    'houseend',
    'document',
    'direction',
  ],
  slots: ['start', 'end', 'orders', 'shop', 'excludeShop', 'warehouse', 'sku', 'dryRun', 'document', 'direction'],
  needs: 'range_or_orders',
  instead: 'run_status',
  everyDocument: true,
});
