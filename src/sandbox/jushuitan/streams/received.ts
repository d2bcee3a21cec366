import { dayMs, toDay, toWall } from '../../../shanghai.ts';
import { dayOfNumber } from '../../numbers.ts';
import { ioOfO, ioOfSo, moneyOf, placeOf } from '../../orders.ts';
import {
  daysAfter,
  daysBefore,
  returnNumbers,
  returnsOfDay,
  type SandboxReceipt,
  type SandboxReturn,
} from '../../returns.ts';
import { type Shop, warehouses } from '../../shop.ts';
import type { Dated, Stream } from '../stream.ts';

interface Receipt extends Omit<SandboxReceipt, 'zone'>, Dated {
  zone: number;
  of: SandboxReturn;
}

/** 实际收货: what came back of orders that are not of 淘系. */
export const received = (shop: Shop): Stream<Receipt> => ({
  name: 'received',
  called: { open: '/open/aftersale/received/query' },
  pageSize: 50,
  byIoDate: '4',
  followed: 'start_ts',
  numbers: {
    io_ids: { of: ({ io_id }) => String(io_id), days: (number) => dayOfNumber(returnNumbers.receipt, number) },
    as_ids: { of: ({ of }) => String(of.as_id), days: (number) => dayOfNumber(returnNumbers.agreement, number) },
    ...orderNumbers(shop, ({ of }) => of.order),
  },
  key: 'io_ids',
  filters: { shop_id: { of: ({ of }) => String(of.order?.shop.id ?? '') } },
  isOn: ({ of }) => of.order?.shop.route !== 'qimen',
  ofDay: (day) =>
    returnsOfDay(day, shop).flatMap((of) =>
      of.receipts.map((receipt) => {
        const modified = receipt.ioDate + 30_000;
        return { ...receipt, of, modified, ts: modified * 10 };
      }),
    ),
  moves: ({ lines, zone, ioDate: at, of }) => {
    const warehouse = of.order?.warehouse.id ?? warehouses[0].id;
    return lines.map(({ line, qty: quantity }) => ({ sku: line.good.sku, warehouse, zone, quantity, at }));
  },
  toRow(receipt, moneyAsText) {
    const money = moneyOf(moneyAsText);
    const { io_id, of, zone, lines } = receipt;
    const { order } = of;
    const { id, name } = order?.warehouse ?? warehouses[0];
    const made = toDay(receipt.ioDate - 30 * dayMs);
    return {
      io_id,
      o_id: order?.o_id ?? null,
      so_id: order?.so_id ?? '',
      as_id: of.as_id,
      shop_id: order?.shop.id ?? null,
      type: '销售退货',
      status: receipt.status,
      io_date: toWall(receipt.ioDate),
      modified: toWall(receipt.modified),
      ts: receipt.ts,
      wms_co_id: id,
      wh_id: zone,
      warehouse: name,
      l_id: `YT${io_id}`,
      lc_id: 'YTO',
      logistics_company: '圆通速递',
      creator_name: '仓管',
      aftersale_remark: of.reason,
      items: lines.map(({ line, qty }, place) => ({
        io_id,
        ioi_id: String(io_id * 10 + place),
        sku_id: line.good.sku,
        i_id: line.good.sku.split('-').slice(0, 2).join('-'),
        name: line.good.name,
        properties_value: '',
        unit: '件',
        qty,
        sale_price: money(Math.round(line.amount / line.qty)),
        sale_amount: money(Math.round((line.amount * qty) / line.qty)),
      })),
      batchs: lines.flatMap(({ line, qty }, place) =>
        line.good.shelfLife
          ? [
              {
                ioi_id: io_id * 10 + place,
                sku_id: line.good.sku,
                qty,
                batch_no: made.replaceAll('-', ''),
                product_date: made,
              },
            ]
          : [],
      ),
      sns: [],
    };
  },
});

/** Numbers of the order that goods came back of, and the days on which they may have come. */
export function orderNumbers<D extends Dated>(
  { ordersPerDay }: Shop,
  orderOf: (document: D) => SandboxReturn['order'],
): Stream<D>['numbers'] {
  const days = (io: number): Date[] => {
    const place = placeOf(io, ordersPerDay);
    return place ? [daysAfter, -daysBefore].map((days) => new Date(place.day.getTime() + days * dayMs)) : [];
  };
  return {
    so_ids: { of: (document) => orderOf(document)?.so_id ?? '', days: (number) => days(ioOfSo(number)) },
    o_ids: { of: (document) => String(orderOf(document)?.o_id ?? ''), days: (number) => days(ioOfO(number)) },
  };
}
