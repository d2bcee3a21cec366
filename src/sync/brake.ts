import { AppError } from '../errors.ts';
import { personName } from '../format.ts';
import { phrase } from '../phrases.ts';
import { toWall } from '../shanghai.ts';
import type { Sql } from '../store/sql.ts';

/** Somebody's brake that holds. */
export interface Held {
  person: string;
  /** What the platform calls the person, where it has said so. */
  name: string | null;
  at: Date;
}

const held = `select b.person, p.name, b.at from brakes b left join people p on p.person = b.person where b.released_at is null`;

/** The emergency brake: while it holds, nothing is written to the target, whoever asks for it. A row, so that every process sees it at once. */
export class Brake {
  readonly #sql: Sql;
  readonly #now: () => Date;

  constructor(sql: Sql, now: () => Date) {
    this.#sql = sql;
    this.#now = now;
  }

  async held(): Promise<Held | null> {
    const [row] = await this.#sql.query<Held>(held);
    return row ?? null;
  }

  /** False when it held already; then it stays that of whoever pulled it. */
  async pull(person: string): Promise<boolean> {
    const rows = await this.#sql.query(
      'insert into brakes (person, at) values ($1, $2) on conflict do nothing returning id',
      [person, this.#now()],
    );
    return rows.length > 0;
  }

  /** Null when it did not hold. */
  async release(person: string): Promise<{ at: Date } | null> {
    const [row] = await this.#sql.query<{ at: Date }>(
      'update brakes set released_by = $1, released_at = $2 where released_at is null returning at',
      [person, this.#now()],
    );
    return row ?? null;
  }

  /** Refuses to write while it holds. Code: `sync.braked`. */
  async refuse(): Promise<void> {
    const by = await this.held();
    if (by) throw braked(by);
  }
}

const words = ({ person, name, at }: Held): { person: string; since: string } => ({
  person: personName(person, name),
  since: toWall(at).slice(5, 16),
});

export const braked = (by: Held): AppError => new AppError('sync.braked', 'conflict', { params: words(by) });

/** Who stopped all writing, since when, and how it goes on: small print of what speaks of runs while it holds. */
export const brakeNote = (by: Held | null): string => (by ? phrase('brake.note', words(by)) : '');
