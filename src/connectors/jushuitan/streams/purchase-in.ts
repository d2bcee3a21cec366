import { cost, head, movement, movementReads, movementRecord, movementStream } from './movement.ts';
import type { Raw } from './row.ts';
import type { FieldRow } from './stream.ts';

const call = '/open/purchasein/query';

const response: readonly FieldRow[] = [
  ...head,
  ['po_id', 'string'],
  ['supplier_id', 'string'],
  ['supplier_name', 'string'],
  ['out_io_id', 'string'],
  ['tax_rate', 'number'],
  ['labels', 'string'],
  ['l_id', 'string'],
  ['items.unit', 'string'],
  ['items.remark', 'string'],
  ['items.batch_no', 'string'],
  ['items.tax_rate', 'number'],
  ...cost,
];

/** Where nobody says, it tells only of confirmed ones: then what is cancelled would never be seen. */
const statuss = ['WaitConfirm', 'Confirmed', 'Cancelled', 'Archive'];

/** By rowversion, too, it tells only of confirmed ones: without its place a row is followed by `modified`. */
const receipt = ({ ts: _, ...raw }: Raw): Raw => movement(raw as Raw);

/** 采购入库 */
export const purchaseIn = movementStream(response, {
  call,
  reads: (query) => movementReads(query, 2).map((wired) => ({ statuss, ...wired })),
  record: movementRecord(receipt),
});
