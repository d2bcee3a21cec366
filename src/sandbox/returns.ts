import { dayMs } from '../shanghai.ts';
import { numberOf } from './numbers.ts';
import { ordersOfDay, type SandboxLine, type SandboxOrder } from './orders.ts';
import { type Good, goods, randomOf, type Shop, zones } from './shop.ts';

/** Goods that a buyer and the shop have agreed to take back (售后单), with what came of it; money in cents, instants in ms. */
export interface SandboxReturn {
  as_id: number;
  /** Null for goods that nobody knows the order of (无信息件). */
  order: SandboxOrder | null;
  type: string;
  status: string;
  good_status: string;
  reason: string;
  agreed: number;
  modified: number;
  lines: ReturnLine[];
  receipts: SandboxReceipt[];
}

export interface ReturnLine extends Pick<SandboxLine, 'good' | 'qty' | 'amount' | 'gift' | 'combo'> {
  asi_id: number;
  type: '退货' | '换货' | '补发';
}

/** What came in at once, in one zone of the warehouse. */
export interface SandboxReceipt {
  io_id: number;
  status: string;
  ioDate: number;
  zone: number;
  lines: { line: ReturnLine; qty: number }[];
}

/** As_ids and io_ids of receipts, among the kinds of numbers. */
export const returnNumbers = { agreement: 7, receipt: 1 } as const;
/** Goods come back so many days after they were shipped; or come before, of an order that is shipped the next day only. */
export const daysAfter = 3;
export const daysBefore = 1;

interface Receiving {
  zone?: number;
  status?: string;
  /** How many of so many come. */
  take: (qty: number) => number;
}

interface Kind {
  type?: string;
  status?: string;
  good_status?: string;
  reason?: string;
  /** What the order has to be like. */
  meets?: (order: SandboxOrder) => boolean;
  /** Of an order that is shipped afterwards. */
  early?: true;
  /** Of no order. */
  unknown?: true;
  lines?: (order: SandboxOrder) => SandboxLine[];
  /** What goes out instead, as another order. */
  sends?: '换货' | '补发';
  receipts: readonly Receiving[];
}

const all = (qty: number): number => qty;
const allButOne = (qty: number): number => qty - 1;
const one = (): number => 1;
const several = (order: SandboxOrder): boolean => order.lines.some(({ qty, gift }) => qty > 1 && !gift);
const theSeveral = (order: SandboxOrder): SandboxLine[] => order.lines.filter(({ qty, gift }) => qty > 1 && !gift);
const everything = (order: SandboxOrder): SandboxLine[] => order.lines;

/** Every way in which goods come back, or do not. */
const kinds: readonly Kind[] = [
  { receipts: [{ take: all }] },
  { meets: several, lines: theSeveral, receipts: [{ take: allButOne }] },
  { meets: several, lines: theSeveral, receipts: [{ take: one }, { take: allButOne }] },
  {
    meets: several,
    lines: theSeveral,
    reason: '质量问题',
    receipts: [{ take: allButOne }, { zone: zones.defective, take: one }],
  },
  { meets: ({ lines }) => lines.some(({ combo }) => combo), lines: everything, receipts: [{ take: all }] },
  { meets: ({ lines }) => lines.some(({ gift }) => gift), lines: everything, receipts: [{ take: all }] },
  { type: '仅退款', good_status: 'BUYER_RECEIVED', reason: '少件', receipts: [] },
  { status: 'Cancelled', good_status: 'BUYER_RECEIVED', receipts: [] },
  { status: 'Merged', good_status: 'BUYER_RECEIVED', receipts: [] },
  { good_status: 'BUYER_RETURNED_GOODS', receipts: [{ status: 'Cancelled', take: all }] },
  { type: '拒收退货', reason: '拒收', early: true, receipts: [{ take: all }] },
  { type: '其它', reason: '', unknown: true, receipts: [{ take: all }] },
  { type: '换货', reason: '发错货', sends: '换货', receipts: [{ take: all }] },
  { type: '补发', good_status: 'BUYER_RECEIVED', reason: '少件', lines: () => [], sends: '补发', receipts: [] },
  { good_status: 'BUYER_RETURNED_GOODS', receipts: [{ status: 'WaitConfirm', take: all }] },
  { receipts: [{ status: 'Archive', take: all }] },
];

/**
 * What came back on one Shanghai day, always the same for the same seed and day: of orders that went out with nothing wrong, of the two
 * routes by turns.
 */
export function returnsOfDay(day: Date, { seed, ordersPerDay, returnsPerDay, isClean }: Shop): SandboxReturn[] {
  const dayNumber = Math.round((day.getTime() + 8 * 3_600_000) / dayMs);
  const random = randomOf(seed * 104_729 + dayNumber);
  const soundOf = (days: number): SandboxOrder[] => {
    const shipped = new Date(day.getTime() + days * dayMs);
    return ordersOfDay(shipped, seed, ordersPerDay, isClean(shipped)).filter(isSound);
  };
  const [before, after] = [soundOf(-daysAfter), soundOf(daysBefore)];
  const used = new Set<SandboxOrder>();
  return Array.from({ length: returnsPerDay }, (_, index) => {
    const kind = kinds[index % kinds.length] as Kind;
    const route = (index + dayNumber) % 2 ? 'qimen' : 'open';
    const fit = (kind.early ? after : before).filter((order) => !used.has(order) && (kind.meets?.(order) ?? true));
    const order = kind.unknown ? null : (fit.find(({ shop }) => shop.route === route) ?? fit[0] ?? null);
    if (order) used.add(order);
    else if (!kind.unknown) return null;
    const at = day.getTime() + Math.floor(8 * 3_600_000 + ((index + random()) / returnsPerDay) * 10 * 3_600_000);
    const stray = goods[Math.floor(random() * goods.length)] as Good;
    return returnOf(kind, order, stray, day, index, at);
  }).filter((one) => one !== null);
}

const isSound = ({ status, shop, lines }: SandboxOrder): boolean =>
  status === 'Confirmed' &&
  shop.customer !== null &&
  lines.length > 0 &&
  lines.every(({ good, qty }) => goods.includes(good) && qty > 0);

function returnOf(
  kind: Kind,
  order: SandboxOrder | null,
  stray: Good,
  day: Date,
  index: number,
  at: number,
): SandboxReturn {
  const as_id = numberOf(returnNumbers.agreement, day, index);
  const chosen: SandboxLine[] = order
    ? (kind.lines ?? ((one) => one.lines.slice(0, 1)))(order)
    : [{ ioi_id: 0, good: stray, qty: 1, amount: 0, gift: false }];
  const back = chosen.map((line, place): ReturnLine => ({ ...line, asi_id: as_id * 10 + place, type: '退货' }));
  const { sends } = kind;
  const sent = sends ? [{ asi_id: as_id * 10 + 9, good: stray, qty: 1, amount: 0, gift: false, type: sends }] : [];
  const receipts = kind.receipts.map(
    ({ zone = zones.returned, status = 'Confirmed', take }, place): SandboxReceipt => ({
      io_id: numberOf(returnNumbers.receipt, day, index * 10 + place),
      status,
      ioDate: at + place * 4 * 3_600_000,
      zone,
      lines: back.map((line) => ({ line, qty: take(line.qty) })),
    }),
  );
  return {
    as_id,
    order,
    type: kind.type ?? '普通退货',
    status: kind.status ?? 'Confirmed',
    good_status: kind.good_status ?? 'SELLER_RECEIVED',
    reason: kind.reason ?? '7天无理由',
    agreed: at - 26 * 3_600_000,
    modified: (receipts.at(-1)?.ioDate ?? at) + 60_000,
    lines: [...back, ...sent],
    receipts,
  };
}

/** How many of a line have come, those that are no good included. */
export const receivedOf = ({ receipts }: SandboxReturn, line: ReturnLine, zone?: number): number =>
  receipts
    .filter(({ status, ...one }) => ['Confirmed', 'Archive'].includes(status) && (zone ?? one.zone) === one.zone)
    .flatMap(({ lines }) => lines)
    .reduce((sum, { line: own, qty }) => sum + (own === line ? qty : 0), 0);
