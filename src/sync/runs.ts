import { createHash, randomUUID } from 'node:crypto';
import type { AppError } from '../errors.ts';
import { stringifyStored } from '../json.ts';
import { dayMs } from '../shanghai.ts';
import { one, type Sql } from '../store/sql.ts';
import type { Lease } from './lease-watch.ts';
import { namesOrders } from './query.ts';
import type { Checkpoint, Run, RunRequest, StoredError } from './run.ts';

/** How long it is known that ticks were skipped. */
const keepSkippedMs = 30 * dayMs;

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
  stopped_by: string | null;
  pages: number;
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
  stoppedBy: row.stopped_by,
  pages: row.pages,
  error: row.error,
  createdAt: row.created_at,
  startedAt: row.started_at,
  finishedAt: row.finished_at,
});

/** What a run is about: what named orders are asked for in is no part of it, only when they were. */
function aboutOf({ pipeline, kind, by, start, end, filters }: RunRequest): string {
  const named = Object.entries(filters)
    .map(([name, value]) => [name, Array.isArray(value) ? value.toSorted() : value])
    .sort();
  const window = namesOrders(filters) ? [] : [by, start.getTime(), end.getTime()];
  return createHash('sha256')
    .update(JSON.stringify([pipeline, kind, window, named]))
    .digest('hex');
}

/** Of a pipeline; of a time in which they were asked for; of days they were to read. */
export interface RunFilter {
  pipeline?: string | undefined;
  asked?: { start: Date; end: Date } | undefined;
  about?: { start: Date; end: Date } | undefined;
}

const fits = `($1::text is null or pipeline = $1)
  and ($2::timestamptz is null or (created_at >= $2 and created_at < $3))
  and ($4::timestamptz is null or (window_start < $5 and window_end > $4))`;
/** A tick of the schedule that found nothing new. */
const idle = `trigger = 'schedule' and state = 'succeeded' and not exists (select 1 from run_documents d where d.run_id = runs.id)`;

const isNamed = (table: string): string => `(${table}.filters ? 'keys' or ${table}.filters ? 'numbers')`;

/** Every run there was: what was asked for, who carries it out under which lease, where it stands, how it ended. */
export class Runs {
  readonly #sql: Sql;
  readonly #now: () => Date;

  constructor(sql: Sql, now: () => Date) {
    this.#sql = sql;
    this.#now = now;
  }

  /** Makes a run, or joins the active one that does the same. `enqueue` runs in the same transaction. */
  async create(
    request: RunRequest,
    enqueue: (id: string, tx: Sql) => Promise<void>,
  ): Promise<{ run: Run; joined: boolean }> {
    const about = aboutOf(request);
    return await this.#sql.transaction(async (tx) => {
      // Who names orders again may have mended something since one that is on has read them: that one does not serve.
      if (namesOrders(request.filters))
        await tx.query(
          `update runs set about = null where about = $1 and state in ('queued', 'running')
             and exists (select 1 from run_documents where run_id = runs.id)`,
          [about],
        );
      for (;;) {
        const made = await this.#insert(tx, request, about);
        if (made) {
          await enqueue(made.id, tx);
          return { run: toRun(made), joined: false };
        }
        const [same] = await tx.query<RunRow>(
          `select * from runs where about = $1 and state in ('queued', 'running')`,
          [about],
        );
        // None: it ended in between.
        if (same) return { run: toRun(same), joined: true };
      }
    });
  }

  /** Null while one that is about the same is on. */
  async #insert(tx: Sql, request: RunRequest, about: string): Promise<RunRow | null> {
    const [row] = await tx.query<RunRow>(
      `insert into runs (id, pipeline, kind, trigger, window_by, window_start, window_end, filters, requester, state, created_at, about)
         values ($1, $2, $3, $4, $5, $6, $7, $8::jsonb, $9::jsonb, 'queued', $10, $11)
         on conflict (about) where state in ('queued', 'running') do nothing returning *`,
      [
        randomUUID(),
        request.pipeline,
        request.kind,
        request.trigger,
        request.by,
        request.start,
        request.end,
        stringifyStored(request.filters),
        stringifyStored(request.requester),
        this.#now(),
        about,
      ],
    );
    return row ?? null;
  }

  async find(id: string): Promise<Run | null> {
    const rows = await this.#sql.query<RunRow>('select * from runs where id = $1', [id]);
    return rows[0] ? toRun(rows[0]) : null;
  }

  /** The latest runs, newest first; those of one pipeline when it is named. */
  async recent(limit: number, pipeline?: string): Promise<Run[]> {
    const rows = await this.#sql.query<RunRow>(
      `select * from runs where ($2::text is null or pipeline = $2) order by created_at desc limit $1`,
      [limit, pipeline ?? null],
    );
    return rows.map(toRun);
  }

  /**
   * The latest runs that write and found something to do, newest first, `limit` of them from `offset` on; how many there are in all; and
   * how many ticks of the schedule between the first and the last of these found nothing.
   */
  async history(
    filter: RunFilter,
    { offset, limit }: { offset: number; limit: number },
  ): Promise<{ runs: Run[]; total: number; idle: number }> {
    const { pipeline, asked, about } = filter;
    const values = [pipeline, asked?.start, asked?.end, about?.start, about?.end].map((value) => value ?? null);
    const rows = await this.#sql.query<RunRow & { total: number }>(
      `select *, count(*) over () as total from runs where ${fits} and not (${idle}) order by created_at desc limit $6 offset $7`,
      [...values, limit, offset],
    );
    const total = rows[0]?.total ?? 0;
    const runs = rows.map(toRun);
    const since = offset + runs.length < total ? runs.at(-1)?.createdAt : asked?.start;
    const until = offset > 0 ? runs[0]?.createdAt : undefined;
    const { count } = one(
      await this.#sql.query<{ count: number }>(
        `select count(*) as count from runs where ${fits} and ${idle} and ($6::timestamptz is null or created_at >= $6)
           and ($7::timestamptz is null or created_at < $7)`,
        [...values, since ?? null, until ?? null],
      ),
    );
    return { runs, total, idle: count };
  }

  /** Those that the emergency brake ended since then, the first first. */
  async braked(since: Date): Promise<Run[]> {
    const rows = await this.#sql.query<RunRow>(
      `select * from runs where state = 'cancelled' and error ->> 'code' = 'sync.braked' and finished_at >= $1 order by created_at`,
      [since],
    );
    return rows.map(toRun);
  }

  async active(): Promise<Run[]> {
    const rows = await this.#sql.query<RunRow>(
      `select * from runs where state in ('queued', 'running') order by created_at`,
    );
    return rows.map(toRun);
  }

  /**
   * Takes the lease of a run, alone among the workers; null when somebody else holds it, or a run of the same pipeline that it must not
   * go on beside: only runs of named documents go on beside others, and none beside one that takes bills out. A lease that is still this owner's is taken again: it was
   * left with the store away.
   */
  async claim(id: string, owner: string, leaseMs: number): Promise<Run | null> {
    const now = this.#now();
    const rows = await this.#sql.query<RunRow>(
      `update runs set state = 'running', lease_owner = $2, lease_until = $3, started_at = coalesce(started_at, $4)
       where id = $1 and (state = 'queued' or (state = 'running' and (lease_until is null or lease_until <= $4 or lease_owner = $2)))
         and not exists (
           select 1 from runs other where other.pipeline = runs.pipeline and other.id <> runs.id
             and other.state = 'running' and other.lease_until > $4
             and (other.kind = 'undo' or runs.kind = 'undo' or not (${isNamed('other')} or ${isNamed('runs')})))
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

  /** Leases that hold by our clock. */
  async leases(): Promise<Lease[]> {
    return await this.#sql.query<Lease>(
      `select id, lease_until as until from runs where state = 'running' and lease_until > $1`,
      [this.#now()],
    );
  }

  /** Frees one that is as it was seen. */
  async freeLease({ id, until }: Lease): Promise<void> {
    await this.#sql.query(
      `update runs set lease_until = null, lease_owner = null where id = $1 and state = 'running' and lease_until = $2`,
      [id, until],
    );
  }

  /** Frees the leases of workers that are known to be gone. */
  async releaseLeases(): Promise<void> {
    await this.#sql.query(`update runs set lease_until = null, lease_owner = null where state = 'running'`);
  }

  async saveCheckpoint(id: string, checkpoint: Checkpoint): Promise<void> {
    await this.#sql.query('update runs set checkpoint = $2::jsonb where id = $1', [id, JSON.stringify(checkpoint)]);
  }

  async finish(id: string, state: Run['state'], error: AppError | null): Promise<void> {
    await this.#sql.query(
      `update runs set state = $2, error = $3::jsonb, finished_at = $4, lease_owner = null, lease_until = null where id = $1`,
      [id, state, error ? stringifyStored(error) : null, this.#now()],
    );
  }

  /** A tick of the schedule that found the run before it still on. */
  async recordSkippedTick(pipeline: string, at: Date): Promise<void> {
    await this.#sql.query('delete from skipped_ticks where at < $1', [new Date(at.getTime() - keepSkippedMs)]);
    await this.#sql.query('insert into skipped_ticks (pipeline, at) values ($1, $2) on conflict do nothing', [
      pipeline,
      at,
    ]);
  }

  async requestCancel(id: string, person: string): Promise<boolean> {
    const rows = await this.#sql.query(
      `update runs set cancel_requested = true, stopped_by = coalesce(stopped_by, $2)
       where id = $1 and state in ('queued', 'running') returning id`,
      [id, person],
    );
    return rows.length > 0;
  }
}
