import { closeSync, existsSync, fsyncSync, openSync, readFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { Decimal } from '../../decimal.ts';
import { goods, shops, trouble, warehouses } from '../shop.ts';

export interface Bill {
  id: number;
  number: string;
  status: 'A' | 'B' | 'C' | 'D';
  model: Record<string, unknown>;
}

type Event =
  | { kind: 'bill'; bill: Bill }
  | { kind: 'delete'; number: string }
  | ({ kind: 'material' | 'customer' | 'warehouse' } & Datum)
  | { kind: 'stock'; code: string; quantity: number; stock?: string }
  | { kind: 'closed'; day: string };

export interface Datum {
  code: string;
  name: string;
  organizations: string[];
  /** 数据状态; audited (C) where it does not say. */
  status?: 'A' | 'B' | 'C' | 'D';
  /** 禁用 */
  forbidden?: boolean;
}

/** Everything this 金蝶 has accepted: an append-only file, on disk before the answer leaves. */
export class Books {
  readonly bills = new Map<string, Bill>();
  /** Numbers of the bills of a day. */
  readonly #byDay = new Map<string, Set<string>>();
  /** Goes up with every change. */
  version = 0;
  readonly materials = new Map<string, Datum>();
  readonly customers = new Map<string, Datum>();
  readonly stocks = new Map<string, Datum>();
  readonly organizations = new Map<string, Datum>();
  /** What is left of limited goods, by code and stock; other goods never run out. */
  readonly #left = new Map<string, Decimal>();
  /** The closing day (`YYYY-MM-DD`) of both organisations, as somebody set it; nothing is booked on it or before. */
  closed: string | null = null;
  readonly #file: string;
  #lastId = 100_000;

  constructor(dir: string, bills: Iterable<Bill>) {
    const both = ['100', '101'];
    for (const code of both)
      this.organizations.set(code, { code, name: code === '100' ? '青禾贸易' : '青禾西南', organizations: [] });
    for (const { sku, name } of goods) this.materials.set(sku, { code: sku, name, organizations: both });
    this.materials.set(trouble.outOfStock.sku, {
      code: trouble.outOfStock.sku,
      name: trouble.outOfStock.name,
      organizations: both,
    });
    this.materials.set(trouble.notAllocated.sku, {
      code: trouble.notAllocated.sku,
      name: trouble.notAllocated.name,
      organizations: ['999'],
    });
    for (const shop of shops)
      if (shop.customer)
        this.customers.set(shop.customer, { code: shop.customer, name: shop.name, organizations: both });
    for (const { stock, name } of warehouses) this.stocks.set(stock, { code: stock, name, organizations: both });
    this.#stockUp(trouble.outOfStock.sku, 0);
    for (const bill of bills) this.#apply({ kind: 'bill', bill });
    this.#file = join(dir, 'kingdee.jsonl');
    if (existsSync(this.#file)) {
      for (const line of readFileSync(this.#file, 'utf8').split('\n'))
        if (line.endsWith('}')) this.#apply(JSON.parse(line) as Event);
    }
  }

  nextId(): number {
    this.#lastId += 1;
    return this.#lastId;
  }

  record(...events: Event[]): void {
    const file = openSync(this.#file, 'a');
    try {
      writeSync(file, events.map((event) => `${JSON.stringify(event)}\n`).join(''));
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
    for (const event of events) this.#apply(event);
  }

  /** The bills of the days from `first` to `last` (`YYYY-MM-DD`), in the order of their ids. */
  billsBetween(first: string, last: string): Bill[] {
    const numbers = [...this.#byDay].flatMap(([day, some]) => (day >= first && day <= last ? [...some] : []));
    return numbers.flatMap((number) => this.bills.get(number) ?? []).sort((a, b) => a.id - b.id);
  }

  #apply(event: Event): void {
    this.version += 1;
    if (event.kind === 'bill') {
      const before = this.bills.get(event.bill.number);
      this.#fileUnder(before, event.bill);
      this.#moveStock(before, 1);
      this.#moveStock(event.bill, -1);
      this.bills.set(event.bill.number, event.bill);
      this.#lastId = Math.max(this.#lastId, event.bill.id);
    } else if (event.kind === 'delete') {
      this.#fileUnder(this.bills.get(event.number), undefined);
      this.bills.delete(event.number);
    } else if (event.kind === 'stock') this.#stockUp(event.code, event.quantity, event.stock);
    else if (event.kind === 'closed') this.closed = event.day;
    else this.#dataOf(event.kind).set(event.code, event);
  }

  #dataOf(kind: 'material' | 'customer' | 'warehouse'): Map<string, Datum> {
    return { material: this.materials, customer: this.customers, warehouse: this.stocks }[kind];
  }

  #stockUp(code: string, quantity: number, stock?: string): void {
    for (const one of stock ? [stock] : this.stocks.keys()) this.#left.set(place(code, one), new Decimal(quantity));
  }

  /** Undefined for goods that never run out. */
  left(code: string, stock: string): Decimal | undefined {
    return this.#left.get(place(code, stock));
  }

  #fileUnder(before: Bill | undefined, after: Bill | undefined): void {
    if (before) this.#byDay.get(dayOf(before))?.delete(before.number);
    if (!after) return;
    const day = this.#byDay.get(dayOf(after)) ?? new Set();
    this.#byDay.set(dayOf(after), day.add(after.number));
  }

  /** Audited bills take goods out of stock. */
  #moveStock(bill: Bill | undefined, sign: 1 | -1): void {
    if (bill?.status !== 'C') return;
    for (const [where, quantity] of takenBy(bill)) {
      const left = this.#left.get(where);
      if (left) this.#left.set(where, left.plus(quantity.times(sign)));
    }
  }

  /** Whether an audit would take a stock below zero. */
  isShort(bill: Bill): boolean {
    return [...takenBy(bill)].some(([where, quantity]) => this.#left.get(where)?.lt(quantity));
  }
}

const place = (code: string, stock: string): string => `${code}\n${stock}`;

/** What a bill takes out of stock, by place. */
function takenBy(bill: Bill): Map<string, Decimal> {
  const taken = new Map<string, Decimal>();
  for (const line of linesOf(bill.model)) {
    const where = place(codeOf(line.FMaterialID) ?? '', codeOf(line.FStockID) ?? '');
    taken.set(where, (taken.get(where) ?? new Decimal(0)).plus(String(line.FRealQty)));
  }
  return taken;
}

const dayOf = ({ model }: Bill): string => String(model.FDate ?? '').slice(0, 10);

export function linesOf(model: Record<string, unknown>): Record<string, unknown>[] {
  return Array.isArray(model.FEntity) ? (model.FEntity as Record<string, unknown>[]) : [];
}

/** The code of a base-data value, in either spelling. */
export function codeOf(value: unknown): string | null {
  if (value === null || typeof value !== 'object') return null;
  const { FNumber, FNUMBER } = value as { FNumber?: unknown; FNUMBER?: unknown };
  const code = FNumber ?? FNUMBER;
  return code === undefined || code === null || code === '' ? null : String(code);
}
