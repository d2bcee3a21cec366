import type { Decimal } from '../decimal.ts';
import type { AppError } from '../errors.ts';

/** One field of an interface as the vendor's document lists it. Paths use dots: `items.sku_id`, `FEntity.FTaxPrice`. */
export interface Field {
  path: string;
  /** Other spellings that mean the same field: the printed path of the seed document, an official name, other letter case. */
  aliases: readonly string[];
  /** Chinese label, or the field's own name where the document has none. */
  label: string;
  type: 'string' | 'number' | 'bool' | 'array' | 'object';
  /** One Chinese sentence: what it holds, unit, time zone. */
  meaning: string;
  /** `model` is part of the bill or row, `option` of the call, `request` of the query. */
  kind: 'model' | 'option' | 'request';
  /** How a value stands in the model where the rule does not say, and what a base datum is named by. */
  as?: 'base' | 'bool' | 'number' | 'text';
  by?: string;
}

export interface Catalogue {
  system: string;
  api: string;
  fields: readonly Field[];
  /** The field of a path in any of its spellings; undefined for an unknown one. */
  find(path: string): Field | undefined;
}

/** A line of an order. Every scalar is text or boolean as on the wire, numbers as their exact text; canonical names. */
export type SourceLine = Record<string, unknown>;

/** A value that is not what the source's document says it is: its order is refused, naming it. */
export interface RowFault {
  /** Canonical path. */
  field: string;
  /** As it can stand in a sentence; null = there is none. */
  value: string | null;
}

/**
 * One outbound order. `raw` is the row with canonical field names, numbers as exact text, and without personal data (no name,
 * phone, address, buyer id). Times are Shanghai wall text `YYYY-MM-DD HH:mm:ss`.
 */
export interface SourceOrder {
  /** io_id, text; a row without a usable one goes by a name of its own, which the source cannot be asked for. */
  key: string;
  status: string;
  modified: string;
  ioDate: string | null;
  /** The row's rowversion as text, when it has one. */
  ts: string | null;
  shopId: string;
  shopName: string;
  raw: Record<string, unknown> & { items: SourceLine[] };
  faults?: RowFault[];
  /** What has to be there before it can be booked: the number of its other half, empty where that has none yet. */
  waitsFor?: string;
  /** Canonical paths of texts from which was taken what no database holds. */
  cleaned?: string[];
}

/** What to read. A window is half-open `[start, end)`; `by` names the time it is about. */
export interface SourceQuery {
  by: 'io_date' | 'modified';
  start: Date;
  end: Date;
  /** Statuses to read, one read each; empty = all. */
  statuses: readonly string[];
  shopId?: string;
  /** Only these io_ids. The window is then ignored. */
  keys?: readonly string[];
  /** Only orders with one of these numbers, as people say them: io_id, so_id or o_id. The window is then ignored. */
  numbers?: readonly string[];
  /** Anything else of the pipeline's `source.params`, passed on as it is. */
  params: Readonly<Record<string, string>>;
  pageSize: number;
}

export interface SourcePage {
  orders: SourceOrder[];
  /** Where to go on; null = complete. Opaque JSON text, valid across restarts. */
  next: string | null;
  /** Rows in the whole read, when the source says so. */
  total: number | null;
}

/** What a source's status means for the core. */
export type RecordState = 'active' | 'cancelled';

export interface Source {
  readonly catalogue: Catalogue;
  /** What a record's status means. */
  stateOf(status: string): RecordState;
  /** Statuses to ask for when looking for what was cancelled; none where cancelled records are read with the others. */
  readonly cancelled: readonly string[];
  /** The field that two keys of different kinds share when they are one document; null = one kind of key. */
  readonly twin: string | null;
  /** Whether an order can be asked for by this key. */
  isKey(key: string): boolean;
  /** The longest window one read may span, in days. */
  readonly maxWindowDays: number;
  /** The routes' names ('qimen', 'open'): each has a cursor of its own in incremental runs. */
  readonly routes: readonly string[];
  /**
   * One page of a window, whichever routes are on; `cursor` null = from the start. Pages may repeat an order (a row moved while
   * paging, or both routes have it): the later `modified` wins. The read is complete only at `next: null`. A row is never left
   * out and never an error: what cannot be made of it are its faults.
   */
  page(query: SourceQuery, cursor: string | null): Promise<SourcePage>;
  /** Rows changed since rowversion `ts` on one route, in the order of ts. `maxTs` is null when the rows carry no ts. */
  changes(
    route: string,
    ts: string,
    query: Pick<SourceQuery, 'params' | 'pageSize'>,
  ): Promise<{ orders: SourceOrder[]; maxTs: string | null; more: boolean }>;
  /** How many rows a query has, without reading them; an order on two routes counts twice. Null when the source does not say. */
  count(query: SourceQuery): Promise<number | null>;
  /** One cheap signed call; throws what is wrong with address, key or permission. */
  check(): Promise<void>;
}

/** Where the parts of a kind of bill stand that are not the mapping's business alone. Paths as in its catalogue. */
export interface BillLayout {
  catalogue: Catalogue;
  /** The array of entries. */
  entry: string;
  /** The day it is booked on. */
  date: string;
  /** Whom it is made out to; null = nobody. */
  party: string | null;
  /** What the target works out of an entry: its amount, tax included; null = it has none. */
  amount: string | null;
  /** What no bill of the kind is taken without. */
  required: readonly string[];
}

/** One bill to write. `model` holds Decimals where the wire wants numbers. */
export interface TargetBill {
  number: string;
  model: Record<string, unknown>;
}

/** How far a bill has got in the target; `void`: its number is taken, and it counts for nothing (作废). */
export type BillState = 'draft' | 'submitted' | 'final' | 'void';

/** A bill as found in the target. */
export interface FoundBill {
  id: string;
  number: string;
  state: BillState;
  /** `YYYY-MM-DD`. */
  day: string;
  /** The code of the customer or supplier it is made out to. */
  party: string | null;
  /** What the target itself says its lines come to, tax included; null when it does not say. */
  amount: Decimal | null;
  quantity: Decimal | null;
}

/** One row of a listing: an entry of a bill. A bill's amount and quantity are the sums over its rows, which may span pages. */
export interface ListedEntry {
  id: string;
  number: string;
  state: BillState;
  /** `YYYY-MM-DD`. */
  day: string;
  /** 0 where the kind of bill has none. */
  amount: Decimal;
  quantity: Decimal;
}

export interface BillRef {
  id: string;
  number: string;
}

/**
 * The outcome for one bill of a batch. A batch is never atomic. `number` is the target's own, which may be another than was sent;
 * `apart`: refused with its batch for another bill's sake, or nobody knows for whose.
 */
export type StepResult =
  | { ok: true; id: string; number: string }
  | { ok: false; number: string; error: AppError; apart?: boolean };

export type BaseDataKind =
  | 'customer'
  | 'material'
  | 'stock'
  | 'supplier'
  | 'organization'
  | 'unit'
  | 'salesman'
  | 'department';

export interface BaseDatum {
  code: string;
  name: string;
  /** Organisation codes it may be used by; null where the kind is not allocated. */
  organizations: readonly string[] | null;
}

/** Base data as a search finds them, with what keeps bills from taking them; null where the target does not say. */
export interface FoundDatum extends BaseDatum {
  /** In every organisation. */
  disabled: boolean | null;
  unaudited: boolean | null;
}

/** The first of what a search found; `atLeast`: there may be more than were counted. */
export interface FoundData {
  data: FoundDatum[];
  count: number;
  atLeast: boolean;
}

/** A code of a bill that the target does not know, or knows only in other organisations than the bill's. */
export interface MissingDatum {
  kind: BaseDataKind;
  code: string;
  why: 'absent' | 'not_allocated';
}

/** How much of a material a bill takes out of a stock that does not hold it. `left` is null where the target does not say. */
export interface Shortage {
  material: string;
  stock: string;
  stockName: string;
  needed: Decimal;
  left: Decimal | null;
}

/**
 * Where bills go. A method that throws kind `in_doubt` may have had its effect: `find` before anything is sent again. Results
 * come in the order of the bills given.
 */
export interface Target {
  readonly layout: BillLayout;
  /** Longest wait for one answer, ms: after a time-out the first call may still land until then. */
  readonly timeoutMs: number;
  find(numbers: readonly string[]): Promise<Map<string, FoundBill>>;
  /** Every entry of the bills dated from `first` to `last` (`YYYY-MM-DD`, inclusive), a page at a time. */
  list(first: string, last: string): AsyncIterable<ListedEntry[]>;
  save(bills: readonly TargetBill[]): Promise<StepResult[]>;
  submit(refs: readonly BillRef[]): Promise<StepResult[]>;
  audit(refs: readonly BillRef[]): Promise<StepResult[]>;
  /** Takes a submission back (撤销), so that the bill can be removed. */
  unsubmit(refs: readonly BillRef[]): Promise<StepResult[]>;
  unaudit(refs: readonly BillRef[]): Promise<StepResult[]>;
  remove(refs: readonly BillRef[]): Promise<StepResult[]>;
  /** The base data that exist among these codes. Cached for a while; a failure clears what it was about. */
  lookup(kind: BaseDataKind, codes: readonly string[]): Promise<Map<string, BaseDatum>>;
  /** Base data whose code or name is like one that is not there, the most alike first; few. */
  near(kind: BaseDataKind, code: string, name?: string): Promise<BaseDatum[]>;
  /** Base data whose code or name holds a text, the text's own code first, then by code; all of the kind without a text. */
  search(kind: BaseDataKind, text: string, most: number): Promise<FoundData>;
  /** For each bill, the base data it names that are not there for it. */
  missing(bills: readonly TargetBill[]): Promise<MissingDatum[][]>;
  /** What a bill takes that its stocks do not hold; where the target does not say, all that it takes. */
  shortages(bill: TargetBill): Promise<Shortage[]>;
  /** A refusal said more exactly, where the target can be asked: what is short, and by how much. */
  explain(bill: TargetBill, error: AppError): Promise<AppError>;
  /** Forget cached look-ups, before a retry after somebody repaired the base data. */
  forget(): void;
  check(): Promise<void>;
}

/** Waits until one more call on `key` is allowed. Shared by all workers; implemented in store/. */
export interface Pace {
  /** Resolves when the call may go; `limits` as [count, within ms] pairs. */
  take(key: string, limits: readonly (readonly [count: number, withinMs: number])[]): Promise<void>;
  /** The other side said "too fast": nobody calls for this long. */
  penalize(key: string, forMs: number): Promise<void>;
}

/** ERP tokens that outlive a process. A lost rotated refresh token means authorising again, hence SQL, not a cache. */
export interface TokenStore {
  read(name: string): Promise<StoredToken | null>;
  /** Runs `renew` under a lock shared by all workers; a caller that waited gets the token the winner stored. */
  renew(
    name: string,
    staleAccessToken: string | null,
    renew: (current: StoredToken | null) => Promise<StoredToken>,
  ): Promise<StoredToken>;
}

export interface StoredToken {
  accessToken: string;
  refreshToken: string;
  expiresAt: Date;
}
