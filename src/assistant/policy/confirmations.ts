import { randomUUID } from 'node:crypto';
import type { Message } from '../../channels/message.ts';
import { stringifyStored } from '../../json.ts';
import type { Sql } from '../../store/sql.ts';

export const confirmationMinutes = 10;

export interface Pending {
  id: string;
  tool: string;
  args: Record<string, unknown>;
  /** Who asked for it. */
  person: string;
  createdAt: Date;
}

/** `second` = the first of two has said yes, somebody else has to as well. */
export type Claim = { outcome: 'claimed'; pending: Pending } | { outcome: 'second' };

/** Writes that wait for a yes: bound to person, conversation and arguments, single use, for ten minutes. */
export class Confirmations {
  readonly #sql: Sql;
  readonly #now: () => Date;

  constructor(sql: Sql, now: () => Date) {
    this.#sql = sql;
    this.#now = now;
  }

  async ask(
    { person, conversation }: Message,
    tool: string,
    args: object,
    { fourEyes = false }: { fourEyes?: boolean } = {},
  ): Promise<string> {
    const now = this.#now();
    const id = randomUUID();
    await this.#sql.query(
      `insert into confirmations (id, person, conversation, tool, args, created_at, expires_at, four_eyes)
       values ($1, $2, $3, $4, $5::jsonb, $6, $7, $8)`,
      [
        id,
        person,
        conversation,
        tool,
        stringifyStored(args),
        now,
        new Date(now.getTime() + confirmationMinutes * 60_000),
        fourEyes,
      ],
    );
    return id;
  }

  /**
   * Claims the named question, or the last one asked here that this person may answer: their own, or as the second of four eyes
   * somebody else's. A word never reaches back to a question before it. Null when it does not hold any more.
   */
  async claim(
    { person, conversation }: Message,
    outcome: 'confirmed' | 'rejected',
    id?: string,
  ): Promise<Claim | null> {
    const now = this.#now();
    const where = [person, conversation, now, id ?? null];
    if (outcome === 'confirmed') {
      const first = await this.#sql.query(
        `update confirmations set first_by = $1 where four_eyes and first_by is null and id = (${openOne}) returning id`,
        where,
      );
      if (first.length > 0) return { outcome: 'second' };
    }
    const rows = await this.#sql.query<Pending>(
      `update confirmations set claimed_at = $3, outcome = $5 where claimed_at is null and id = (${openOne})
       returning id, tool, args, person, created_at as "createdAt"`,
      [...where, outcome],
    );
    return rows[0] ? { outcome: 'claimed', pending: rows[0] } : null;
  }

  /** The question here that one person has said yes to and that waits for another one, who this is. */
  async awaitingSecond({ person, conversation }: Message): Promise<string | null> {
    const [open] = await this.#sql.query<{ id: string }>(
      `select id from confirmations where conversation = $2 and claimed_at is null and expires_at > $3 and first_by <> $1
       order by created_at desc limit 1`,
      [person, conversation, this.#now()],
    );
    return open?.id ?? null;
  }

  /** The question that a claim would take, untouched. */
  async peek({ person, conversation }: Message, id?: string): Promise<Pending | null> {
    const rows = await this.#sql.query<Pending>(
      `select id, tool, args, person, created_at as "createdAt" from confirmations where id = (${openOne})`,
      [person, conversation, this.#now(), id ?? null],
    );
    return rows[0] ?? null;
  }
}

/** Of $1 (person) in $2 (conversation) at $3, named by $4 or the last that was asked. */
const openOne = `select id from confirmations asked where conversation = $2 and claimed_at is null and expires_at > $3
  and (id = $4 or ($4::text is null and not exists (select 1 from confirmations later
    where later.conversation = asked.conversation and later.person = asked.person and later.created_at > asked.created_at)))
  and (case when first_by is null then person = $1 else first_by <> $1 end)
  order by created_at desc limit 1`;
