import { cost, head, movementReads, movementRecord, movementStream, spec } from './movement.ts';
import type { FieldRow } from './stream.ts';

const call = '/open/purchaseout/query';

const response: readonly FieldRow[] = [
  ...head,
  ['po_id', 'string'],
  ['created_po_id', 'string'],
  ['seller_id', 'string'],
  ['out_io_id', 'string'],
  ['free_amount', 'number'],
  ['labels', 'string'],
  ['l_id', 'string'],
  ['logistics_company', 'string'],
  spec,
  ['items.remark', 'string'],
  ['items.batch_no', 'string'],
  ['items.tax_rate', 'number'],
  ...cost,
];

/** 采购退货 */
export const purchaseOut = movementStream(response, {
  call,
  reads: (query) => movementReads(query, 2),
  record: movementRecord(),
});
