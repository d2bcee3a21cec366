import { phrase } from '../../phrases.ts';
import { createCatalogue } from '../../sync/catalogue.ts';
import type { Catalogue, Field } from '../../sync/connector.ts';

type Row = readonly [path: string, type: Field['type'], aliases?: readonly string[]];

/**
 * The fields of jushuitan.saleout.list.query. The interface document prints header fields below `items.` and `items.pays.`: those
 * spellings are aliases, and so are the official names of a line's money.
 */
const response: readonly Row[] = [
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

const request: readonly Row[] = [
  ['page_index', 'string'],
  ['page_size', 'string'],
  ['start_time', 'string'],
  ['end_time', 'string'],
  ['status', 'string'],
];

const toField =
  (kind: Field['kind'], section: string) =>
  ([path, type, aliases = []]: Row): Field => {
    const meaning = phrase(`catalogue.jushuitan.${section}.${path.replace('.', '__')}`);
    return { path, aliases, label: meaning.split(/[，(]/, 1)[0] ?? path, type, meaning, kind };
  };

export function jushuitanCatalogue(): Catalogue {
  // Later entries win a name: `status` is the row's, the request's is reached through the parameters of a pipeline.
  return createCatalogue('聚水潭', 'jushuitan.saleout.list.query', [
    ...request.map(toField('request', 'request')),
    ...response.map(toField('model', 'field')),
  ]);
}
