import { randomUUID } from 'node:crypto';
import { chunk } from '../chunk.ts';
import { Decimal } from '../decimal.ts';
import { type AppError, asAppError } from '../errors.ts';
import type { SourceOrder, SourceQuery } from './connector.ts';
import { groupFailures } from './failure-groups.ts';
import { mapRecord } from './mapped-record.ts';
import type { PipelineParts } from './parts.ts';
import { billVoid } from './pass.ts';
import { matches, namesOrders, slicesOf, sourceQuery } from './query.ts';
import type { Outcome, Run, RunCounts, RunFilters, RunRequest, RunView, StoredError, Withdrawn } from './run.ts';

/** What a run would do. */
export interface Preview extends RunView {
  /** Orders of the window that are cancelled at the source while their bill lives in the target. */
  cancelled: number;
}

interface Seen {
  modified: string;
  shopId: string;
  amount: string;
  billNumber: string;
  outcome: Outcome;
  error: StoredError | null;
  cleaned: readonly string[];
}

/** Those among these keys that somebody has taken out. */
type Withdrawals = (keys: readonly string[]) => Promise<Withdrawn[]>;

const billsACall = 100;
const keysAQuestion = 1000;

/**
 * Reads what a request is about and looks which of its bills are there. Nothing of it is kept anywhere: what is only looked at is no
 * failure, no alert and no figure. `before` is called before every call and throws when it has to be left.
 */
export async function preview(
  parts: PipelineParts,
  request: RunRequest,
  { now, before, withdrawn }: { now: () => Date; before: () => void; withdrawn: Withdrawals },
): Promise<Preview> {
  const startedAt = now();
  const seen = new Map<string, Seen>();
  const out: Withdrawn[] = [];
  const cancelled = new Set<string>();
  let stopped: AppError | null = null;
  try {
    for (const slice of slicesOf(parts, request)) {
      const query = sourceQuery(parts, request, slice);
      for await (const orders of pages(parts, query, before))
        for (const order of orders) if (matches(order, request.filters)) take(parts, seen, order);
      if (!namesOrders(request.filters)) await noteCancelled(parts, query, request.filters, before, cancelled);
    }
    for (const keys of chunk([...seen.keys()], keysAQuestion)) out.push(...(await withdrawn(keys)));
    for (const { key } of out) {
      const one = seen.get(key);
      if (one) seen.set(key, { ...one, outcome: 'skipped', error: null });
    }
    await lookUp(parts, seen, before);
  } catch (error) {
    stopped = asAppError(error);
    if (stopped.kind === 'internal') throw error;
  }
  const counts = countsOf(seen);
  const state = stopped ? 'failed' : counts.failed > 0 ? 'partial' : 'succeeded';
  const run: Run = {
    ...request,
    id: randomUUID(),
    state,
    checkpoint: {},
    total: counts.fetched,
    cancelRequested: false,
    stoppedBy: null,
    pages: 0,
    error: stopped && stored(stopped),
    createdAt: startedAt,
    startedAt,
    finishedAt: now(),
  };
  return {
    run,
    counts,
    ...figuresOf(seen),
    cancelled: cancelled.size,
    withdrawn: out.sort((a, b) => (a.key < b.key ? -1 : 1)),
  };
}

async function* pages(
  { source }: Pick<PipelineParts, 'source'>,
  query: SourceQuery,
  before: () => void,
): AsyncIterable<readonly SourceOrder[]> {
  let cursor: string | null = null;
  do {
    before();
    const page = await source.page(query, cursor);
    yield page.orders;
    cursor = page.next;
  } while (cursor !== null);
}

/** Of an order that both routes bring, the later version. */
function take({ mapping }: PipelineParts, seen: Map<string, Seen>, order: SourceOrder): void {
  const known = seen.get(order.key);
  if (known && known.modified > order.modified) return;
  const { billNumber, amount, outcome, error } = mapRecord(mapping, order);
  const { modified, shopId, cleaned = [] } = order;
  seen.set(order.key, { modified, shopId, amount, billNumber, outcome, error: error ? stored(error) : null, cleaned });
}

/** Adds the keys of what is cancelled at the source while its bill lives in the target. */
async function noteCancelled(
  { source, mapping, target }: PipelineParts,
  query: SourceQuery,
  filters: RunFilters,
  before: () => void,
  noted: Set<string>,
): Promise<void> {
  const keys = new Set<string>();
  for await (const orders of pages({ source }, { ...query, statuses: source.cancelled }, before))
    for (const order of orders)
      if (source.stateOf(order.status) === 'cancelled' && matches(order, filters)) keys.add(order.key);
  for (const some of chunk([...keys], billsACall)) {
    before();
    const found = await target.find(some.map(mapping.billNumber));
    for (const key of some) {
      const bill = found.get(mapping.billNumber(key));
      if (bill && bill.state !== 'void') noted.add(key);
    }
  }
}

async function lookUp({ target }: PipelineParts, seen: ReadonlyMap<string, Seen>, before: () => void): Promise<void> {
  const waiting = [...seen.values()].filter(({ outcome }) => outcome === 'pending');
  for (const some of chunk(waiting, billsACall)) {
    before();
    const found = await target.find(some.map(({ billNumber }) => billNumber));
    for (const one of some) {
      const state = found.get(one.billNumber)?.state;
      if (state === 'void') Object.assign(one, { outcome: 'failed', error: stored(billVoid(one.billNumber)) });
      else one.outcome = state === 'final' ? 'existing' : 'planned';
    }
  }
}

function countsOf(seen: ReadonlyMap<string, Seen>): RunCounts {
  const counts: RunCounts = {
    fetched: seen.size,
    written: 0,
    existing: 0,
    failed: 0,
    skipped: 0,
    pending: 0,
    planned: 0,
    undone: 0,
  };
  for (const { outcome } of seen.values()) counts[outcome] += 1;
  return counts;
}

function figuresOf(seen: ReadonlyMap<string, Seen>): Pick<RunView, 'failures' | 'totals' | 'cleaned'> {
  const all = [...seen].sort(([a], [b]) => (a < b ? -1 : 1));
  const amount = all.reduce((sum, [, one]) => sum.plus(one.amount), new Decimal(0)).toFixed();
  const failed = all.flatMap(([key, { outcome, amount: of, error }]) =>
    outcome === 'failed' && error ? [{ key, category: error.category ?? null, error, amount: of }] : [],
  );
  const cleaned = all.filter(([, one]) => one.cleaned.length > 0);
  return {
    failures: groupFailures(failed),
    totals: { count: all.length, amount, shops: new Set(all.map(([, { shopId }]) => shopId)).size },
    cleaned: {
      orders: cleaned.map(([key]) => key),
      fields: [...new Set(cleaned.flatMap(([, one]) => one.cleaned))],
    },
  };
}

const stored = (error: AppError): StoredError => JSON.parse(JSON.stringify(error)) as StoredError;
