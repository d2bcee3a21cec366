import { cost, head, lot, movementReads, movementRecord, movementStream, spec } from './movement.ts';
import type { FieldRow } from './stream.ts';

const call = '/open/other/inout/query';

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
export const otherInOut = movementStream(response, {
  call,
  lists: ['types'],
  reads: (query) => movementReads(query, 2),
  record: movementRecord(),
});
