import { toDay } from '../../shanghai.ts';
import type { Sql } from '../../store/sql.ts';

/** Tokens the model took today, by person and by conversation. */
export class Usage {
  readonly #sql: Sql;
  readonly #now: () => Date;

  constructor(sql: Sql, now: () => Date) {
    this.#sql = sql;
    this.#now = now;
  }

  async today(who: string): Promise<number> {
    const rows = await this.#sql.query<{ tokens: string | number }>(
      'select tokens from model_usage where day = $1 and who = $2',
      [toDay(this.#now()), who],
    );
    return Number(rows[0]?.tokens ?? 0);
  }

  async add(whose: readonly string[], tokens: number): Promise<void> {
    for (const who of new Set(whose))
      await this.#sql.query(
        `insert into model_usage (day, who, tokens) values ($1, $2, $3)
         on conflict (day, who) do update set tokens = model_usage.tokens + excluded.tokens`,
        [toDay(this.#now()), who, tokens],
      );
  }
}
