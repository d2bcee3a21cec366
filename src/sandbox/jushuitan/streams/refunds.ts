import { toWall } from '../../../shanghai.ts';
import { dayOfNumber } from '../../numbers.ts';
import { moneyOf } from '../../orders.ts';
import { receivedOf, returnNumbers, returnsOfDay, type SandboxReturn } from '../../returns.ts';
import { type Shop, warehouses, zones } from '../../shop.ts';
import type { Dated, Stream } from '../stream.ts';
import { orderNumbers } from './received.ts';

type Refund = SandboxReturn & Dated;

/** 退货退款: what was agreed, of 淘系 shops by Qimen and of the others by Open Platform V2. */
export const refunds = (shop: Shop): Stream<Refund> => ({
  name: 'refunds',
  called: { qimen: 'jushuitan.refund.list.query', open: '/open/refund/single/query' },
  pageSize: 50,
  followed: 'start_ts',
  numbers: {
    as_ids: { of: ({ as_id }) => String(as_id), days: (number) => dayOfNumber(returnNumbers.agreement, number) },
    ...orderNumbers(shop, ({ order }) => order),
  },
  key: 'as_ids',
  filters: {
    status: { of: ({ status }) => status },
    good_status: { of: ({ good_status }) => good_status },
    type: { of: ({ type }) => type },
    shop_id: { of: ({ order }) => String(order?.shop.id ?? '') },
  },
  isOn: ({ order }, route) => (order?.shop.route ?? 'open') === route,
  ofDay: (day) => returnsOfDay(day, shop).map((one) => ({ ...one, ioDate: one.modified, ts: one.modified * 10 })),
  toRow(refund, moneyAsText) {
    const money = moneyOf(moneyAsText);
    const { as_id, order, type, status, good_status, lines } = refund;
    const { id, name } = order?.warehouse ?? warehouses[0];
    const amount = lines.reduce((sum, line) => sum + line.amount, 0);
    return {
      as_id,
      as_date: toWall(refund.agreed),
      outer_as_id: `${as_id}88`,
      o_id: order?.o_id ?? null,
      so_id: order?.so_id ?? '',
      shop_id: order?.shop.id ?? null,
      shop_name: order?.shop.name ?? '',
      type,
      status,
      good_status,
      shop_status: status === 'Cancelled' ? 'CLOSED' : 'SUCCESS',
      order_status: 'Sent',
      question_type: refund.reason,
      remark: '',
      created: toWall(refund.agreed),
      modified: toWall(refund.modified),
      confirm_date: status === 'Confirmed' ? toWall(refund.agreed + 3_600_000) : '',
      ts: String(refund.ts),
      wms_co_id: id,
      wh_id: zones.returned,
      warehouse: name,
      refund: money(amount),
      payment: money(0),
      free_amount: money(0),
      freight: money(0),
      currency: 'CNY',
      items: lines.map((line) => ({
        asi_id: line.asi_id,
        as_id,
        sku_id: line.good.sku,
        i_id: line.good.sku.split('-').slice(0, 2).join('-'),
        name: line.good.name,
        properties_value: '',
        sku_type: line.combo ? 'combine' : 'normal',
        ...(line.combo ? { combine_sku_id: line.combo } : {}),
        type: line.type,
        qty: line.qty,
        r_qty: receivedOf(refund, line),
        defective_qty: receivedOf(refund, line, zones.defective),
        receive_date: receivedOf(refund, line) > 0 ? toWall(refund.receipts.at(-1)?.ioDate ?? 0) : '',
        price: money(Math.round(line.amount / line.qty)),
        amount: money(line.amount),
        shop_amount: money(line.amount),
        is_gift: line.gift,
        remark: '',
      })),
      batchs: [],
      sns: [],
    };
  },
});
