import type { Sql } from '../store/sql.ts';

/** A document that is booked on another day than its mapping's, and who said so. */
export interface MovedDate {
  key: string;
  /** `YYYY-MM-DD`. */
  day: string;
  person: string;
  at: Date;
}

/** What people decide about documents whose day is closed in the target: to book them on another day, or to wait. The latest word holds. */
export class Decisions {
  readonly #sql: Sql;
  readonly #now: () => Date;

  constructor(sql: Sql, now: () => Date) {
    this.#sql = sql;
    this.#now = now;
  }

  async moveDate(pipeline: string, keys: readonly string[], day: string, person: string): Promise<void> {
    await this.#sql.query(
      `update documents set date_override = $3, date_override_by = $4, date_override_at = $5, held_by = null, held_until = null
       where pipeline = $1 and key = any($2)`,
      [pipeline, [...keys], day, person, this.#now()],
    );
  }

  /** Nothing of these is tried by itself before `until`; null = until the target opens the period. */
  async hold(pipeline: string, keys: readonly string[], until: Date | null, person: string): Promise<void> {
    await this.#sql.query('update documents set held_by = $3, held_until = $4 where pipeline = $1 and key = any($2)', [
      pipeline,
      [...keys],
      person,
      until,
    ]);
  }

  /** The latest moved dates, of one document when it is named. */
  async moved(pipeline: string, limit: number, key?: string): Promise<MovedDate[]> {
    return await this.#sql.query<MovedDate>(
      `select key, to_char(date_override, 'YYYY-MM-DD') as day, date_override_by as person, date_override_at as at from documents
       where pipeline = $1 and date_override is not null and ($3::text is null or key = $3) order by date_override_at desc, key limit $2`,
      [pipeline, limit, key ?? null],
    );
  }
}
