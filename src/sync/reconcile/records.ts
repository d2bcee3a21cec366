import { randomUUID } from 'node:crypto';
import type { AppError } from '../../errors.ts';
import { stringifyStored } from '../../json.ts';
import { dayMs, startOfDay } from '../../shanghai.ts';
import type { Sql } from '../../store/sql.ts';
import type { Lease } from '../lease-watch.ts';
import type { Window } from '../window.ts';
import type { DayPlan, Place, Progress, Reconciliation } from './reconciliation.ts';

const keepFor = 30 * dayMs;
const scratchRows = 2000;
const columns = `id, pipeline, window_start as start, window_end as "end", state, requester, days, place, progress, error,
  created_at as "createdAt", finished_at as "finishedAt"`;

/** Nobody waits longer than this for what passes by itself. */
const longestWaitMs = 600_000;
/** A lease that is over or our own; or nobody's, and further ahead than anybody waits: it was set by another clock. */
const isFree = (now: string, owner: string, furthest: string): string =>
  `(lease_until is null or lease_until <= ${now} or lease_owner = ${owner} or (lease_owner is null and lease_until > ${furthest}))`;

/** Reconciliations as rows: begun, leased, moved on, ended. */
export class Records {
  readonly #sql: Sql;
  readonly #now: () => Date;

  constructor(sql: Sql, now: () => Date) {
    this.#sql = sql;
    this.#now = now;
  }

  /** One over the whole days that hold the window, since bills are dated by day: the same conversation's that is on, or a new one. */
  async begin(pipeline: string, window: Window, requester: Reconciliation['requester']): Promise<Reconciliation> {
    const start = startOfDay(window.start);
    const end = new Date(startOfDay(window.end.getTime() - 1).getTime() + dayMs);
    await this.#sql.query('delete from reconciliations where created_at < $1 and state <> $2', [
      new Date(this.#now().getTime() - keepFor),
      'running',
    ]);
    for (;;) {
      const [made] = await this.#sql.query<Reconciliation>(
        `insert into reconciliations (id, pipeline, window_start, window_end, requester, state, created_at)
         values ($1, $2, $3, $4, $5::jsonb, 'running', $6)
         on conflict (pipeline, window_start, window_end, (requester ->> 'conversation')) where state = 'running' and not stop_requested
         do nothing returning ${columns}`,
        [randomUUID(), pipeline, start, end, stringifyStored(requester), this.#now()],
      );
      if (made) return made;
      const [on] = await this.#sql.query<Reconciliation>(
        `select ${columns} from reconciliations where pipeline = $1 and window_start = $2 and window_end = $3
           and requester ->> 'conversation' = $4 and state = 'running' and not stop_requested`,
        [pipeline, start, end, requester.conversation],
      );
      // None: it ended in between.
      if (on) return on;
    }
  }

  async find(id: string): Promise<Reconciliation | null> {
    const rows = await this.#sql.query<Reconciliation>(`select ${columns} from reconciliations where id = $1`, [id]);
    return rows[0] ?? null;
  }

  /** Those that are on, newest first. */
  async running(): Promise<Reconciliation[]> {
    return await this.#sql.query<Reconciliation>(
      `select ${columns} from reconciliations where state = 'running' order by created_at desc`,
    );
  }

  /** Those that are on and that nobody else holds. */
  async abandoned(owner: string): Promise<string[]> {
    const now = this.#now();
    const rows = await this.#sql.query<{ id: string }>(
      `select id from reconciliations where state = 'running' and ${isFree('$1', '$2', '$3')}`,
      [now, owner, new Date(now.getTime() + longestWaitMs)],
    );
    return rows.map(({ id }) => id);
  }

  /** Takes the lease; null when somebody else holds it or it has ended. */
  async claim(id: string, owner: string, leaseMs: number): Promise<Reconciliation | null> {
    const now = this.#now();
    const rows = await this.#sql.query<Reconciliation>(
      `update reconciliations set lease_owner = $2, lease_until = $3
       where id = $1 and state = 'running' and ${isFree('$4', '$2', '$5')} returning ${columns}`,
      [id, owner, new Date(now.getTime() + leaseMs), now, new Date(now.getTime() + longestWaitMs)],
    );
    return rows[0] ?? null;
  }

  /** Leases that hold by our clock. */
  async leases(): Promise<Lease[]> {
    return await this.#sql.query<Lease>(
      `select id, lease_until as until from reconciliations where state = 'running' and lease_owner is not null and lease_until > $1`,
      [this.#now()],
    );
  }

  /** Frees one that is as it was seen. */
  async freeLease({ id, until }: Lease): Promise<void> {
    await this.#sql.query(
      `update reconciliations set lease_until = null, lease_owner = null where id = $1 and state = 'running' and lease_until = $2`,
      [id, until],
    );
  }

  async renew(id: string, owner: string, leaseMs: number): Promise<void> {
    await this.#sql.query(
      `update reconciliations set lease_until = $3 where id = $1 and lease_owner = $2 and state = 'running'`,
      [id, owner, new Date(this.#now().getTime() + leaseMs)],
    );
  }

  /** Frees one lease, or all when their holders are known to be gone. */
  async release(id: string | null = null): Promise<void> {
    await this.#sql.query(
      `update reconciliations set lease_owner = null, lease_until = null where state = 'running' and ($1::text is null or id = $1)`,
      [id],
    );
  }

  /** Where the work stands, in `tx` with what was read; tells whether it is still ours and whether somebody asked to stop. */
  async move(
    tx: Sql,
    { id, days, place, progress }: { id: string; days: DayPlan[]; place: Place; progress: Progress },
    owner: string,
  ): Promise<{ held: boolean; stopRequested: boolean }> {
    const rows = await tx.query<{ stop_requested: boolean }>(
      `update reconciliations set days = $3::jsonb, place = $4::jsonb, progress = $5::jsonb
       where id = $1 and lease_owner = $2 and state = 'running' returning stop_requested`,
      [id, owner, JSON.stringify(days), JSON.stringify(place), JSON.stringify(progress)],
    );
    return { held: rows.length === 1, stopRequested: rows[0]?.stop_requested ?? false };
  }

  /** Lets go of it; nobody takes it up again for so long. */
  async postpone(id: string, progress: Progress, forMs: number): Promise<void> {
    await this.#sql.query(
      `update reconciliations set progress = $2::jsonb, lease_owner = null, lease_until = $3 where id = $1 and state = 'running'`,
      [id, JSON.stringify(progress), new Date(this.#now().getTime() + forMs)],
    );
  }

  async requestStop(id: string): Promise<boolean> {
    const rows = await this.#sql.query(
      `update reconciliations set stop_requested = true where id = $1 and state = 'running' returning id`,
      [id],
    );
    return rows.length > 0;
  }

  /** Ends it and drops what was read, a little at a time: the embedded store has one thread for everybody. */
  async end(id: string, state: Reconciliation['state'], error: AppError | null): Promise<Reconciliation | null> {
    await this.#sql.query(
      `update reconciliations set state = $2, error = $3::jsonb, finished_at = $4, lease_owner = null, lease_until = null where id = $1`,
      [id, state, error ? JSON.stringify(error) : null, this.#now()],
    );
    for (const table of ['reconcile_source', 'reconcile_target']) {
      let dropped: unknown[];
      do {
        dropped = await this.#sql.query(
          `delete from ${table} where id = $1 and number in (select number from ${table} where id = $1 limit ${scratchRows}) returning 1 as gone`,
          [id],
        );
      } while (dropped.length === scratchRows);
    }
    return await this.find(id);
  }
}
