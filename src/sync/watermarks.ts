import type { Sql } from '../store/sql.ts';

/** How far the changes of a route have been followed. */
export interface Watermark {
  /** The highest rowversion taken in; null for a route whose rows carry none. */
  ts: string | null;
  /** What changed before this instant has been taken in. */
  until: Date;
}

export class Watermarks {
  readonly #sql: Sql;
  readonly #now: () => Date;

  constructor(sql: Sql, now: () => Date) {
    this.#sql = sql;
    this.#now = now;
  }

  async find(pipeline: string, route: string): Promise<Watermark | null> {
    const rows = await this.#sql.query<Watermark>(
      'select ts, until from watermarks where pipeline = $1 and route = $2',
      [pipeline, route],
    );
    return rows[0] ?? null;
  }

  async save(pipeline: string, route: string, { ts, until }: Watermark): Promise<void> {
    await this.#sql.query(
      `insert into watermarks (pipeline, route, ts, until, updated_at) values ($1, $2, $3, $4, $5)
       on conflict (pipeline, route) do update set ts = coalesce(excluded.ts, watermarks.ts), until = excluded.until, updated_at = excluded.updated_at`,
      [pipeline, route, ts, until, this.#now()],
    );
  }
}
