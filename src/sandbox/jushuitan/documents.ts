import { dayMs, startOfDay } from '../../shanghai.ts';
import type { Shop } from '../shop.ts';
import type { Dated, Stream } from './stream.ts';

/** What has happened to a document since it was generated: fields as its stream names them, and when (ms). */
export type Change = Partial<Dated> & { modified: number };

/** Which documents somebody asks for; numbers win over a window, and a window is about one of the two times. */
export interface Wanted {
  window: { start: number; end: number } | null;
  byIoDate: boolean;
  startTs: bigint | undefined;
  /** By the names of the stream. */
  numbers: ReadonlyMap<string, readonly string[]>;
}

/** A stream's documents, generated a day at a time when somebody looks there, so that a question costs only the days it is about. */
export class Documents<D extends Dated> {
  readonly #shop: Shop;
  readonly #stream: Stream<D>;
  readonly #changed: Readonly<Record<string, Change>>;
  /** By day and own number. */
  readonly #days = new Map<number, ReadonlyMap<string, D[]>>();

  constructor(shop: Shop, stream: Stream<D>, changed: Readonly<Record<string, Change>>) {
    this.#shop = shop;
    this.#stream = stream;
    this.#changed = changed;
  }

  /** In the order of ts. */
  find({ window, byIoDate, startTs, numbers }: Wanted): D[] {
    if (numbers.size > 0) return sorted(this.#numbered(numbers));
    const today = startOfDay(this.#shop.now()).getTime();
    const from = window ? window.start : Number(startTs ?? 0n) / 10;
    // A document's last change may lie a little after midnight.
    const earliest = Math.max(today - this.#shop.days * dayMs, startOfDay(from).getTime() - dayMs);
    const [first, last] = this.#stream.live ? [today, today] : [earliest, Math.min(today, window?.end ?? today)];
    const found: D[] = [];
    const take = (document: D): void => {
      const at = Math.floor((byIoDate ? document.ioDate : document.modified) / 1000) * 1000;
      if (window && (at < window.start || at > window.end)) return;
      if (startTs !== undefined && BigInt(document.ts) < startTs) return;
      found.push(document);
    };
    for (let day = first; day <= last; day += dayMs)
      for (const [key, documents] of this.#day(day))
        if (!(key in this.#changed)) for (const document of documents) if (this.#happened(document)) take(document);
    for (const key of Object.keys(this.#changed))
      for (const document of this.#numbered(new Map([[this.#stream.key, [key]]]))) take(document);
    return sorted(found);
  }

  /** Those of these numbers, as they are now. */
  #numbered(asked: ReadonlyMap<string, readonly string[]>): D[] {
    const found = new Set<D>();
    for (const [name, numbers] of asked)
      for (const number of new Set(numbers))
        for (const document of this.#ofNumber(name, number)) if (this.#happened(document)) found.add(document);
    return [...found].map((document) => {
      const change = this.#changed[this.#keyOf(document)];
      return change ? { ...document, ...change, ts: change.modified * 10 } : document;
    });
  }

  #ofNumber(name: string, number: string): D[] {
    const known = this.#stream.numbers[name];
    return (known?.days(number) ?? []).flatMap((day) => {
      const documents = this.#day(day.getTime());
      if (name === this.#stream.key) return documents.get(number) ?? [];
      return [...documents.values()].flat().filter((document) => known?.of(document) === number);
    });
  }

  #keyOf(document: D): string {
    return this.#stream.numbers[this.#stream.key]?.of(document) ?? '';
  }

  /** The documents of a day as generated. */
  #day(start: number): ReadonlyMap<string, D[]> {
    const known = this.#days.get(start);
    if (known) return known;
    const documents = Map.groupBy(this.#stream.ofDay(new Date(start)), (document) => this.#keyOf(document));
    if (!this.#stream.live) this.#days.set(start, documents);
    return documents;
  }

  #happened({ ioDate }: Dated): boolean {
    const now = this.#shop.now().getTime();
    return ioDate <= now && ioDate >= startOfDay(now).getTime() - this.#shop.days * dayMs;
  }
}

const sorted = <D extends Dated>(documents: D[]): D[] => documents.sort((a, b) => a.ts - b.ts);
