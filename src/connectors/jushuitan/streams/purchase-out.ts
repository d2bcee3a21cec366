import { cost, head, movement, movementReads, movementState, spec } from './movement.ts';
import { isId, toRecord } from './row.ts';
import { type FieldRow, type Stream, streamCatalogue } from './stream.ts';

const api = '/open/purchaseout/query';

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
export const purchaseOut: Stream = {
  apis: [api],
  catalogue: streamCatalogue(api, [], response, 'movement'),
  qimen: null,
  open: {
    call: api,
    reads: (query) => movementReads(query, 2),
    record: (row) => toRecord(row, { key: 'io_id', businessTime: ['io_date'], refine: movement }),
  },
  isKey: isId,
  stateOf: movementState,
  cancelled: [],
};
