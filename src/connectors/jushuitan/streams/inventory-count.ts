import { chunk } from '../../../chunk.ts';
import { head, lot, movementRecord, movementStream, spec } from './movement.ts';
import { isId } from './row.ts';
import type { FieldRow, Route } from './stream.ts';
import { keysACall, modifiedSince } from './wire.ts';

const call = '/open/inventory/count/query';

const response: readonly FieldRow[] = [
  ...head,
  ['labels', 'string'],
  spec,
  ['items.r_qty', 'number'],
  ['items.supplier_id', 'string'],
  ...lot,
];

/** It knows no window but that of `modified`, no number but its own, and wants its numbers as one text. */
const counts: Route = {
  call,
  looser: true,
  reads(query, now) {
    const { params, keys, numbers } = query;
    const ids = keys ?? numbers;
    if (ids) return chunk(ids.filter(isId), keysACall).map((some) => ({ ...params, io_ids: some.join(',') }));
    return modifiedSince(query, now).map(({ date_type: _, ...window }) => ({ ...params, ...window }));
  },
  record: movementRecord(),
};

/** 盘点: a line's `qty` is by how much more was counted than there should be, `r_qty` what was counted. */
export const inventoryCount = movementStream(response, counts);
