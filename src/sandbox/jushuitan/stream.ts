/** A document as it stands; times as instants in ms. */
export interface Dated {
  status: string;
  ioDate: number;
  modified: number;
  ts: number;
}

/** What a document did to the goods of a zone of a warehouse. */
export interface StockMove {
  sku: string;
  warehouse: number;
  zone: number;
  /** Over 0 where goods came in. */
  quantity: number;
  /** An instant in ms. */
  at: number;
}

export type Route = 'qimen' | 'open';

/** A kind of document: what it is called on each route, what may be asked of it, and the documents of a day. */
export interface Stream<D extends Dated> {
  /** In the addresses of the sandbox's own doors. */
  name: string;
  /** Its method (Qimen) or path (Open Platform V2); a route without one does not have it. */
  called: Partial<Record<Route, string>>;
  /** Most rows a page, and most numbers a question. */
  pageSize: number;
  /** What the rows of a page are called; `datas` where it does not say. */
  rows?: string;
  /** The date_type that asks by io_date. */
  byIoDate?: string;
  /** The parameter by which it can be followed from a ts on. */
  followed?: 'start_ts' | 'ts';
  /** Parameters that are numbers of documents; `days` says where a document of a number may lie. */
  numbers: Readonly<Record<string, { of: (document: D) => string; days: (number: string) => Date[] }>>;
  /** The one of `numbers` that is a document's own. */
  key: string;
  /** Parameters that choose by a value, of which there may be several; one may have a value of its own where nobody gives it. */
  filters: Readonly<Record<string, { of: (document: D) => string; unless?: string }>>;
  /** Whether archived documents answer only to `archive`, and no others then. */
  archives?: true;
  isOn: (document: D, route: Route) => boolean;
  ofDay: (day: Date) => D[];
  /** Whether there are only documents of today, which are asked for anew each time. */
  live?: true;
  /** What a document does to stock once it is confirmed. */
  moves?: (document: D) => StockMove[];
  /** A row of the wire: ids as numbers, money as text where the route says so. */
  toRow: (document: D, moneyAsText: boolean) => Record<string, unknown>;
}
