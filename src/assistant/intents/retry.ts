import { defineIntent } from './intent.ts';

/** Tries again what has not got into 金蝶. */
export default defineIntent({
  name: 'retry',
  effect: 'writes',
  verbs: ['again', 'push', 'pushed'],
  reads: ['again', 'push', 'fail', 'category', 'fixed', 'object', 'place', 'all', 'these', 'rest', 'document', 'which'],
  slots: [
    'start',
    'end',
    'orders',
    'shop',
    'warehouse',
    'errorKind',
    'excludeErrorKind',
    'all',
    'document',
    'direction',
  ],
  instead: 'list_failures',
  everyDocument: true,
});
