import { defineIntent } from './intent.ts';

/** What is not in 金蝶, by cause. */
export default defineIntent({
  name: 'list_failures',
  effect: 'reads',
  cues: ['fail', 'which'],
  slots: ['start', 'end', 'shop', 'warehouse', 'excludeErrorKind', 'errorKind', 'groupBy', 'top', 'document'],
  everyDocument: true,
});
