import type { Message } from '../../channels/message.ts';
import type { Sql } from '../../store/sql.ts';

export interface AuditEntry {
  at: Date;
  person: string;
  conversation: string;
  tool: string;
  args: Record<string, unknown>;
  decision: string;
  outcome: string;
  runId: string | null;
}

/** Every decision, for 「谁动过昨天的同步」. Arguments are ranges, numbers and codes, never words of a message. */
export class Audit {
  readonly #sql: Sql;
  readonly #now: () => Date;

  constructor(sql: Sql, now: () => Date) {
    this.#sql = sql;
    this.#now = now;
  }

  async record(
    { person, conversation }: Message,
    entry: { tool: string; args: object; decision: string; outcome: string; runId?: string | undefined },
  ): Promise<void> {
    await this.#sql.query(
      `insert into audit (at, person, conversation, tool, args, decision, outcome, run_id) values ($1, $2, $3, $4, $5::jsonb, $6, $7, $8)`,
      [
        this.#now(),
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

  /** What was decided in a window, or what concerns runs and orders of it, newest first. */
  async entries(window: { start: Date; end: Date } | null, limit: number): Promise<AuditEntry[]> {
    return await this.#sql.query<AuditEntry>(
      `select a.at, a.person, a.conversation, a.tool, a.args, a.decision, a.outcome, a.run_id as "runId"
       from audit a left join runs r on r.id = a.run_id
       where $1::timestamptz is null or (a.at >= $1 and a.at < $2) or (r.window_start < $2 and r.window_end > $1 and r.kind = 'sync')
       order by a.at desc limit $3`,
      [window?.start ?? null, window?.end ?? null, limit],
    );
  }
}
