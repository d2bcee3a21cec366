import type { FailureCategory } from '../errors.ts';

export type RunState = 'queued' | 'running' | 'succeeded' | 'partial' | 'failed' | 'cancelled';
export type RunKind = 'sync' | 'retry' | 'undo';
export type Outcome = 'pending' | 'written' | 'existing' | 'failed' | 'skipped' | 'planned' | 'undone';

export interface RunFilters {
  /** A shop's id or a part of its name. */
  shop?: string;
  excludeShop?: string;
  /** A warehouse's number or a part of its name. */
  warehouse?: string;
  /** Orders that hold this SKU. */
  sku?: string;
  /** io_ids: the window is then not read, only these. */
  keys?: string[];
  /** Of bills that are taken out: they are written anew, as their documents are now. */
  again?: true;
  /** Order numbers as people say them (io_id, so_id or o_id): only these, whatever the window. */
  numbers?: string[];
}

/** What somebody asked for. The window is half-open; `changes` reads by rowversion from the watermark. */
export interface RunRequest {
  pipeline: string;
  kind: RunKind;
  trigger: 'chat' | 'page' | 'cli' | 'api' | 'schedule';
  by: 'io_date' | 'modified' | 'changes';
  start: Date;
  end: Date;
  filters: RunFilters;
  requester: { person: string; conversation: string };
}

/** Whether a run leaves documents without their bills. */
export const takesOut = ({ kind, filters }: Pick<RunRequest, 'kind' | 'filters'>): boolean =>
  kind === 'undo' && !filters.again;

/** A run of named documents: the window is not read, and only marks when it was asked for. */
export function namedRun(
  asked: Pick<RunRequest, 'pipeline' | 'kind' | 'trigger' | 'requester'>,
  keys: string[],
  now: Date,
): RunRequest {
  return { ...asked, by: 'io_date', start: new Date(now.getTime() - 1000), end: now, filters: { keys } };
}

export interface StoredError {
  code: string;
  message: string;
  next: string;
  subjects: string[];
  category?: FailureCategory;
  /** What the sentence was filled with: a map's name, a closing day. */
  params?: Record<string, string | number>;
}

/** Where the next step starts; saved after every page. */
export interface Checkpoint {
  slice?: number;
  /** Everything is read and written: what was cancelled since is looked for. */
  stage?: 'cancelled';
  page?: string | null;
}

export interface Run extends RunRequest {
  id: string;
  state: RunState;
  checkpoint: Checkpoint;
  /** Documents in the whole run as the source announced it; null until known. */
  total: number | null;
  cancelRequested: boolean;
  /** Who asked it to stop. */
  stoppedBy: string | null;
  /** Pages of the source that it has taken in. */
  pages: number;
  error: StoredError | null;
  createdAt: Date;
  startedAt: Date | null;
  finishedAt: Date | null;
}

/** Distinct io_ids; fetched is the sum of written, existing, failed and skipped (and of pending while it runs). */
export interface RunCounts {
  fetched: number;
  written: number;
  existing: number;
  failed: number;
  skipped: number;
  pending: number;
  /** What a preview would write. */
  planned: number;
  undone: number;
}

export interface FailureGroup {
  category: FailureCategory;
  /** One sentence and the next step, of the group's most frequent error. */
  message: string;
  next: string;
  /** Codes the cause is about: materials, shops, … the most frequent first. */
  subjects: string[];
  /** What each member's sentence was filled with: map and key, closing day, organisation. */
  details: Record<string, string | number>[];
  /** Who said to wait, and until when; null = until the target opens the period. */
  held: { by: string; until: Date | null } | null;
  count: number;
  amount: string;
  orders: string[];
}

export interface Totals {
  count: number;
  amount: string;
  shops: number;
}

/** A document that somebody has taken back out. */
export interface Withdrawn {
  key: string;
  person: string | null;
  /** What the platform calls the person, where it has said so. */
  name: string | null;
  at: Date;
}

/** A run with all that a card about it says. */
export interface RunView {
  run: Run;
  counts: RunCounts;
  failures: FailureGroup[];
  totals: Totals;
  /** Orders from which was taken what no database holds, and the labels of the fields it stood in; known once it has ended. */
  cleaned: { orders: string[]; fields: string[] };
  /** Those among the skipped that stay out because somebody has withdrawn them; known once it has ended. */
  withdrawn: Withdrawn[];
}
