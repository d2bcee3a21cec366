import { randomUUID } from 'node:crypto';
import { Decimal, toDecimal } from '../decimal.ts';
import { AppError, asAppError } from '../errors.ts';
import { dayMs, fromWall, toDay, toIso } from '../shanghai.ts';
import type { Sql } from '../store/sql.ts';
import type { FoundBill, ListedEntry, SourceOrder, SourceQuery } from './connector.ts';
import type { PipelineParts } from './parts.ts';
import { planSlices } from './window.ts';

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
  day: string;
  shop: string;
  warehouse: string;
  sourceAmount: string | null;
  targetAmount: string | null;
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

export interface Reconciliation {
  id: string;
  pipeline: string;
  start: Date;
  end: Date;
  state: 'running' | 'done' | 'failed';
  requester: { person: string; conversation: string };
  progress: { source?: number; target?: number; total?: number | null; differences?: number };
  error: { message: string; next: string } | null;
}

/** The `reconciliation` object of the contracts. */
export interface ReconciliationReport {
  window: { start: string; end: string };
  source: { count: number; amount: string };
  target: { count: number; amount: string };
  differences: { key: string; kind: DifferenceKind }[];
}

interface Parts {
  sql: Sql;
  pipelines: ReadonlyMap<string, PipelineParts>;
  now: () => Date;
  onProgress: (reconciliation: Reconciliation) => void;
}

const cancelledStatuses = new Set(['Cancelled', 'Delete']);
const keepFor = 30 * dayMs;

/** What differs, one row a document, as SQL over both sides; the first kind that holds is the one that is said. */
const differing = `
  select coalesce(s.key, t.number) as key, coalesce(s.number, t.number) as number,
    case when s.stand = 'cancelled' and t.number is not null then 'cancelled_at_source'
         when s.stand = 'due' and t.number is null then 'missing_in_target'
         when (s.key is null or s.stand = 'other') and t.number is not null then 'extra_in_target'
         when s.stand = 'due' and s.quantity <> t.quantity then 'quantity'
         when s.stand = 'due' and s.amount <> t.amount then 'amount'
         when s.stand = 'due' and t.status <> 'C' then 'unaudited' end as kind,
    coalesce(s.day, t.day) as day, coalesce(s.shop, '') as shop, coalesce(s.warehouse, '') as warehouse,
    s.amount::text as source_amount, t.amount::text as target_amount
  from (select * from reconcile_source where id = $1) s
  full join (select * from reconcile_target where id = $1) t on t.number = s.number`;

/**
 * Compares both sides over a window: the source by io_date with every status, the target by bill date, document by document.
 * Both are streamed into tables and joined there, so memory does not grow with the window. Bills of other numbering are nobody's
 * here. What seems missing is looked up once more by number, since a bill may have been dated elsewhere.
 */
export class Reconciler {
  readonly #parts: Parts;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  async begin(
    pipeline: string,
    { start, end }: { start: Date; end: Date },
    requester: Reconciliation['requester'],
  ): Promise<Reconciliation> {
    const { sql, now } = this.#parts;
    await sql.query('delete from reconciliations where created_at < $1', [new Date(now().getTime() - keepFor)]);
    const id = randomUUID();
    await sql.query(
      `insert into reconciliations (id, pipeline, window_start, window_end, requester, state, created_at) values ($1, $2, $3, $4, $5::jsonb, 'running', $6)`,
      [id, pipeline, start, end, JSON.stringify(requester), now()],
    );
    return { id, pipeline, start, end, requester, state: 'running', progress: {}, error: null };
  }

  /** Reads and compares to the end. Never throws: what went wrong is on the reconciliation. */
  async carryOut(reconciliation: Reconciliation): Promise<Reconciliation> {
    const { sql, now, onProgress } = this.#parts;
    let error: AppError | null = null;
    try {
      const parts = this.#parts.pipelines.get(reconciliation.pipeline);
      if (!parts) throw new AppError('internal.unexpected', 'internal');
      await this.#readSource(reconciliation, parts);
      await this.#readTarget(reconciliation, parts);
      await this.#findElsewhere(reconciliation, parts);
    } catch (cause) {
      error = asAppError(cause);
    }
    if (!error) {
      const counts = await this.countsByKind(reconciliation);
      await this.#progress(reconciliation, { differences: counts.reduce((sum, { count }) => sum + count, 0) });
    }
    const state = error ? 'failed' : 'done';
    await sql.query('update reconciliations set state = $2, error = $3::jsonb, finished_at = $4 where id = $1', [
      reconciliation.id,
      state,
      error ? JSON.stringify(error) : null,
      now(),
    ]);
    const ended: Reconciliation = {
      ...reconciliation,
      state,
      error: error && { message: error.message, next: error.next },
    };
    onProgress(ended);
    return ended;
  }

  async #progress(reconciliation: Reconciliation, progress: Reconciliation['progress']): Promise<void> {
    Object.assign(reconciliation.progress, progress);
    await this.#parts.sql.query('update reconciliations set progress = $2::jsonb where id = $1', [
      reconciliation.id,
      JSON.stringify(reconciliation.progress),
    ]);
    this.#parts.onProgress(reconciliation);
  }

  async #readSource(reconciliation: Reconciliation, parts: PipelineParts): Promise<void> {
    const { status: _status, ...params } = parts.pipeline.source.params;
    let read = 0;
    for (const slice of planSlices(reconciliation.start, reconciliation.end, parts.source.maxWindowDays)) {
      const query: SourceQuery = {
        by: 'io_date',
        ...slice,
        statuses: [],
        params,
        pageSize: parts.pipeline.source.page_size,
      };
      let cursor: string | null = null;
      do {
        const page = await parts.source.page(query, cursor);
        await this.#keepSource(reconciliation, parts, page.orders);
        read += page.orders.length;
        await this.#progress(reconciliation, { source: read, total: page.total });
        cursor = page.next;
      } while (cursor !== null);
    }
  }

  async #keepSource({ id }: Reconciliation, parts: PipelineParts, orders: readonly SourceOrder[]): Promise<void> {
    const newest = new Map<string, SourceOrder>();
    for (const order of orders) {
      const known = newest.get(order.key);
      if (!known || order.modified >= known.modified) newest.set(order.key, order);
    }
    const rows = [...newest.values()].map((order) => ({
      key: order.key,
      number: parts.mapping.billNumber(order.key),
      day: (order.ioDate ?? order.modified).slice(0, 10),
      shop: order.shopId,
      warehouse: String(order.raw.wms_co_id ?? ''),
      ...billed(parts, order),
      modified: (fromWall(order.modified) ?? new Date(0)).toISOString(),
    }));
    await this.#parts.sql.query(
      `insert into reconcile_source (id, key, number, day, shop, warehouse, amount, quantity, stand, modified)
       select $1, r.key, r.number, r.day, r.shop, r.warehouse, r.amount, r.quantity, r.stand, r.modified
       from jsonb_to_recordset($2::jsonb) as r(key text, number text, day date, shop text, warehouse text, amount numeric, quantity numeric, stand text, modified timestamptz)
       on conflict (id, key) do update set day = excluded.day, shop = excluded.shop, warehouse = excluded.warehouse, amount = excluded.amount,
         quantity = excluded.quantity, stand = excluded.stand, modified = excluded.modified where reconcile_source.modified <= excluded.modified`,
      [id, JSON.stringify(rows)],
    );
  }

  async #readTarget(reconciliation: Reconciliation, parts: PipelineParts): Promise<void> {
    const { prefix } = parts.pipeline.bill_number;
    let read = 0;
    for (let day = reconciliation.start.getTime(); day < reconciliation.end.getTime(); day += dayMs) {
      const date = toDay(new Date(day));
      for await (const entries of parts.target.list(date, date)) {
        await this.#keepTarget(
          reconciliation,
          entries.filter(({ number }) => number.startsWith(prefix)),
        );
        read += new Set(entries.map(({ number }) => number)).size;
        await this.#progress(reconciliation, { target: read });
      }
    }
  }

  async #keepTarget({ id }: Reconciliation, entries: readonly ListedEntry[]): Promise<void> {
    const bills = new Map<
      string,
      { number: string; day: string; amount: Decimal; quantity: Decimal; status: string }
    >();
    for (const { number, day, amount, quantity, status } of entries) {
      const known = bills.get(number);
      bills.set(number, {
        number,
        day,
        status,
        amount: amount.plus(known?.amount ?? 0),
        quantity: quantity.plus(known?.quantity ?? 0),
      });
    }
    await this.#parts.sql.query(
      `insert into reconcile_target (id, number, day, amount, quantity, status)
       select $1, r.number, r.day, r.amount, r.quantity, r.status
       from jsonb_to_recordset($2::jsonb) as r(number text, day date, amount numeric, quantity numeric, status text)
       on conflict (id, number) do update set amount = reconcile_target.amount + excluded.amount, quantity = reconcile_target.quantity + excluded.quantity`,
      [id, JSON.stringify([...bills.values()])],
    );
  }

  /** Bills that are not where their date should be: found by number they are not missing. */
  async #findElsewhere(reconciliation: Reconciliation, parts: PipelineParts): Promise<void> {
    const found: FoundBill[] = [];
    const missing = this.#parts.sql.cursor<{ number: string }>(
      `select s.number from reconcile_source s left join reconcile_target t on t.id = s.id and t.number = s.number
       where s.id = $1 and s.stand <> 'other' and t.number is null order by s.number`,
      [reconciliation.id],
      200,
    );
    const numbers: string[] = [];
    for await (const batch of missing) numbers.push(...batch.map(({ number }) => number));
    for (let from = 0; from < numbers.length; from += 200)
      found.push(...(await parts.target.find(numbers.slice(from, from + 200))).values());
    const day = toDay(reconciliation.start);
    const zero = new Decimal(0);
    for (const { id, number, status, amount, quantity } of found)
      await this.#keepTarget(reconciliation, [
        { id, number, status, day, amount: amount ?? zero, quantity: quantity ?? zero },
      ]);
  }

  async find(id: string): Promise<Reconciliation | null> {
    const rows = await this.#parts.sql.query<Reconciliation>(
      `select id, pipeline, window_start as start, window_end as "end", state, requester, progress, error from reconciliations where id = $1`,
      [id],
    );
    return rows[0] ?? null;
  }

  /** Differences in key order, with what the ledger knows about each; those of one kind when it is named. */
  async *differences(
    { id, pipeline }: Reconciliation,
    kind: DifferenceKind | null = null,
  ): AsyncIterable<Difference[]> {
    const prefix = this.#parts.pipelines.get(pipeline)?.pipeline.bill_number.prefix ?? '';
    const rows = this.#parts.sql.cursor<{
      key: string;
      kind: DifferenceKind;
      day: string;
      shop: string;
      warehouse: string;
      source_amount: string | null;
      target_amount: string | null;
      reason: string | null;
    }>(
      `select x.*, d.error ->> 'message' as reason from (${differing}) x
       left join documents d on d.pipeline = $2 and d.bill_number = x.number and d.error is not null
       where x.kind is not null and ($3::text is null or x.kind = $3) order by x.key`,
      [id, pipeline, kind],
    );
    for await (const batch of rows)
      yield batch.map(({ key, source_amount, target_amount, ...rest }) => ({
        ...rest,
        key: rest.kind === 'extra_in_target' && key.startsWith(prefix) ? key.slice(prefix.length) : key,
        sourceAmount: source_amount,
        targetAmount: target_amount,
      }));
  }

  async countsByKind({ id }: Reconciliation): Promise<{ kind: DifferenceKind; count: number; amount: string }[]> {
    return await this.#parts.sql.query(
      `select kind, count(*) as count, sum(abs(coalesce(source_amount::numeric, 0) - coalesce(target_amount::numeric, 0)))::text as amount
       from (${differing}) x where kind is not null group by kind order by kind`,
      [id],
    );
  }

  /** Count and amount of each side: what should have a bill, and the bills. */
  async totals({ id }: Reconciliation): Promise<Pick<ReconciliationReport, 'source' | 'target'>> {
    const { sql } = this.#parts;
    const sum = async (table: string, where: string): Promise<{ count: number; amount: string }> => {
      const [row] = await sql.query<{ count: number; amount: string }>(
        `select count(*) as count, coalesce(sum(amount), 0)::text as amount from ${table} where id = $1 ${where}`,
        [id],
      );
      return { count: row?.count ?? 0, amount: new Decimal(row?.amount ?? 0).toFixed(2) };
    };
    return { source: await sum('reconcile_source', `and stand = 'due'`), target: await sum('reconcile_target', '') };
  }

  async byDay({ id }: Reconciliation): Promise<DayTotal[]> {
    return await this.#parts.sql.query<DayTotal>(
      `select coalesce(s.day, t.day)::text as day, coalesce(s.shop, '') as shop, coalesce(s.warehouse, '') as warehouse,
         count(s.key) as "sourceCount", coalesce(sum(s.amount), 0)::text as "sourceAmount",
         count(t.number) as "targetCount", coalesce(sum(t.amount), 0)::text as "targetAmount"
       from (select * from reconcile_source where id = $1 and stand <> 'other') s
       full join (select * from reconcile_target where id = $1) t on t.number = s.number
       group by 1, 2, 3 order by 1, 2, 3`,
      [id],
    );
  }

  async report(reconciliation: Reconciliation): Promise<ReconciliationReport> {
    const differences: { key: string; kind: DifferenceKind }[] = [];
    for await (const batch of this.differences(reconciliation))
      differences.push(...batch.map(({ key, kind }) => ({ key, kind })));
    return {
      window: { start: toIso(reconciliation.start), end: toIso(reconciliation.end) },
      ...(await this.totals(reconciliation)),
      differences,
    };
  }
}

/** What an order's bill should come to, and whether it should have one. */
function billed(
  { mapping }: PipelineParts,
  order: SourceOrder,
): { amount: string; quantity: string; stand: 'due' | 'cancelled' | 'other' } {
  const sum = (field: string): string =>
    order.raw.items.reduce((total, line) => total.plus(toDecimal(line[field]) ?? 0), new Decimal(0)).toFixed();
  let amount = sum('amount');
  let stand: 'due' | 'cancelled' | 'other' = cancelledStatuses.has(order.status) ? 'cancelled' : 'other';
  try {
    if (mapping.precondition(order)) stand = 'due';
    amount = mapping
      .lines(order)
      .reduce((total, line) => total.plus(line.amount), new Decimal(0))
      .toFixed();
  } catch {
    // an order that cannot be mapped is due all the same: it is missing over there
    if (stand === 'other') stand = 'due';
  }
  return { amount, quantity: sum('qty'), stand };
}
