import { randomUUID } from 'node:crypto';
import type { AppError } from '../errors.ts';
import { dayMs } from '../shanghai.ts';
import { one, type Sql } from '../store/sql.ts';
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

  async find(id: string): Promise<Run | null> {
    const rows = await this.#sql.query<RunRow>('select * from runs where id = $1', [id]);
    return rows[0] ? toRun(rows[0]) : null;
  }

  /** The latest runs that write, newest first; those of one conversation when it is named. */
  async recent(limit: number, conversation?: string): Promise<Run[]> {
    const rows = await this.#sql.query<RunRow>(
      `select * from runs where kind <> 'preview' and ($2::text is null or requester ->> 'conversation' = $2) order by created_at desc limit $1`,
      [limit, conversation ?? null],
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
   * Takes the lease of a run, alone among the workers; null when somebody else holds it, or holds another run of the same
   * pipeline: two runs never write one pipeline's bills at the same time.
   */
  async claim(id: string, owner: string, leaseMs: number): Promise<Run | null> {
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

  async saveCheckpoint(id: string, checkpoint: Checkpoint): Promise<void> {
    await this.#sql.query('update runs set checkpoint = $2::jsonb where id = $1', [id, JSON.stringify(checkpoint)]);
  }

  async finish(id: string, state: Run['state'], error: AppError | null): Promise<void> {
    await this.#sql.query(
      `update runs set state = $2, error = $3::jsonb, finished_at = $4, lease_owner = null, lease_until = null where id = $1`,
      [id, state, error ? JSON.stringify(error) : null, this.#now()],
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

  async requestCancel(id: string): Promise<boolean> {
    const rows = await this.#sql.query(
      `update runs set cancel_requested = true where id = $1 and state in ('queued', 'running') returning id`,
      [id],
    );
    return rows.length > 0;
  }
}
