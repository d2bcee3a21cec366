import { chunk } from '../../../chunk.ts';
import { head, lot, movement, movementState, spec } from './movement.ts';
import { isId, toRecord } from './row.ts';
import { type FieldRow, type Route, type Stream, streamCatalogue } from './stream.ts';
import { keysACall, weeks, windowOf } from './wire.ts';

const api = '/open/inventory/count/query';

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
  call: api,
  looser: true,
  reads(query, now) {
    const { params, keys, numbers, start, end } = query;
    const ids = keys ?? numbers;
    if (ids) return chunk(ids.filter(isId), keysACall).map((some) => ({ ...params, io_ids: some.join(',') }));
    const until = query.by === 'io_date' && now > end ? now : end;
    return weeks(start, until).map((slice) => {
      const { date_type: _, ...window } = windowOf({ by: 'modified', ...slice }, 0);
      return { ...params, ...window };
    });
  },
  record: (row) => toRecord(row, { key: 'io_id', businessTime: ['io_date'], refine: movement }),
};

/** 盘点: a line's `qty` is by how much more was counted than there should be, `r_qty` what was counted. */
export const inventoryCount: Stream = {
  apis: [api],
  catalogue: streamCatalogue(api, [], response, 'movement'),
  qimen: null,
  open: counts,
  isKey: isId,
  stateOf: movementState,
  cancelled: [],
};
