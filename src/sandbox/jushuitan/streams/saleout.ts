import { ioOfO, ioOfSo, ordersOfDay, placeOf, type SandboxOrder, toRow } from '../../orders.ts';
import { type Shop, zones } from '../../shop.ts';
import type { Stream } from '../stream.ts';

/** 销售出库 */
export function saleout({ seed, ordersPerDay, isClean }: Shop): Stream<SandboxOrder> {
  const days = (io: number): Date[] => {
    const place = placeOf(io, ordersPerDay);
    return place ? [place.day] : [];
  };
  return {
    name: 'orders',
    called: { qimen: 'jushuitan.saleout.list.query', open: '/open/orders/out/simple/query' },
    pageSize: 50,
    byIoDate: '2',
    followed: 'start_ts',
    numbers: {
      io_ids: { of: (order) => String(order.io_id), days: (number) => days(Number(number)) },
      so_ids: { of: (order) => order.so_id, days: (number) => days(ioOfSo(number)) },
      o_ids: { of: (order) => String(order.o_id), days: (number) => days(ioOfO(number)) },
    },
    key: 'io_ids',
    filters: {
      status: { of: (order) => order.status },
      shop_id: { of: (order) => String(order.shop.id) },
    },
    archives: true,
    isOn: (order, route) => order.shop.route === route || order.io_id % 50 === 0, // a few are returned by both
    ofDay: (day) => ordersOfDay(day, seed, ordersPerDay, isClean(day)),
    moves: ({ lines, warehouse, ioDate: at }) =>
      lines.map(({ good: { sku }, qty }) => ({ sku, warehouse: warehouse.id, zone: zones.main, quantity: -qty, at })),
    toRow,
  };
}
