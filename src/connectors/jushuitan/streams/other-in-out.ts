import { cost, head, lot, movement, movementReads, movementState, spec } from './movement.ts';
import { isId, toRecord } from './row.ts';
import { type FieldRow, type Stream, streamCatalogue } from './stream.ts';

const api = '/open/other/inout/query';

const response: readonly FieldRow[] = [
  ...head,
  ['drop_co_name', 'string'],
  ['inout_user', 'string'],
  ['created', 'string'],
  ['labels', 'string'],
  ['l_id', 'string'],
  ['logistics_company', 'string'],
  spec,
  ['items.unit', 'string'],
  ['items.remark', 'string'],
  ['items.supplier_id', 'string'],
  ...cost,
  ...lot,
];

/** 其它出入库: `types` of a pipeline says which of 其它进仓, 其它退货 and 其它出库. */
export const otherInOut: Stream = {
  apis: [api],
  catalogue: streamCatalogue(api, [], response, 'movement'),
  qimen: null,
  open: {
    call: api,
    lists: ['types'],
    reads: (query) => movementReads(query, 2),
    record: (row) => toRecord(row, { key: 'io_id', businessTime: ['io_date'], refine: movement }),
  },
  isKey: isId,
  stateOf: movementState,
  cancelled: [],
};
