import type { Message } from '../../channels/message.ts';
import { stringifyStored } from '../../json.ts';
import type { Sql } from '../../store/sql.ts';
import type { Schedule } from '../../sync/schedule.ts';

/** What a setting was and is: codes and cron texts, which are put in words when they are shown. Null = not set. */
export type Change =
  | { map: string; source: string; before: string | null; after: string | null }
  | { schedule: string; before: Schedule; after: Schedule };

export interface AuditEntry {
  at: Date;
  /** Of those at one moment, which came first. */
  id: number;
  /** `schedule` where nobody did. */
  person: string;
  tool: string;
  args: Record<string, unknown>;
  decision: string;
  outcome: string;
  change: Change | null;
}

/** Of a time, or about runs of its days; of people; by tools; about documents, by number; about a pipeline. */
export interface AuditFilter {
  window?: { start: Date; end: Date } | undefined;
  people?: readonly string[] | undefined;
  tools?: readonly string[] | undefined;
  keys?: readonly string[] | undefined;
  pipeline?: string | undefined;
}

/** Of a window, $1 to $2. */
const concerned = `from audit a left join runs r on r.id = a.run_id
  where $1::timestamptz is null or (a.at >= $1 and a.at < $2) or (r.window_start < $2 and r.window_end > $1 and r.kind = 'sync')`;

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
    entry: {
      tool: string;
      args: object;
      decision: string;
      outcome: string;
      runId?: string | undefined;
      change?: Change | undefined;
    },
  ): Promise<void> {
    await this.#sql.query(
      `insert into audit (at, person, conversation, tool, args, decision, outcome, run_id, change)
       values ($1, $2, $3, $4, $5::jsonb, $6, $7, $8, $9::jsonb)`,
      [
        this.#now(),
        person,
        conversation,
        entry.tool,
        stringifyStored(entry.args),
        entry.decision,
        entry.outcome,
        entry.runId ?? null,
        entry.change ? JSON.stringify(entry.change) : null,
      ],
    );
  }

  /**
   * What was decided, newest first, `limit` of them from `offset` on, and how many there are. What the schedule did to a document by itself counts, where the document is
   * asked about: nobody decided it, and somebody wants to know.
   */
  async entries(
    filter: AuditFilter,
    { offset, limit }: { offset: number; limit: number },
  ): Promise<{ entries: AuditEntry[]; total: number }> {
    const { window, people, tools, keys, pipeline } = filter;
    const rows = await this.#sql.query<AuditEntry & { total: number }>(
      `select at, id, person, tool, args, decision, outcome, change, count(*) over () as total
       from (${decided} union all ${byItself}) entries order by at desc, id desc limit $6 offset $7`,
      [
        window?.start ?? null,
        window?.end ?? null,
        ...[people, tools, keys].map(listed),
        limit,
        offset,
        pipeline ?? null,
      ],
    );
    return { entries: rows, total: rows[0]?.total ?? 0 };
  }

  /** Everybody who has decided something, by id. */
  async people(): Promise<string[]> {
    return (await this.#sql.query<{ person: string }>('select distinct person from audit')).map(({ person }) => person);
  }

  async count(window: { start: Date; end: Date } | null): Promise<number> {
    const [row] = await this.#sql.query<{ count: number }>(`select count(*) as count ${concerned}`, [
      window?.start ?? null,
      window?.end ?? null,
    ]);
    return row?.count ?? 0;
  }
}

const listed = (values: readonly string[] | undefined): string[] | null => (values ? [...values] : null);

const decided = `select a.at, a.id, a.person, a.tool, a.args, a.decision, a.outcome, a.change
  from audit a left join runs r on r.id = a.run_id
  where ($1::timestamptz is null or (a.at >= $1 and a.at < $2) or (r.window_start < $2 and r.window_end > $1 and r.kind = 'sync'))
    and ($3::text[] is null or a.person = any($3)) and ($4::text[] is null or a.tool = any($4))
    and ($8::text is null or coalesce(r.pipeline, a.args ->> 'pipeline') = $8)
    and ($5::text[] is null or a.args -> 'orders' ?| $5 or a.args ->> 'order' = any($5)
      or exists (select 1 from run_documents d where d.run_id = a.run_id and d.key = any($5)))`;

const byItself = `select started_at, 0::bigint, 'schedule', case kind when 'undo' then 'undo-order' when 'retry' then 'retry-failures' else 'sync-orders' end,
    jsonb_build_object('pipeline', pipeline), 'run', 'ok', null::jsonb
  from runs where trigger = 'schedule' and started_at is not null and $5::text[] is not null and $3::text[] is null and ($8::text is null or pipeline = $8)
    and ($1::timestamptz is null or (started_at >= $1 and started_at < $2))
    and ($4::text[] is null or case kind when 'undo' then 'undo-order' when 'retry' then 'retry-failures' else 'sync-orders' end = any($4))
    and exists (select 1 from run_documents d where d.run_id = runs.id and d.key = any($5) and d.outcome in ('written', 'undone'))`;
