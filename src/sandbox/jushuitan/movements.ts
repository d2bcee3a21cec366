import { dayMs, toDay, toWall } from '../../shanghai.ts';
import { dayOfNumber, numberOf } from '../numbers.ts';
import { type Good, goods, randomOf, type Shop, warehouses, zones } from '../shop.ts';
import type { Dated, StockMove, Stream } from './stream.ts';

/** One way a document can be; there is one of each every day. What is left out is as usual. */
export interface Kind {
  status?: string;
  zone?: number;
  remark?: string;
  /** It was put in from outside, and carries a number of there. */
  foreign?: true;
  /** Alters the first line. */
  first?: Partial<MovementLine>;
}

/** A document that moves goods in a warehouse; instants in ms. */
export interface Movement<K extends Kind = Kind> extends Dated {
  io_id: number;
  so_id: string;
  kind: K;
  warehouse: (typeof warehouses)[number];
  zone: number;
  lines: MovementLine[];
}

export interface MovementLine {
  good: Good;
  qty: number;
  /** What one costs, in hundredths of a cent. */
  cost: number;
}

/** The documents of a Shanghai day, always the same for the same seed, kind of number and day. */
export function movementsOfDay<K extends Kind>(
  day: Date,
  { seed }: Shop,
  digit: number,
  kinds: readonly K[],
): Movement<K>[] {
  const random = randomOf(seed * 15_485_863 + digit * 99_991 + Math.round((day.getTime() + 8 * 3_600_000) / dayMs));
  const below = (count: number): number => Math.floor(random() * count);
  return kinds.map((kind, index) => {
    const io_id = numberOf(digit, day, index + 1);
    const ioDate = day.getTime() + 8 * 3_600_000 + index * 1_500_000 + below(600_000);
    const lines = Array.from({ length: 1 + below(3) }, (): MovementLine => {
      const good = goods[below(goods.length)] as Good;
      return { good, qty: 1 + below(20), cost: good.price * 55 + below(100) };
    });
    Object.assign(lines[0] ?? {}, kind.first);
    return {
      io_id,
      so_id: kind.foreign ? `W${io_id}` : '',
      kind,
      status: kind.status ?? 'Confirmed',
      warehouse: warehouses[below(2)] as Movement['warehouse'],
      zone: kind.zone ?? zones.main,
      ioDate,
      modified: ioDate + 20_000,
      ts: (ioDate + 20_000) * 10,
      lines,
    };
  });
}

/** What all these documents answer to. */
export const asked = <K extends Kind>(digit: number) =>
  ({
    pageSize: 50,
    numbers: {
      io_ids: { of: ({ io_id }) => String(io_id), days: (number) => dayOfNumber(digit, number) },
      so_ids: { of: ({ so_id }) => so_id, days: (number) => dayOfNumber(digit, number.slice(1)) },
    },
    key: 'io_ids',
    isOn: (_, route) => route === 'open',
  }) satisfies Partial<Stream<Movement<K>>>;

export const headOf = ({
  io_id,
  so_id,
  kind,
  status,
  warehouse,
  zone,
  ...times
}: Movement): Record<string, unknown> => ({
  io_id,
  so_id,
  status,
  io_date: toWall(times.ioDate),
  modified: toWall(times.modified),
  wms_co_id: warehouse.id,
  warehouse: warehouse.name,
  wh_id: zone,
  remark: kind.remark ?? '',
  labels: '',
  creator_name: '仓管',
  sns: [],
});

export const itemOf = ({ io_id }: Movement, { good, qty }: MovementLine, place: number): Record<string, unknown> => ({
  io_id,
  ioi_id: io_id * 10 + place,
  sku_id: good.sku,
  i_id: good.sku.split('-').slice(0, 2).join('-'),
  name: good.name,
  properties_value: '',
  qty,
});

/** What a line costs, in yuan: one to four places, the whole to two. */
export const costOf = ({ qty, cost }: MovementLine): Record<string, unknown> => ({
  cost_price: cost / 10_000,
  cost_amount: Math.round((qty * cost) / 100) / 100,
});

/** Its goods, coming in (1) or going out (-1). */
export const movesOf = ({ lines, warehouse, zone, ioDate: at }: Movement, sign: 1 | -1): StockMove[] =>
  lines.map(({ good: { sku }, qty }) => ({ sku, warehouse: warehouse.id, zone, quantity: qty * sign, at }));

interface Lot {
  number: string;
  product_date: string;
  expiration_date: string;
}

/** The lot of a line; null for goods that have none. */
export function lotOf({ ioDate }: Movement, { good }: MovementLine): Lot | null {
  if (!good.shelfLife) return null;
  const product_date = toDay(ioDate - 10 * dayMs);
  const expiration_date = toDay(ioDate + 170 * dayMs);
  return { number: product_date.replaceAll('-', ''), product_date, expiration_date };
}

/** A lot as most lines tell it. */
export function batchOf(document: Movement, line: MovementLine): Record<string, unknown> {
  const lot = lotOf(document, line);
  if (!lot) return {};
  const { number: batch_id, ...times } = lot;
  return { batch_id, ...times };
}

export const batchsOf = (document: Movement): Record<string, unknown>[] =>
  document.lines.flatMap((line) => {
    const lot = lotOf(document, line);
    if (!lot) return [];
    const { number: batch_no, ...times } = lot;
    return [{ batch_no, sku_id: line.good.sku, qty: line.qty, ...times }];
  });
