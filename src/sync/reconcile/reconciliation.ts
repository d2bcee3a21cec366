export const differenceKinds = [
  'missing_in_target',
  'extra_in_target',
  'amount',
  'quantity',
  'unaudited',
  'cancelled_at_source',
] as const;
export type DifferenceKind = (typeof differenceKinds)[number];

export interface Difference {
  /** io_id; of an extra bill its number without the prefix. */
  key: string;
  kind: DifferenceKind;
  /** `YYYY-MM-DD`, as the three below: of the order, or of the bill where there is no order. */
  day: string;
  shop: string;
  warehouse: string;
  /** Null on the side that has nothing. */
  sourceAmount: string | null;
  targetAmount: string | null;
  sourceQuantity: string | null;
  targetQuantity: string | null;
  /** Why, where the ledger knows it. */
  reason: string | null;
}

export interface DayTotal {
  day: string;
  shop: string;
  warehouse: string;
  sourceCount: number;
  sourceAmount: string;
  targetCount: number;
  targetAmount: string;
}

/** What is done, in this order; `late` is what changed while the target was read. */
export const stageNames = ['plan', 'source', 'changes', 'target', 'late', 'compare'] as const;
export type StageName = (typeof stageNames)[number];

/** Where the next step starts. */
export interface Place {
  stage: StageName;
  /** Which day of the plan, or which slice of the changes. */
  index: number;
  /** Which part of a large day. */
  part?: number;
  /** The page there; in `compare` the last bill number that is done. Null = the beginning. */
  page?: string | null;
  /** Until when changes are read, ISO: fixed when that stage begins. */
  until?: string;
}

/** One day of the window, and where its orders come from. */
export interface DayPlan {
  /** `YYYY-MM-DD` */
  day: string;
  from: 'ledger' | 'source';
  /** What the source says it has for this day, an order on two routes counted twice; null when it does not say. */
  counted: number | null;
  /** Different orders among them; null until they are read. */
  orders: number | null;
  /** Changes after this instant are not in what we have of the day, ISO. */
  seen: string;
}

export interface Progress {
  /** Orders and bills read so far. */
  source?: number;
  target?: number;
  /** Orders in the whole window as counted before reading; null when the source does not count. */
  total?: number | null;
  /** Calls for the source's pages: made, still to make as far as known, and not made because the ledger has the day. */
  calls?: number;
  expected?: number;
  saved?: number;
  savedDays?: number;
  /** Time spent on these calls, and how long the rest will take, ms. */
  readingMs?: number;
  leftMs?: number | null;
  differences?: number;
  /** Failures in a row that were waited out. */
  setbacks?: number;
}

export interface Reconciliation {
  id: string;
  pipeline: string;
  /** Whole Shanghai days, half-open. */
  start: Date;
  end: Date;
  state: 'running' | 'done' | 'failed' | 'stopped';
  requester: { person: string; conversation: string };
  days: DayPlan[];
  place: Place;
  progress: Progress;
  error: { message: string; next: string } | null;
  createdAt: Date;
  finishedAt: Date | null;
}

/** The `reconciliation` object of the contracts. */
export interface ReconciliationReport {
  window: { start: string; end: string };
  source: { count: number; amount: string };
  target: { count: number; amount: string };
  differences: { key: string; kind: DifferenceKind }[];
}
