import { startOfDay, toWall } from '../../../shanghai.ts';
import { type Good, goods, opening, type Shop, trouble, warehouses, zones } from '../../shop.ts';
import type { Dated, StockMove, Stream } from '../stream.ts';

/** What there is of a good in one warehouse, or in all of them (0). */
interface Balance extends Dated {
  good: Good;
  warehouse: number;
  held: (zone: number) => number;
}

const stocked: readonly Good[] = [...goods, ...Object.values(trouble)];

/**
 * 库存: what was there when the shop was opened, an instant in ms, and what its documents have done since. A row does not say which
 * warehouse it is of.
 */
export const inventory = (shop: Shop, opened: number, movesSince: () => StockMove[]): Stream<Balance> => ({
  name: 'inventory',
  called: { open: '/open/inventory/query' },
  pageSize: 100,
  rows: 'inventorys',
  followed: 'ts',
  live: true,
  numbers: { sku_ids: { of: ({ good }) => good.sku, days: () => [startOfDay(shop.now())] } },
  key: 'sku_ids',
  filters: { wms_co_id: { of: ({ warehouse }) => String(warehouse), unless: '0' } },
  isOn: (_, route) => route === 'open',
  ofDay: () => {
    const moves = movesSince();
    return stocked.flatMap((good) =>
      [0, ...warehouses.map(({ id }) => id)].map((id) => balanceOf(good, id, moves, opened)),
    );
  },
  toRow: ({ good, held, modified, ts }) => ({
    sku_id: good.sku,
    i_id: good.sku.split('-').slice(0, 2).join('-'),
    name: good.name,
    qty: held(zones.main),
    return_qty: held(zones.returned),
    defective_qty: held(zones.defective),
    order_lock: 0,
    pick_lock: 0,
    virtual_qty: 0,
    purchase_qty: 0,
    in_qty: 0,
    lock_qty: 0,
    allocate_qty: 0,
    min_qty: 0,
    max_qty: 0,
    modified: toWall(modified),
    ts,
  }),
});

function balanceOf(good: Good, warehouse: number, moves: readonly StockMove[], opened: number): Balance {
  const own = moves.filter((move) => move.sku === good.sku && (warehouse === 0 || move.warehouse === warehouse));
  const modified = own.reduce((last, { at }) => Math.max(last, at), opened);
  const begun = opening * (warehouse === 0 ? warehouses.length : 1);
  return {
    good,
    warehouse,
    held: (zone) =>
      own.reduce((sum, move) => sum + (move.zone === zone ? move.quantity : 0), zone === zones.main ? begun : 0),
    status: '',
    ioDate: modified,
    modified,
    ts: modified * 10,
  };
}
