import { chunk } from '../../../chunk.ts';
import { toDecimal } from '../../../decimal.ts';
import type { SourceLine, SourceQuery } from '../../../sync/connector.ts';
import { zoneOf } from './movement.ts';
import { isId, type Raw, toRecord } from './row.ts';
import { type FieldRow, type Route, type Stream, stateOf, streamCatalogue, type Wired } from './stream.ts';
import { keysACall, modifiedSince, windowOf } from './wire.ts';

/** The fields of both interfaces under one name each: those of a receipt, and what only an agreement (退款单) has. */
const response: readonly FieldRow[] = [
  ['io_id', 'string'],
  ['as_id', 'string'],
  ['outer_as_id', 'string'],
  ['o_id', 'string'],
  ['so_id', 'string'],
  ['status', 'string'],
  ['type', 'string'],
  ['io_date', 'string'],
  ['confirm_date', 'string'],
  ['modified', 'string'],
  ['received', 'bool'],
  ['good_status', 'string'],
  ['question_type', 'string'],
  ['shop_id', 'string'],
  ['shop_name', 'string'],
  ['wms_co_id', 'string'],
  ['wh_id', 'string'],
  ['zone', 'string'],
  ['warehouse', 'string'],
  ['l_id', 'string'],
  ['logistics_company', 'string'],
  ['remark', 'string', ['aftersale_remark']],
  ['refund', 'number'],
  ['payment', 'number'],
  ['freight', 'number'],
  ['free_amount', 'number'],
  ['labels', 'string'],
  ['items', 'array'],
  ['items.ioi_id', 'string', ['items.asi_id']],
  ['items.sku_id', 'string'],
  ['items.i_id', 'string'],
  ['items.name', 'string'],
  ['items.properties_value', 'string'],
  ['items.combine_sku_id', 'string'],
  ['items.type', 'string'],
  ['items.qty', 'number'],
  ['items.price', 'number', ['items.sale_price']],
  ['items.amount', 'number', ['items.sale_amount']],
  ['items.is_gift', 'bool'],
  ['items.wh_id', 'string'],
  ['items.zone', 'string'],
  ['items.batch_id', 'string'],
  ['items.product_date', 'string'],
  ['items.expiration_date', 'string'],
];

/** 次品仓: where goods go that came back defective. */
const defects = '4';

/** A receipt (实际收货): every line went into the zone of its head. */
const receipt = ({ items, ...raw }: Raw): Raw => ({
  ...raw,
  remark: raw.aftersale_remark ?? raw.remark,
  received: items.length > 0,
  zone: zoneOf(raw.wms_co_id, raw.wh_id),
  items: items.map((line) => ({ ...line, wh_id: raw.wh_id, zone: zoneOf(raw.wms_co_id, raw.wh_id) })),
});

/** An agreement (退款单): what was really received of it, good and defective apart. Goods that go out again in exchange are an order of their own. */
function agreement({ items, ...raw }: Raw): Raw {
  const back = items.filter(({ type }) => type === undefined || type === '' || type === '退货').flatMap(cameBack);
  const days = items.map(({ receive_date }) => receive_date).filter((day) => typeof day === 'string' && day !== '');
  const at = (zone: unknown) => ({ wh_id: zone, zone: zoneOf(raw.wms_co_id, zone) });
  return {
    ...raw,
    io_date: days.sort().at(-1) ?? raw.confirm_date,
    received: back.length > 0,
    ...at(raw.wh_id),
    items: back.map(({ defective, ...line }) => ({ ...line, ...at(defective ? defects : raw.wh_id) })),
  };
}

function cameBack(line: SourceLine): (SourceLine & { defective: boolean })[] {
  const received = toDecimal(line.r_qty);
  const broken = toDecimal(line.defective_qty);
  const agreed = toDecimal(line.qty);
  const { amount, ...rest } = line;
  if (!received) return [{ ...line, defective: false }];
  const parts = [
    { qty: broken ? received.minus(broken) : received, defective: false },
    ...(broken ? [{ qty: broken, defective: true }] : []),
  ];
  return parts
    .filter(({ qty }) => !qty.isZero())
    .map(({ qty, defective }) => ({
      ...rest,
      // What was agreed on is for all pieces: of a part the price tells.
      ...(agreed?.equals(qty) ? { amount } : {}),
      qty: qty.toFixed(),
      defective,
    }));
}

const numbersOf = (query: SourceQuery): string[] =>
  (query.numbers ?? []).map((number) => number.replace(/^A(?=\d)/, ''));
const idsOf = (query: SourceQuery): string[] => numbersOf(query).filter((number) => /^\d{1,18}$/.test(number));

/** `/open/aftersale/received/query`: goods that have come in. */
const receipts: Route = {
  call: '/open/aftersale/received/query',
  reads(query) {
    const { params, keys, shopId } = query;
    if (keys) return chunk(keys.filter(isId), keysACall).map((io_ids) => ({ ...params, io_ids }));
    if (query.numbers)
      return [
        ...chunk(numbersOf(query), keysACall).map((so_ids) => ({ ...params, so_ids })),
        ...chunk(idsOf(query), keysACall).flatMap((some): Wired[] =>
          ['io_ids', 'as_ids', 'o_ids'].map((name) => ({ ...params, [name]: some })),
        ),
      ];
    return [{ ...params, ...(shopId ? { shop_id: shopId } : {}), ...windowOf(query, 4) }];
  },
  record: (row) => toRecord(row, { key: 'io_id', businessTime: ['io_date'], refine: receipt }),
};

/**
 * `jushuitan.refund.list.query` for what the other gateway may not show (淘系). It knows no window but that of `modified`: what came in
 * on a day has been modified since then, so the days up to now are read and the others put aside.
 */
const agreements: Route = {
  call: 'jushuitan.refund.list.query',
  looser: true,
  reads(query, now) {
    const { params, keys, shopId } = query;
    if (keys)
      return chunk(
        keys.filter((key) => /^A\d+$/.test(key)).map((key) => key.slice(1)),
        keysACall,
      ).map((as_ids) => ({ ...params, as_ids }));
    if (query.numbers)
      return [
        ...chunk(numbersOf(query), keysACall).map((so_ids) => ({ ...params, so_ids })),
        ...chunk(idsOf(query), keysACall).flatMap((some): Wired[] =>
          ['as_ids', 'o_ids'].map((name) => ({ ...params, [name]: some })),
        ),
      ];
    return modifiedSince(query, now).map((window) => ({
      ...params,
      ...(shopId ? { shop_id: shopId } : {}),
      ...window,
    }));
  },
  record: (row) =>
    toRecord(row, { key: 'as_id', prefix: 'A', businessTime: ['io_date', 'confirm_date'], refine: agreement }),
};

/** 销售退货: what has really come back. An agreement and a receipt of the same `as_id` are one return. */
export const received: Stream = {
  apis: ['/open/aftersale/received/query', 'jushuitan.refund.list.query'],
  catalogue: streamCatalogue('/open/aftersale/received/query', [], response, 'received'),
  qimen: agreements,
  open: receipts,
  isKey: (key) => /^A?\d{1,19}$/.test(key),
  stateOf: (status) => (status === 'Merged' ? 'cancelled' : stateOf(status)),
  cancelled: [],
  twin: 'as_id',
};
