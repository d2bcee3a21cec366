import { defineIntent } from './intent.ts';

/** Figures out of the ledger. */
export default defineIntent({
  name: 'report',
  effect: 'reads',
  cues: ['metric', 'group', 'howmany'],
  slots: ['start', 'end', 'shop', 'warehouse', 'groupBy', 'top', 'document', 'metric'],
  everyDocument: true,
});
