import { cost, head, movement, movementReads, movementState } from './movement.ts';
import { isId, type Raw, toRecord } from './row.ts';
import { type FieldRow, type Stream, streamCatalogue } from './stream.ts';

const api = '/open/purchasein/query';

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
export const purchaseIn: Stream = {
  apis: [api],
  catalogue: streamCatalogue(api, [], response, 'movement'),
  qimen: null,
  open: {
    call: api,
    reads: (query) => movementReads(query, 2).map((wired) => ({ statuss, ...wired })),
    record: (row) => toRecord(row, { key: 'io_id', businessTime: ['io_date'], refine: receipt }),
  },
  isKey: isId,
  stateOf: movementState,
  cancelled: [],
};
