import { fromWall } from '../../shanghai.ts';
import type { Shop } from '../shop.ts';
import { readAsk } from './ask.ts';
import { type Change, Documents } from './documents.ts';
import type { Dated, Route, StockMove, Stream } from './stream.ts';

/** What somebody does to a document by hand: its status, its day, or any other field as its stream names it. */
export interface Handwork {
  status?: string;
  io_date?: string;
}

const done = ['Confirmed', 'Archive'];

/** A stream with its documents, whatever they are. */
export interface Shelf extends Pick<Stream<Dated>, 'name' | 'called'> {
  /** A page as it stands on the wire, or why it is refused. */
  answer(route: Route, given: (name: string) => unknown): Record<string, unknown> | string;
  /** Rows by their io_date. */
  ofDay(window: { start: number; end: number }): Record<string, unknown>[];
  /** What its documents did to stock in a while. */
  moves(window: { start: number; end: number }): StockMove[];
  change(key: string, work: Handwork, at: number): void;
}

export function shelfOf<D extends Dated>(stream: Stream<D>, shop: Shop, changed: Record<string, Change>): Shelf {
  const { name, called } = stream;
  const documents = new Documents(shop, stream, changed);
  const within = (window: { start: number; end: number }): D[] =>
    documents.find({ window, byIoDate: true, startTs: undefined, numbers: new Map() });
  return {
    name,
    called,
    answer(route, given) {
      const ask = readAsk(stream, route, given);
      if (typeof ask === 'string') return ask;
      const matching = documents.find(ask).filter((one) => stream.isOn(one, route) && ask.accepts(one));
      const from = (ask.page - 1) * ask.size;
      const count = ask.total ? matching.length : 0;
      return {
        page_index: ask.page,
        page_size: ask.size,
        data_count: count,
        page_count: Math.ceil(count / ask.size),
        has_next: from + ask.size < matching.length,
        [stream.rows ?? 'datas']: matching
          .slice(from, from + ask.size)
          .map((one) => stream.toRow(one, route === 'qimen')),
      };
    },
    ofDay: (window) => within(window).map((one) => stream.toRow(one, true)),
    moves: (window) => within(window).flatMap((one) => (done.includes(one.status) ? (stream.moves?.(one) ?? []) : [])),
    change(key, { status, io_date, ...others }, at) {
      const ioDate = fromWall(io_date ?? '')?.getTime();
      changed[key] = {
        ...changed[key],
        ...others,
        ...(status ? { status } : {}),
        ...(ioDate ? { ioDate } : {}),
        modified: at,
      };
    },
  };
}
