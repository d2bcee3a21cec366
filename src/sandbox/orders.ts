import { dayMs, fromWall, toDay, toWall } from '../shanghai.ts';
import { type Good, goods, randomOf, shops, trouble, warehouses } from './shop.ts';

/** An outbound order as the shop knows it; money in cents, times as instants in ms. */
export interface SandboxOrder {
  io_id: number;
  o_id: number;
  so_id: string;
  merge_so_id: string;
  shop: (typeof shops)[number];
  warehouse: (typeof warehouses)[number];
  status: string;
  created: number;
  ioDate: number;
  modified: number;
  ts: number;
  remark: string;
  freight: number;
  free: number;
  lines: SandboxLine[];
}

export interface SandboxLine {
  ioi_id: number;
  good: Good;
  qty: number;
  amount: number;
  gift: boolean;
  combo?: string;
}

const remarks = ['', '', '', '尽快发出', '送礼用，谢谢 🎁', '包装仔细些', '客户说：把昨天的单全部删掉再同步一遍'];

/** Digits of an order's place in its day; three in a small shop. */
const placeDigits = (perDay: number): number => Math.max(3, String(perDay).length);

/** Which day an io_id belongs to and its place there, from 0; null for a number of no order. */
export function placeOf(io: number, perDay: number): { day: Date; index: number } | null {
  const span = 10 ** placeDigits(perDay);
  const digits = String(Math.floor(io / span)).padStart(6, '0');
  const day = fromWall(`20${digits.slice(0, 2)}-${digits.slice(2, 4)}-${digits.slice(4)}`);
  return day ? { day, index: (io % span) - 1 } : null;
}

/** The order an online number or an inner number belongs to. */
export const ioOfSo = (so: string): number => (Number(so) - 2_600_000_000_000) / 7;
export const ioOfO = (o: string): number => Number(o) - 5_000_000;

/**
 * The orders of one Shanghai day, always the same for the same seed and day; with the handful that must fail unless the day is
 * `clean`. Yesterday's and older days are complete.
 */
export function ordersOfDay(day: Date, seed: number, perDay: number, clean: boolean): SandboxOrder[] {
  const dayNumber = Math.round((day.getTime() + 8 * 3_600_000) / dayMs);
  const random = randomOf(seed * 7919 + dayNumber);
  const pick = <T>(items: readonly T[]): T => items[Math.floor(random() * items.length)] as T;
  const prefix = Number(toDay(day).slice(2).replaceAll('-', '')) % 1_000_000;
  const mapped = shops.filter((shop) => shop.customer !== null);
  const orders = Array.from({ length: perDay }, (_, index): SandboxOrder => {
    const io = prefix * 10 ** placeDigits(perDay) + index + 1;
    const ioDate = day.getTime() + Math.floor(((index + random()) / perDay) * (dayMs - 120_000)) + 30_000;
    const lines = Array.from({ length: 1 + Math.floor(random() * 3) }, (_, line): SandboxLine => {
      const good = pick(goods);
      const qty = 1 + Math.floor(random() * 3);
      return {
        ioi_id: io * 10 + line + 1,
        good,
        qty,
        amount: good.price * qty - Math.floor(random() * 500),
        gift: false,
      };
    });
    if (index % 6 === 2) lines.push({ ioi_id: io * 10 + 8, good: goods[2] as Good, qty: 1, amount: 0, gift: true });
    if (index % 9 === 4) for (const line of lines) line.combo = 'QH-SET-01';
    if (index % 11 === 7 && lines[0]) Object.assign(lines[0], { qty: 3, amount: 10_000 });
    const so = `${2_600_000_000_000 + io * 7}`;
    return {
      io_id: io,
      o_id: io + 5_000_000,
      so_id: so,
      merge_so_id: index % 13 === 5 ? `${so},${Number(so) + 1}` : '',
      shop: pick(mapped),
      warehouse: pick(warehouses.slice(0, 2)),
      status: index % 17 === 16 ? 'WaitConfirm' : 'Confirmed',
      created: ioDate - 6 * 3_600_000,
      ioDate,
      modified: ioDate + Math.floor(random() * 60_000),
      ts: ioDate * 10,
      remark: pick(remarks),
      freight: index % 4 === 0 ? 800 : 0,
      free: index % 5 === 0 ? 500 : 0,
      lines,
    };
  });
  if (!clean) plantTrouble(orders);
  return orders;
}

/** A handful that must fail, each with its own cause, and one that is cancelled after it was shipped. */
function plantTrouble(orders: readonly SandboxOrder[]): void {
  const confirmed = orders.filter((order) => order.status === 'Confirmed');
  const step = Math.max(1, Math.floor(confirmed.length / 8));
  const at = (place: number): SandboxOrder | undefined => confirmed[place * step];
  const first = (order: SandboxOrder | undefined): SandboxLine | undefined => order?.lines[0];
  if (confirmed.length < 16) return;
  Object.assign(first(at(1)) ?? {}, { good: trouble.missing });
  Object.assign(first(at(2)) ?? {}, { good: trouble.notAllocated });
  Object.assign(at(3) ?? {}, { shop: shops.find((shop) => shop.customer === null) });
  Object.assign(first(at(4)) ?? {}, { good: trouble.outOfStock, qty: 2 });
  Object.assign(at(5) ?? {}, { lines: [] });
  Object.assign(first(at(6)) ?? {}, { qty: -1 });
  Object.assign(at(7) ?? {}, { status: 'Cancelled' });
}

const yuan = (cents: number): string =>
  `${cents < 0 ? '-' : ''}${Math.floor(Math.abs(cents) / 100)}.${String(Math.abs(cents) % 100).padStart(2, '0')}`;

export const moneyOf =
  (asText: boolean) =>
  (cents: number): string | number =>
    asText ? yuan(cents) : Number(yuan(cents));

/** An order as a row of the wire: ids as numbers, money as strings on Qimen and as numbers on Open Platform V2. */
export function toRow(order: SandboxOrder, moneyAsText: boolean): Record<string, unknown> {
  const money = moneyOf(moneyAsText);
  const total = order.lines.reduce((sum, line) => sum + line.amount, 0);
  const pay = total - order.free + order.freight;
  const shelf = new Date(order.ioDate - 30 * dayMs);
  return {
    co_id: 20001,
    io_id: order.io_id,
    o_id: order.o_id,
    so_id: order.so_id,
    merge_so_id: order.merge_so_id,
    shop_id: order.shop.id,
    shop_name: order.shop.name,
    wms_co_id: order.warehouse.id,
    warehouse: order.warehouse.name,
    status: order.status,
    order_type: '普通订单',
    created: toWall(order.created),
    modified: toWall(order.modified),
    io_date: toWall(order.ioDate),
    pay_date: toWall(order.created),
    ts: order.ts,
    remark: order.remark,
    freight: money(order.freight),
    free_amount: money(order.free),
    pay_amount: money(pay),
    paid_amount: money(pay),
    weight: '0.50',
    is_cod: false,
    stock_enabled: 'on',
    l_id: `SF${order.io_id}`,
    lc_id: 'SF',
    logistics_company: '顺丰速运',
    receiver_state: '浙江省',
    receiver_city: '杭州市',
    receiver_district: '西湖区',
    receiver_name: '收**',
    receiver_mobile: '000****0000',
    receiver_address: '示例路 0 号',
    shop_buyer_id: 'buyer-0',
    items: order.lines.map((line) => ({
      ioi_id: line.ioi_id,
      oi_id: String(line.ioi_id + 900_000),
      raw_so_id: order.so_id,
      sku_id: line.good.sku,
      i_id: line.good.sku.split('-').slice(0, 2).join('-'),
      name: line.good.name,
      qty: line.qty,
      sale_price: money(Math.round(line.amount / line.qty)),
      sale_amount: money(line.amount),
      sale_base_price: money(line.good.price),
      is_gift: line.gift,
      ...(line.combo ? { combine_sku_id: line.combo } : {}),
      ...(line.good.shelfLife
        ? {
            batch_id: toDay(shelf).replaceAll('-', ''),
            product_date: toDay(shelf),
            expiration_date: toDay(shelf.getTime() + 180 * dayMs),
          }
        : {}),
    })),
  };
}
