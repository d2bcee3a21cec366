import { createHash, randomBytes } from 'node:crypto';
import { dayMs } from '../../shanghai.ts';
import type { Sql } from '../../store/sql.ts';

export const linkMinutes = 10;
export const sessionMs = 7 * dayMs;

const hashed = (secret: string): string => createHash('sha256').update(secret).digest('hex');
const newSecret = (): string => randomBytes(32).toString('base64url');

/**
 * Log-ins to the page: a link that holds for ten minutes and once, and the session it becomes. Both are a person's; what role that
 * person has is looked up at every call, so it is never older than the roles are.
 */
export class Logins {
  readonly #sql: Sql;
  readonly #now: () => Date;

  constructor(sql: Sql, now: () => Date) {
    this.#sql = sql;
    this.#now = now;
  }

  /** The secret of a link for this person. */
  async issue(person: string): Promise<string> {
    const now = this.#now();
    const secret = newSecret();
    await this.#sql.query('delete from page_logins where expires_at <= $1', [now]);
    await this.#sql.query(`insert into page_logins (secret, kind, person, expires_at) values ($1, 'link', $2, $3)`, [
      hashed(secret),
      person,
      new Date(now.getTime() + linkMinutes * 60_000),
    ]);
    return secret;
  }

  /** A link becomes a session, once: the session's secret; null where it does not hold. */
  async redeem(link: string): Promise<string | null> {
    const now = this.#now();
    const secret = newSecret();
    const rows = await this.#sql.query(
      `with used as (
         delete from page_logins where secret = $1 and kind = 'link' and expires_at > $2 returning person)
       insert into page_logins (secret, kind, person, expires_at)
         select $3, 'session', person, $4 from used returning person`,
      [hashed(link), now, hashed(secret), new Date(now.getTime() + sessionMs)],
    );
    return rows.length > 0 ? secret : null;
  }

  /** Whose session it is; null where it does not hold. */
  async session(secret: string): Promise<string | null> {
    const rows = await this.#sql.query<{ person: string }>(
      `select person from page_logins where secret = $1 and kind = 'session' and expires_at > $2`,
      [hashed(secret), this.#now()],
    );
    return rows[0]?.person ?? null;
  }
}
