import type { Message } from '../channels/message.ts';
import { Decimal } from '../decimal.ts';
import type { Sql } from '../store/sql.ts';

export type Role = 'none' | 'viewer' | 'operator' | 'admin';
const ranks: readonly Role[] = ['none', 'viewer', 'operator', 'admin'];

export interface Limits {
  orders: number;
  days: number;
  amount: number;
}

/** Above any of these a write is confirmed first. */
export const defaultLimits: Limits = { orders: 20, days: 1, amount: 50_000 };
export const confirmationMinutes = 10;

/** What somebody may do. On the sandbox everybody may do everything; on real systems: terminal admin, page operator, chat viewer. */
export function roleOf(person: string, onSandbox: boolean): Role {
  if (onSandbox || person.startsWith('terminal:')) return 'admin';
  return person.startsWith('web:') ? 'operator' : 'viewer';
}

export function mayUse(role: Role, least: Role): boolean {
  return ranks.indexOf(role) >= ranks.indexOf(least);
}

export function needsConfirmation(plan: Omit<Limits, 'amount'> & { amount: number | string }, limits: Limits): boolean {
  return plan.orders > limits.orders || plan.days > limits.days || new Decimal(plan.amount).gt(limits.amount);
}

export interface Pending {
  id: string;
  tool: string;
  args: Record<string, unknown>;
}

/** Writes that wait for a yes: bound to person and conversation, single use, for ten minutes. */
export class Confirmations {
  readonly #sql: Sql;
  readonly #now: () => Date;

  constructor(sql: Sql, now: () => Date) {
    this.#sql = sql;
    this.#now = now;
  }

  async ask({ person, conversation }: Message, id: string, tool: string, args: Record<string, unknown>): Promise<void> {
    const now = this.#now();
    await this.#sql.query(
      `insert into confirmations (id, person, conversation, tool, args, created_at, expires_at) values ($1, $2, $3, $4, $5::jsonb, $6, $7)`,
      [
        id,
        person,
        conversation,
        tool,
        JSON.stringify(args),
        now,
        new Date(now.getTime() + confirmationMinutes * 60_000),
      ],
    );
  }

  /** Claims the named question, or the latest open one of this person here. Null when there is none that still holds. */
  async claim(
    { person, conversation }: Message,
    outcome: 'confirmed' | 'rejected',
    id?: string,
  ): Promise<Pending | null> {
    const now = this.#now();
    const rows = await this.#sql.query<Pending>(
      `update confirmations set claimed_at = $4, outcome = $5 where claimed_at is null and id = (
         select id from confirmations where person = $1 and conversation = $2 and claimed_at is null and expires_at > $4
           and ($3::text is null or id = $3) order by created_at desc limit 1)
       returning id, tool, args`,
      [person, conversation, id ?? null, now, outcome],
    );
    return rows[0] ?? null;
  }
}

/** Every decision, for 「谁动过昨天的同步」. Arguments are ranges, numbers and codes, never words of a message. */
export async function audit(
  sql: Sql,
  now: Date,
  { person, conversation }: Message,
  entry: { tool: string; args: Record<string, unknown>; decision: string; outcome: string; runId?: string },
): Promise<void> {
  await sql.query(
    `insert into audit (at, person, conversation, tool, args, decision, outcome, run_id) values ($1, $2, $3, $4, $5::jsonb, $6, $7, $8)`,
    [
      now,
      person,
      conversation,
      entry.tool,
      JSON.stringify(entry.args),
      entry.decision,
      entry.outcome,
      entry.runId ?? null,
    ],
  );
}
