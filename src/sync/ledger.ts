import { randomUUID } from 'node:crypto';
import { Decimal } from '../decimal.ts';
import { AppError, type FailureCategory } from '../errors.ts';
import { fromWall } from '../shanghai.ts';
import type { Sql } from '../store/sql.ts';
import type { SourceOrder } from './connector.ts';
import { type DocumentState, statesBefore } from './document.ts';
import type { Checkpoint, FailureGroup, Outcome, Run, RunCounts, RunRequest, StoredError, Totals } from './run.ts';

/** A document as the writer needs it. */
export interface StoredDocument {
  key: string;
  order: SourceOrder;
  state: DocumentState;
  billNumber: string;
  targetId: string | null;
  /** A save was sent and may land until then. */
  intentUntil: Date | null;
  /** The run that sent the last save. */
  intentRun: string | null;
}

/** What reading and mapping found out about one order. */
export interface Reading {
  order: SourceOrder;
  billNumber: string;
  warehouseId: string;
  amount: string;
  quantity: string;
  outcome: Outcome;
  error?: AppError;
}

interface RunRow {
  id: string;
  pipeline: string;
  kind: Run['kind'];
  trigger: Run['trigger'];
  window_by: Run['by'];
  window_start: Date;
  window_end: Date;
  filters: Run['filters'];
  requester: Run['requester'];
  state: Run['state'];
  checkpoint: Checkpoint;
  total: number | null;
  cancel_requested: boolean;
  error: StoredError | null;
  created_at: Date;
  started_at: Date | null;
  finished_at: Date | null;
}

const toRun = (row: RunRow): Run => ({
  id: row.id,
  pipeline: row.pipeline,
  kind: row.kind,
  trigger: row.trigger,
  by: row.window_by,
  start: row.window_start,
  end: row.window_end,
  filters: row.filters,
  requester: row.requester,
  state: row.state,
  checkpoint: row.checkpoint,
  total: row.total,
  cancelRequested: row.cancel_requested,
  error: row.error,
  createdAt: row.created_at,
  startedAt: row.started_at,
  finishedAt: row.finished_at,
});

const documentColumns = `d.key, d.raw as "order", d.state, d.bill_number as "billNumber", d.target_id as "targetId",
  d.intent_until as "intentUntil", d.intent_run as "intentRun"`;

/** Every document ever seen, and every run with what it did to each. All counts are computed, none is kept. */
export class Ledger {
  readonly #sql: Sql;
  readonly #now: () => Date;

  constructor(sql: Sql, now: () => Date) {
    this.#sql = sql;
    this.#now = now;
  }

  /** Makes a run, or joins the active one that does the same. `enqueue` runs in the same transaction. */
  async createRun(
    request: RunRequest,
    enqueue: (id: string, tx: Sql) => Promise<void>,
  ): Promise<{ run: Run; joined: boolean }> {
    return await this.#sql.transaction(async (tx) => {
      const same = await tx.query<RunRow>(
        `select * from runs where pipeline = $1 and kind = $2 and window_by = $3 and window_start = $4 and window_end = $5
           and filters = $6::jsonb and state in ('queued', 'running') limit 1`,
        [request.pipeline, request.kind, request.by, request.start, request.end, JSON.stringify(request.filters)],
      );
      if (same[0]) return { run: toRun(same[0]), joined: true };
      const id = randomUUID();
      const rows = await tx.query<RunRow>(
        `insert into runs (id, pipeline, kind, trigger, window_by, window_start, window_end, filters, requester, state, created_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8::jsonb, $9::jsonb, 'queued', $10) returning *`,
        [
          id,
          request.pipeline,
          request.kind,
          request.trigger,
          request.by,
          request.start,
          request.end,
          JSON.stringify(request.filters),
          JSON.stringify(request.requester),
          this.#now(),
        ],
      );
      await enqueue(id, tx);
      return { run: toRun(one(rows)), joined: false };
    });
  }

  async run(id: string): Promise<Run | null> {
    const rows = await this.#sql.query<RunRow>('select * from runs where id = $1', [id]);
    return rows[0] ? toRun(rows[0]) : null;
  }

  /** The latest runs that write, newest first; those of one conversation when it is named. */
  async recentRuns(limit: number, conversation?: string): Promise<Run[]> {
    const rows = await this.#sql.query<RunRow>(
      `select * from runs where kind <> 'preview' and ($2::text is null or requester ->> 'conversation' = $2) order by created_at desc limit $1`,
      [limit, conversation ?? null],
    );
    return rows.map(toRun);
  }

  async activeRuns(): Promise<Run[]> {
    return (
      await this.#sql.query<RunRow>(`select * from runs where state in ('queued', 'running') order by created_at`)
    ).map(toRun);
  }

  /**
   * Takes the lease of a run, alone among the workers; null when somebody else holds it, or holds another run of the same
   * pipeline: two runs never write one pipeline's bills at the same time.
   */
  async claimRun(id: string, owner: string, leaseMs: number): Promise<Run | null> {
    const now = this.#now();
    const rows = await this.#sql.query<RunRow>(
      `update runs set state = 'running', lease_owner = $2, lease_until = $3, started_at = coalesce(started_at, $4)
       where id = $1 and (state = 'queued' or (state = 'running' and (lease_until is null or lease_until <= $4)))
         and (kind = 'preview' or not exists (
           select 1 from runs other where other.pipeline = runs.pipeline and other.id <> runs.id
             and other.kind <> 'preview' and other.state = 'running' and other.lease_until > $4))
       returning *`,
      [id, owner, new Date(now.getTime() + leaseMs), now],
    );
    return rows[0] ? toRun(rows[0]) : null;
  }

  /** Renews the lease and tells whether it is still ours and whether somebody asked to stop. */
  async renewLease(id: string, owner: string, leaseMs: number): Promise<{ held: boolean; cancelRequested: boolean }> {
    const rows = await this.#sql.query<{ cancel_requested: boolean }>(
      `update runs set lease_until = $3 where id = $1 and lease_owner = $2 and state = 'running' returning cancel_requested`,
      [id, owner, new Date(this.#now().getTime() + leaseMs)],
    );
    return { held: rows.length === 1, cancelRequested: rows[0]?.cancel_requested ?? false };
  }

  /** Frees the leases of workers that are known to be gone. */
  async releaseLeases(): Promise<void> {
    await this.#sql.query(`update runs set lease_until = null, lease_owner = null where state = 'running'`);
  }

  async saveCheckpoint(id: string, checkpoint: Checkpoint, total?: number | null): Promise<void> {
    await this.#sql.query('update runs set checkpoint = $2::jsonb, total = coalesce($3, total) where id = $1', [
      id,
      JSON.stringify(checkpoint),
      total ?? null,
    ]);
  }

  async finishRun(id: string, state: Run['state'], error: AppError | null): Promise<void> {
    await this.#sql.query(
      `update runs set state = $2, error = $3::jsonb, finished_at = $4, lease_owner = null, lease_until = null where id = $1`,
      [id, state, error ? JSON.stringify(error) : null, this.#now()],
    );
  }

  async requestCancel(id: string): Promise<boolean> {
    const rows = await this.#sql.query(
      `update runs set cancel_requested = true where id = $1 and state in ('queued', 'running') returning id`,
      [id],
    );
    return rows.length > 0;
  }

  /** One page, taken in whole together with the checkpoint behind it. The later `modified` of an order wins. */
  async recordPage(
    run: Run,
    slice: number,
    readings: readonly Reading[],
    checkpoint: Checkpoint,
    total: number | null,
  ): Promise<void> {
    await this.#sql.transaction(async (tx) => {
      for (const reading of readings) await this.#recordReading(tx, run, slice, reading);
      await tx.query('update runs set checkpoint = $2::jsonb, total = coalesce($3, total) where id = $1', [
        run.id,
        JSON.stringify(checkpoint),
        total,
      ]);
    });
  }

  async #recordReading(tx: Sql, run: Run, slice: number, { order, outcome, error, ...rest }: Reading): Promise<void> {
    const now = this.#now();
    const modified = fromWall(order.modified) ?? now;
    const errorJson = error ? JSON.stringify(error) : null;
    const category = error ? (error.category ?? 'unknown') : null;
    const state: DocumentState = outcome === 'failed' ? 'failed' : outcome === 'skipped' ? 'skipped' : 'ready';
    const kept = await tx.query(
      `insert into documents (pipeline, key, state, source_status, modified, io_date, shop_id, shop_name, warehouse_id, amount, quantity, raw,
         bill_number, category, error, first_seen_at, updated_at)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12::jsonb, $13, $14, $15::jsonb, $16, $16)
       on conflict (pipeline, key) do update set
         state = case when documents.state in ('ready', 'failed', 'skipped', 'undone') and documents.intent_until is null and documents.target_id is null
                      then excluded.state else documents.state end,
         source_status = excluded.source_status, modified = excluded.modified, io_date = excluded.io_date, shop_id = excluded.shop_id,
         shop_name = excluded.shop_name, warehouse_id = excluded.warehouse_id, amount = excluded.amount, quantity = excluded.quantity,
         raw = excluded.raw, bill_number = excluded.bill_number, updated_at = excluded.updated_at,
         category = case when excluded.state = 'failed' then excluded.category else documents.category end,
         error = case when excluded.state = 'failed' then excluded.error else documents.error end
       where documents.modified <= excluded.modified
       returning key`,
      [
        run.pipeline,
        order.key,
        state,
        order.status,
        modified,
        order.ioDate === null ? null : fromWall(order.ioDate),
        order.shopId,
        order.shopName,
        rest.warehouseId,
        rest.amount,
        rest.quantity,
        JSON.stringify(order),
        rest.billNumber,
        category,
        errorJson,
        now,
      ],
    );
    // An older version than the one we have (the other route was later) joins the run, but decides nothing in it.
    const onConflict =
      kept.length === 0
        ? 'nothing'
        : 'update set outcome = excluded.outcome, category = excluded.category, error = excluded.error, slice = excluded.slice';
    await tx.query(
      `insert into run_documents (run_id, key, outcome, category, error, slice) values ($1, $2, $3, $4, $5::jsonb, $6)
       on conflict (run_id, key) do ${onConflict}`,
      [run.id, order.key, outcome, category, errorJson, slice],
    );
  }

  /** Documents of a slice that still wait, in key order. */
  async pending(run: Run, slice: number, limit: number): Promise<StoredDocument[]> {
    return await this.#sql.query<StoredDocument>(
      `select ${documentColumns} from run_documents r join documents d on d.pipeline = $1 and d.key = r.key
       where r.run_id = $2 and r.slice = $3 and r.outcome = 'pending' order by r.key limit $4`,
      [run.pipeline, run.id, slice, limit],
    );
  }

  async document(
    pipeline: string,
    key: string,
  ): Promise<(StoredDocument & { category: string | null; error: StoredError | null }) | null> {
    const rows = await this.#sql.query<StoredDocument & { category: string | null; error: StoredError | null }>(
      `select ${documentColumns}, d.category, d.error from documents d where d.pipeline = $1
         and (d.key = $2 or d.bill_number = $2 or d.raw -> 'raw' ->> 'so_id' = $2 or d.raw -> 'raw' ->> 'o_id' = $2) order by (d.key = $2) desc limit 1`,
      [pipeline, key],
    );
    return rows[0] ?? null;
  }

  /** Says, before the call, that saves of these documents are about to be sent and may land until `until`. */
  async intend(run: Run, keys: readonly string[], until: Date): Promise<void> {
    await this.#sql.query(
      `update documents set state = 'sending', intent_until = $3, intent_run = $4, attempts = attempts + 1, updated_at = $5
       where pipeline = $1 and key = any($2) and state = any($6)`,
      [run.pipeline, [...keys], until, run.id, this.#now(), [...statesBefore('sending')]],
    );
  }

  /** A save that is in doubt may land until then; null = it is settled that it did not. */
  async extendIntent(run: Run, keys: readonly string[], until: Date | null): Promise<void> {
    await this.#sql.query('update documents set intent_until = $3 where pipeline = $1 and key = any($2)', [
      run.pipeline,
      [...keys],
      until,
    ]);
  }

  /** The document is in the target, this far. */
  async reach(pipeline: string, key: string, state: 'saved' | 'submitted' | 'done', targetId: string): Promise<void> {
    await this.#sql.query(
      `update documents set state = $3, target_id = $4, intent_until = null, category = null, error = null, updated_at = $5
       where pipeline = $1 and key = $2 and state = any($6)`,
      [pipeline, key, state, targetId, this.#now(), [...statesBefore(state)]],
    );
  }

  /** Ends a document's part in a run. A failure is kept on the document, too. */
  async settle(run: Run, key: string, outcome: Outcome, error?: AppError): Promise<void> {
    const category = error ? (error.category ?? 'unknown') : null;
    const errorJson = error ? JSON.stringify(error) : null;
    await this.#sql.transaction(async (tx) => {
      await tx.query(
        'update run_documents set outcome = $3, category = $4, error = $5::jsonb where run_id = $1 and key = $2',
        [run.id, key, outcome, category, errorJson],
      );
      if (!error) return;
      await tx.query(
        `update documents set state = case when intent_until is null and state <> 'cancelled' then 'failed' else state end, category = $3, error = $4::jsonb, updated_at = $5
         where pipeline = $1 and key = $2`,
        [run.pipeline, key, category, errorJson, this.#now()],
      );
    });
  }

  /** What could not be tried because the run stopped fails with the run's own cause. */
  async failPending(run: Run, error: AppError): Promise<void> {
    for (;;) {
      const waiting = await this.#sql.query<{ key: string }>(
        `select key from run_documents where run_id = $1 and outcome = 'pending' limit 500`,
        [run.id],
      );
      if (waiting.length === 0) return;
      for (const { key } of waiting) await this.settle(run, key, 'failed', error);
    }
  }

  /** A cancelled run leaves what it had not begun out of its counts: it did nothing with them. */
  async dropPending(run: Run): Promise<void> {
    await this.#sql.query(`delete from run_documents where run_id = $1 and outcome = 'pending'`, [run.id]);
  }

  /** An order that is cancelled at the source while its bill lives in the target: kept for somebody to decide. */
  async recordCancelled(pipeline: string, { order, ...reading }: Reading, targetId: string): Promise<void> {
    const now = this.#now();
    await this.#sql.query(
      `insert into documents (pipeline, key, state, source_status, modified, io_date, shop_id, shop_name, warehouse_id, amount, quantity, raw,
         bill_number, target_id, cancelled_at, first_seen_at, updated_at)
       values ($1, $2, 'cancelled', $3, $4, $5, $6, $7, $8, $9, $10, $11::jsonb, $12, $13, $14, $14, $14)
       on conflict (pipeline, key) do update set state = 'cancelled', source_status = excluded.source_status, modified = excluded.modified,
         target_id = excluded.target_id, cancelled_at = coalesce(documents.cancelled_at, excluded.cancelled_at), updated_at = excluded.updated_at`,
      [
        pipeline,
        order.key,
        order.status,
        fromWall(order.modified) ?? now,
        order.ioDate === null ? null : fromWall(order.ioDate),
        order.shopId,
        order.shopName,
        reading.warehouseId,
        reading.amount,
        reading.quantity,
        JSON.stringify(order),
        reading.billNumber,
        targetId,
        now,
      ],
    );
  }

  /** Adds a document to a run that names its keys. */
  async joinRun(run: Run, key: string): Promise<void> {
    await this.#sql.query(
      `insert into run_documents (run_id, key, outcome) values ($1, $2, 'pending') on conflict do nothing`,
      [run.id, key],
    );
  }

  async markUndone(pipeline: string, key: string): Promise<void> {
    await this.#sql.query(
      `update documents set state = 'undone', target_id = null, intent_until = null, category = null, error = null, updated_at = $3 where pipeline = $1 and key = $2`,
      [pipeline, key, this.#now()],
    );
  }

  async cancelled(pipeline: string): Promise<{ key: string; billNumber: string; amount: string }[]> {
    return await this.#sql.query(
      `select key, bill_number as "billNumber", amount::text as amount from documents where pipeline = $1 and state = 'cancelled' order by key limit 200`,
      [pipeline],
    );
  }

  async counts(runId: string): Promise<RunCounts> {
    const rows = await this.#sql.query<{ outcome: Outcome; count: number }>(
      'select outcome, count(*) as count from run_documents where run_id = $1 group by outcome',
      [runId],
    );
    const of = (outcome: Outcome): number => rows.find((row) => row.outcome === outcome)?.count ?? 0;
    const fetched = rows.reduce((sum, row) => sum + row.count, 0);
    return {
      fetched,
      written: of('written'),
      existing: of('existing'),
      failed: of('failed'),
      skipped: of('skipped'),
      pending: of('pending'),
      planned: of('planned'),
      undone: of('undone'),
    };
  }

  /** Count and amount of a run's documents with one of these outcomes. */
  async totals(run: Run, outcomes: readonly Outcome[]): Promise<Totals> {
    const rows = await this.#sql.query<Totals>(
      `select count(*) as count, coalesce(sum(d.amount), 0)::text as amount, count(distinct d.shop_id) as shops
       from run_documents r join documents d on d.pipeline = $2 and d.key = r.key where r.run_id = $1 and r.outcome = any($3)`,
      [run.id, run.pipeline, [...outcomes]],
    );
    return one(rows);
  }

  /** A run's failures by cause, the largest first. */
  async runFailures(run: Run): Promise<FailureGroup[]> {
    return groupFailures(
      await this.#sql.query<FailureRow>(
        `select r.key, r.category, r.error, d.amount::text as amount from run_documents r join documents d on d.pipeline = $2 and d.key = r.key
         where r.run_id = $1 and r.outcome = 'failed' order by r.key`,
        [run.id, run.pipeline],
      ),
    );
  }

  /** All documents that are failed now, by cause; those of a window by io_date when one is given. */
  async openFailures(pipeline: string, window?: { start: Date; end: Date }): Promise<FailureGroup[]> {
    return groupFailures(
      await this.#sql.query<FailureRow>(
        `select key, category, error, amount::text as amount from documents where pipeline = $1 and error is not null and state in ('failed', 'sending', 'saved', 'submitted')
           and ($2::timestamptz is null or (io_date >= $2 and io_date < $3)) order by key`,
        [pipeline, window?.start ?? null, window?.end ?? null],
      ),
    );
  }

  async watermark(pipeline: string, route: string): Promise<{ ts: string | null; until: Date } | null> {
    const rows = await this.#sql.query<{ ts: string | null; until: Date }>(
      'select ts, until from watermarks where pipeline = $1 and route = $2',
      [pipeline, route],
    );
    return rows[0] ?? null;
  }

  async saveWatermark(pipeline: string, route: string, ts: string | null, until: Date): Promise<void> {
    await this.#sql.query(
      `insert into watermarks (pipeline, route, ts, until, updated_at) values ($1, $2, $3, $4, $5)
       on conflict (pipeline, route) do update set ts = coalesce(excluded.ts, watermarks.ts), until = excluded.until, updated_at = excluded.updated_at`,
      [pipeline, route, ts, until, this.#now()],
    );
  }
}

interface FailureRow {
  key: string;
  category: FailureCategory | null;
  error: StoredError | null;
  amount: string;
}

function groupFailures(rows: readonly FailureRow[]): FailureGroup[] {
  const groups = new Map<FailureCategory, FailureRow[]>();
  for (const row of rows) {
    const category = row.category ?? 'unknown';
    groups.set(category, [...(groups.get(category) ?? []), row]);
  }
  return [...groups]
    .map(([category, members]) => ({
      category,
      message: members[0]?.error?.message ?? '',
      next: members[0]?.error?.next ?? '',
      subjects: [...new Set(members.flatMap((row) => row.error?.subjects ?? []))],
      count: members.length,
      amount: members.reduce((sum, row) => sum.plus(row.amount), new Decimal(0)).toFixed(2),
      orders: members.map((row) => row.key),
    }))
    .sort((a, b) => b.count - a.count || a.category.localeCompare(b.category));
}

function one<T>(rows: readonly T[]): T {
  const row = rows[0];
  if (row === undefined) throw new AppError('internal.unexpected', 'internal');
  return row;
}
