import { closeSync, existsSync, fsyncSync, openSync, readFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { trouble } from '../shop.ts';
import { type Bill, Bills } from './bill.ts';
import { type Datum, openingData, type Reference } from './datum.ts';
import { forms } from './forms/forms.ts';
import { Stock } from './stock.ts';

/** How this 金蝶 has been set up, where that differs from one tenant to the next. */
export interface Rules {
  /** Coding rules that keep their own numbers, whatever number is sent. */
  ownNumbers: boolean;
  /** A batch with one bad bill is refused whole, and only that bill is named. */
  wholeBatches: boolean;
  /** Bills that can be of an order must be of one. */
  linkedOrders: boolean;
}

type Event =
  | { kind: 'bill'; bill: Bill }
  | { kind: 'delete'; form: string; number: string }
  | ({ kind: Reference } & Datum)
  | { kind: 'stock'; code: string; quantity: number; stock?: string }
  | { kind: 'closed'; day: string }
  | { kind: 'rules'; rules: Partial<Rules> };

/** Everything this 金蝶 has accepted: an append-only file, on disk before the answer leaves. */
export class Books {
  readonly #bills = new Map([...forms.keys()].map((form) => [form, new Bills()]));
  /** Goes up with every change. */
  version = 0;
  readonly data: Readonly<Record<Reference, Map<string, Datum>>>;
  readonly stock = new Stock();
  readonly rules: Rules = { ownNumbers: false, wholeBatches: false, linkedOrders: false };
  /** The closing day (`YYYY-MM-DD`) of both organisations, as somebody set it; nothing is booked on it or before. */
  closed: string | null = null;
  readonly #file: string;
  #lastId = 100_000;

  constructor(dir: string, bills: Iterable<Bill>) {
    this.data = openingData();
    this.stock.count(trouble.outOfStock.sku, 0, this.data.warehouse.keys());
    for (const bill of bills) this.#apply({ kind: 'bill', bill });
    this.#file = join(dir, 'kingdee.jsonl');
    if (existsSync(this.#file)) {
      for (const line of readFileSync(this.#file, 'utf8').split('\n'))
        if (line.endsWith('}')) this.#apply(readEvent(line));
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

  /** The bills of a form; none where there is no such form. */
  bills(form: string): Bills {
    return this.#bills.get(form) ?? new Bills();
  }

  #apply(event: Event): void {
    this.version += 1;
    switch (event.kind) {
      case 'bill':
        this.#replace(event.bill.form, event.bill.number, event.bill);
        this.#lastId = Math.max(this.#lastId, event.bill.id);
        break;
      case 'delete':
        this.#replace(event.form, event.number, null);
        break;
      case 'stock':
        this.stock.count(event.code, event.quantity, event.stock ? [event.stock] : this.data.warehouse.keys());
        break;
      case 'closed':
        this.closed = event.day;
        break;
      case 'rules':
        Object.assign(this.rules, event.rules);
        break;
      default:
        this.data[event.kind].set(event.code, event);
    }
  }

  #replace(id: string, number: string, after: Bill | null): void {
    const form = forms.get(id);
    const bills = this.bills(id);
    if (!form) return;
    const before = bills.get(number);
    if (before?.status === 'C') this.stock.move(form, before, -1);
    if (after?.status === 'C') this.stock.move(form, after, 1);
    if (after) bills.put(after);
    else bills.delete(number);
  }
}

/** Files of before there were other forms name none. */
function readEvent(line: string): Event {
  const event = JSON.parse(line) as Event;
  if (event.kind === 'bill') return { ...event, bill: { ...event.bill, form: event.bill.form ?? 'SAL_OUTSTOCK' } };
  return event.kind === 'delete' ? { ...event, form: event.form ?? 'SAL_OUTSTOCK' } : event;
}
