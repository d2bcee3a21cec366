import { chunk } from '../../../chunk.ts';
import type { SourceQuery } from '../../../sync/connector.ts';
import { isId, toRecord } from './row.ts';
import { type FieldRow, type Route, type Stream, stateOf, streamCatalogue, type Wired } from './stream.ts';
import { keysACall, windowOf } from './wire.ts';

/**
 * The fields of jushuitan.saleout.list.query. The interface document prints header fields below `items.` and `items.pays.`: those
 * spellings are aliases, and so are the official names of a line's money.
 */
const response: readonly FieldRow[] = [
  ['co_id', 'string'],
  ['f_freight', 'number'],
  ['f_weight', 'number'],
  ['free_amount', 'number'],
  ['freight', 'number'],
  ['is_cod', 'bool'],
  ['items', 'array'],
  ['items.amount', 'number', ['items.sale_amount']],
  ['items.base_price', 'number', ['items.sale_base_price']],
  ['items.i_id', 'string'],
  ['items.is_gift', 'bool'],
  ['items.is_presale', 'bool'],
  ['items.item_status', 'string'],
  ['items.name', 'string'],
  ['items.oi_id', 'string'],
  ['items.outer_oi_id', 'string'],
  ['items.pic', 'string'],
  ['items.price', 'number', ['items.sale_price']],
  ['items.properties_value', 'string'],
  ['items.qty', 'number'],
  ['items.raw_so_id', 'string'],
  ['items.shop_i_id', 'string'],
  ['items.shop_sku_id', 'string'],
  ['items.sku_id', 'string'],
  ['items.sku_type', 'string'],
  ['labels', 'string', ['items.labels']],
  ['modified', 'string', ['items.modified']],
  ['o_id', 'string', ['items.o_id']],
  ['oaid', 'string', ['items.oaid']],
  ['open_id', 'string', ['items.open_id']],
  ['order_date', 'string', ['items.order_date']],
  ['order_from', 'string', ['items.order_from']],
  ['paid_amount', 'number', ['items.paid_amount']],
  ['pay_amount', 'number', ['items.pay_amount']],
  ['pay_date', 'string', ['items.pay_date']],
  ['pays', 'array', ['items.pays']],
  ['pays.amount', 'number', ['items.pays.amount']],
  ['pays.buyer_account', 'string', ['items.pays.buyer_account']],
  ['pays.is_order_pay', 'bool', ['items.pays.is_order_pay']],
  ['pays.outer_pay_id', 'string', ['items.pays.outer_pay_id']],
  ['pays.pay_date', 'string', ['items.pays.pay_date']],
  ['pays.pay_id', 'string', ['items.pays.pay_id']],
  ['pays.payment', 'string', ['items.pays.payment']],
  ['pays.status', 'string', ['items.pays.status']],
  ['question_type', 'string', ['items.pays.question_type']],
  ['receiver_city', 'string', ['items.pays.receiver_city']],
  ['receiver_district', 'string', ['items.pays.receiver_district']],
  ['receiver_state', 'string', ['items.pays.receiver_state']],
  ['referrer_id', 'string', ['items.pays.referrer_id']],
  ['referrer_name', 'string', ['items.pays.referrer_name']],
  ['seller_flag', 'string', ['items.pays.seller_flag']],
  ['send_date', 'string', ['items.pays.send_date']],
  ['shop_buyer_id', 'string', ['items.pays.shop_buyer_id']],
  ['shop_id', 'string', ['items.pays.shop_id']],
  ['shop_name', 'string', ['items.pays.shop_name']],
  ['shop_status', 'string', ['items.pays.shop_status']],
  ['so_id', 'string', ['items.pays.so_id']],
  ['status', 'string', ['items.pays.status']],
  ['type', 'string', ['items.pays.type']],
  ['weight', 'number', ['items.pays.weight']],
  ['wms_co_id', 'string', ['items.pays.wms_co_id']],
  ['io_id', 'string', ['items.pays.io_id']],
  // Not in that document, but in every row of both routes (official field table of the outbound query).
  ['io_date', 'string'],
  ['order_type', 'string'],
  ['merge_so_id', 'string'],
  ['l_id', 'string'],
  ['lc_id', 'string'],
  ['logistics_company', 'string'],
  ['remark', 'string'],
  ['buyer_message', 'string'],
  ['warehouse', 'string'],
  ['items.ioi_id', 'string'],
  ['items.combine_sku_id', 'string'],
  ['items.unit', 'string'],
  ['items.batch_id', 'string'],
  ['items.product_date', 'string'],
  ['items.expiration_date', 'string'],
];

const request: readonly FieldRow[] = [
  ['page_index', 'string'],
  ['page_size', 'string'],
  ['start_time', 'string'],
  ['end_time', 'string'],
  ['status', 'string'],
];

/** Archived documents are shipped ones, and answered only when they are asked for. */
const archived = { status: 'Archive', archive: true };

function reads(query: SourceQuery): Wired[] {
  const { params, keys, numbers = [], shopId, statuses } = query;
  // A number somebody says may be any of three; the ids among them are whole numbers of at most 18 digits.
  const ids = numbers.filter((number) => /^\d{1,18}$/.test(number));
  const named: Wired[] = keys
    ? chunk(keys.filter(isId), keysACall).map((io_ids) => ({ io_ids }))
    : [
        ...chunk(numbers, keysACall).map((so_ids) => ({ so_ids })),
        ...chunk(ids, keysACall).flatMap((some): Wired[] => [{ io_ids: some }, { o_ids: some }]),
      ];
  if (keys || query.numbers)
    return named.flatMap((one) => [
      { ...params, ...one },
      { ...params, ...one, ...archived },
    ]);
  const window = { ...params, ...(shopId ? { shop_id: shopId } : {}), ...windowOf(query, 2) };
  // What is followed by its changes was read before it was archived.
  const shipped = statuses.includes('Confirmed') || (statuses.length === 0 && query.by === 'io_date');
  return [
    ...(statuses.length > 0 ? statuses.map((status) => ({ ...window, status })) : [window]),
    ...(shipped ? [{ ...window, ...archived }] : []),
  ];
}

const route = (call: string): Route => ({
  call,
  reads,
  record: (row) => toRecord(row, { key: 'io_id', businessTime: ['io_date', 'send_date'] }),
});

/** 销售出库 */
export const saleout: Stream = {
  apis: ['jushuitan.saleout.list.query', '/open/orders/out/simple/query'],
  catalogue: streamCatalogue('jushuitan.saleout.list.query', request, response),
  qimen: route('jushuitan.saleout.list.query'),
  open: route('/open/orders/out/simple/query'),
  isKey: isId,
  stateOf,
  cancelled: ['Cancelled'],
};
