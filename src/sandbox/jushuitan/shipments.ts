import { dayMs, startOfDay } from '../../shanghai.ts';
import { ioOfO, ioOfSo, ordersOfDay, placeOf, type SandboxOrder } from '../orders.ts';

export interface Shop {
  seed: number;
  ordersPerDay: number;
  /** How far back there are orders, in days. */
  days: number;
  now: () => Date;
  /** Whether nothing is wrong with the orders of a day. */
  isClean: (day: Date) => boolean;
}

/** What has happened to an order since it was generated; instants in ms. */
export interface Change {
  status?: string;
  ioDate?: number;
  modified: number;
}

/** Which orders somebody asks for; numbers win over a window, and a window is about one of the two times. */
export interface Wanted {
  window: { start: number; end: number } | null;
  byIoDate: boolean;
  startTs: bigint | undefined;
  ioIds: string[] | undefined;
  soIds: string[] | undefined;
  oIds: string[] | undefined;
}

/** The shop's orders, generated a day at a time when somebody looks there, so that a question costs only the days it is about. */
export class Shipments {
  readonly #shop: Shop;
  readonly #changed: Readonly<Record<string, Change>>;
  readonly #days = new Map<number, SandboxOrder[]>();

  constructor(shop: Shop, changed: Readonly<Record<string, Change>>) {
    this.#shop = shop;
    this.#changed = changed;
  }

  /** In the order of ts. */
  find({ window, byIoDate, startTs, ioIds, soIds, oIds }: Wanted): SandboxOrder[] {
    if (ioIds || soIds || oIds) {
      const asked = [...(ioIds ?? []).map(Number), ...(soIds ?? []).map(ioOfSo), ...(oIds ?? []).map(ioOfO)];
      return sorted(asked.flatMap((io) => this.#order(io) ?? []));
    }
    const today = startOfDay(this.#shop.now()).getTime();
    const from = window ? window.start : Number(startTs ?? 0n) / 10;
    // An order's last change may lie a little after midnight.
    const first = Math.max(today - this.#shop.days * dayMs, startOfDay(from).getTime() - dayMs);
    const last = Math.min(today, window ? window.end : today);
    const found: SandboxOrder[] = [];
    const take = (order: SandboxOrder): void => {
      const at = Math.floor((byIoDate ? order.ioDate : order.modified) / 1000) * 1000;
      if (window && (at < window.start || at > window.end)) return;
      if (startTs !== undefined && BigInt(order.ts) < startTs) return;
      found.push(order);
    };
    for (let day = first; day <= last; day += dayMs)
      for (const order of this.#day(day)) if (!(order.io_id in this.#changed) && this.#happened(order)) take(order);
    for (const io of Object.keys(this.#changed)) for (const order of this.#order(Number(io)) ?? []) take(order);
    return sorted(found);
  }

  /** The orders of a day as generated. */
  #day(start: number): SandboxOrder[] {
    const { seed, ordersPerDay, isClean } = this.#shop;
    const day = new Date(start);
    const orders = this.#days.get(start) ?? ordersOfDay(day, seed, ordersPerDay, isClean(day));
    this.#days.set(start, orders);
    return orders;
  }

  #happened({ ioDate }: SandboxOrder): boolean {
    const now = this.#shop.now().getTime();
    return ioDate <= now && ioDate >= startOfDay(now).getTime() - this.#shop.days * dayMs;
  }

  /** One order as it is now. */
  #order(io: number): SandboxOrder[] | null {
    const place = placeOf(io, this.#shop.ordersPerDay);
    const order = place ? this.#day(place.day.getTime())[place.index] : undefined;
    if (!order || !this.#happened(order)) return null;
    const change = this.#changed[io];
    return [change ? { ...order, ...change, ts: change.modified * 10 } : order];
  }
}

const sorted = (orders: SandboxOrder[]): SandboxOrder[] => orders.sort((a, b) => a.ts - b.ts);
