import { chunk } from '../../../chunk.ts';
import { toDecimal } from '../../../decimal.ts';
import type { SourceOrder, SourceQuery } from '../../../sync/connector.ts';
import { isId, type Raw, toRecord } from './row.ts';
import { type FieldRow, type Route, type Stream, stateOf, streamCatalogue, type Wired } from './stream.ts';
import { keysACall, windowOf } from './wire.ts';

/** What every document that moves stock (出入库) has. */
export const head: readonly FieldRow[] = [
  ['io_id', 'string'],
  ['so_id', 'string'],
  ['status', 'string'],
  ['f_status', 'string'],
  ['type', 'string'],
  ['io_date', 'string'],
  ['modified', 'string'],
  ['moved', 'bool'],
  ['uploaded', 'bool'],
  ['wms_co_id', 'string'],
  ['wh_id', 'string'],
  ['zone', 'string'],
  ['warehouse', 'string'],
  ['remark', 'string'],
  ['items', 'array'],
  ['items.ioi_id', 'string'],
  ['items.sku_id', 'string'],
  ['items.i_id', 'string'],
  ['items.name', 'string'],
  ['items.qty', 'number'],
];

export const spec: FieldRow = ['items.properties_value', 'string'];

/** The lot of a line; purchases say `batch_no` for it and tell no days. */
export const lot: readonly FieldRow[] = [
  ['items.batch_id', 'string'],
  ['items.product_date', 'string'],
  ['items.expiration_date', 'string'],
];

/** What lines cost, and what they are booked at where a pipeline books costs. */
export const cost: readonly FieldRow[] = [
  ['items.cost_price', 'number'],
  ['items.cost_amount', 'number'],
  ['items.price', 'number'],
  ['items.amount', 'number'],
];

export const zoneOf = (warehouse: unknown, zone: unknown): string => `${String(warehouse ?? '')}:${String(zone ?? '')}`;

/** Where it moved something, whether it moved anything, and whether an interface put it in: it then has a number of there. */
export const movement = (raw: Raw): Raw => ({
  ...raw,
  zone: zoneOf(raw.wms_co_id, raw.wh_id),
  moved: raw.items.some(({ qty }) => toDecimal(qty)?.isZero() !== true),
  uploaded: ![undefined, null, '', '0', raw.io_id].includes(raw.so_id),
});

/** By own number, by any number somebody says, or by a window; `date` is the date_type of the document's own time. */
export function movementReads(query: SourceQuery, date: number, windowed: Wired = {}): Wired[] {
  const { params, keys, numbers = [] } = query;
  const ids = (keys ?? numbers).filter(isId);
  if (keys || query.numbers)
    return [
      ...(keys ? [] : chunk(numbers, keysACall).map((so_ids) => ({ so_ids }))),
      ...chunk(ids, keysACall).map((io_ids) => ({ io_ids })),
    ].map((one) => ({ ...params, ...one }));
  return [{ ...params, ...windowed, ...windowOf(query, date) }];
}

/** A kind of document that moves stock: on the standard gateway alone, documents of every status read together. */
export const movementStream = (response: readonly FieldRow[], open: Route, halves?: Stream['halves']): Stream => ({
  apis: [open.call],
  catalogue: streamCatalogue(open.call, [], response, 'movement'),
  qimen: null,
  open,
  isKey: isId,
  stateOf,
  cancelled: [],
  ...(halves ? { halves } : {}),
});

/** Its row as a record. */
export const movementRecord =
  (refine: (raw: Raw) => Raw = movement) =>
  (row: unknown): SourceOrder =>
    toRecord(row, { key: 'io_id', businessTime: ['io_date'], refine });
