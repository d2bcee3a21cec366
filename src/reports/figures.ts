import { Decimal } from '../decimal.ts';
import { money } from '../format.ts';
import { phrase } from '../phrases.ts';
import type { Sql } from '../store/sql.ts';
import type { Pipeline } from '../sync/pipeline.ts';
import type { Window } from '../sync/window.ts';

export type GroupBy = 'shop' | 'warehouse' | 'day' | 'week' | 'month' | 'sku' | 'reason';

export interface Figure {
  label: string;
  count: number;
  /** Yuan. */
  amount: string;
  quantity: string;
  written: number;
  /** Yuan, of what is written. */
  writtenAmount: string;
  failed: number;
  /** How many groups there are in all. */
  groups: number;
}

/** What became of an order, as people are told: each has a word of its own, and none is added up under another's. */
export const orderOutcomes = ['written', 'unaudited', 'failed', 'waiting', 'withdrawn', 'cancelled'] as const;
export type OrderOutcome = (typeof orderOutcomes)[number];

/** Count and yuan. */
export interface Part {
  count: number;
  amount: string;
}

/** A window's orders that were shipped and stand, and of them and beside them what became of each. */
export interface Totals extends Part {
  of: Readonly<Record<OrderOutcome, Part & { outcome: OrderOutcome }>>;
  /** Of the cancelled ones, those that still have a bill. */
  cancelledThere: number;
}

const localDay = `(d.io_date at time zone 'Asia/Shanghai')`;
const labels: Readonly<Record<Exclude<GroupBy, 'sku'>, string>> = {
  shop: `coalesce(nullif(d.shop_name, ''), d.shop_id)`,
  warehouse: `coalesce(nullif(d.raw -> 'raw' ->> 'warehouse', ''), d.warehouse_id)`,
  day: `to_char(${localDay}, 'MM-DD')`,
  week: `to_char(date_trunc('week', ${localDay}), 'MM-DD')`,
  month: `to_char(${localDay}, 'YYYY-MM')`,
  reason: `coalesce(d.category, '')`,
};
/** Groups that follow each other in time. */
export const inTime: readonly GroupBy[] = ['day', 'week', 'month'];

export interface Asked {
  pipeline: string;
  /** Whether the pipeline audits what it writes. */
  audits: boolean;
  start: Date;
  end: Date;
}

export const askedOf = ({ id, target }: Pipeline, { start, end }: Window): Asked => ({
  pipeline: id,
  audits: target.after.includes('audit'),
  start,
  end,
});

/** What became of one of `documents d`, as SQL. A pipeline that does not audit brings nothing into the books: what it wrote waits there. */
export const outcomeOf = (audits: boolean): string => `case
  when d.state in ('undone', 'withdrawn') then 'withdrawn'
  when d.state = 'cancelled' or d.source_status = 'Cancelled' then 'cancelled'
  when d.error is not null then 'failed'
  when d.state = 'done' then '${audits ? 'written' : 'unaudited'}'
  when d.state in ('saved', 'submitted') then 'unaudited' else 'waiting' end`;

/** Documents of the window with what became of each; the pipeline and the window are $1 to $3. */
const documents = (audits: boolean): string =>
  `(select d.*, ${outcomeOf(audits)} as outcome from documents d where d.pipeline = $1 and d.io_date >= $2 and d.io_date < $3) d`;
/** What a report counts of them. */
const counted = `d.outcome not in ('withdrawn', 'cancelled') and d.state <> 'skipped'`;

/** A line's number, nothing where it holds something else: the order is failed then, and the figures stand. */
const numberOf = (name: string): string =>
  `(case when line ->> '${name}' ~ '^[+-]?\\d{1,20}(\\.\\d{1,20})?$' then (line ->> '${name}')::numeric end)`;

/** Count, amount and success of a window's orders by what is asked for, out of the ledger; in time order, else the largest first. */
export async function figures(
  sql: Sql,
  { pipeline, start, end, audits }: Asked,
  by: GroupBy,
  limit: number,
  offset = 0,
): Promise<Figure[]> {
  const page = [pipeline, start, end, limit, offset];
  if (by === 'sku')
    return await sql.query<Figure>(
      `select line ->> 'sku_id' as label, count(distinct d.key) as count, coalesce(sum(${numberOf('amount')}), 0)::text as amount,
         coalesce(sum(${numberOf('qty')}), 0)::text as quantity,
         count(distinct d.key) filter (where d.outcome = 'written') as written,
         coalesce(sum(${numberOf('amount')}) filter (where d.outcome = 'written'), 0)::text as "writtenAmount",
         count(distinct d.key) filter (where d.outcome = 'failed') as failed, (count(*) over ())::int as groups
       from ${documents(audits)} cross join lateral jsonb_array_elements(d.raw -> 'raw' -> 'items') line where ${counted}
       group by 1 order by sum(${numberOf('qty')}) desc nulls last, 1 limit $4 offset $5`,
      page,
    );
  const order = inTime.includes(by) ? 'min(d.io_date)' : 'count(*) desc, 1';
  return await sql.query<Figure>(
    `select ${labels[by]} as label, count(*) as count, sum(d.amount)::text as amount, sum(d.quantity)::text as quantity,
       count(*) filter (where d.outcome = 'written') as written,
       coalesce(sum(d.amount) filter (where d.outcome = 'written'), 0)::text as "writtenAmount",
       count(*) filter (where d.outcome = 'failed') as failed, (count(*) over ())::int as groups
     from ${documents(audits)} where ${counted} ${by === 'reason' ? `and d.outcome = 'failed'` : ''}
     group by 1 order by ${order} limit $4 offset $5`,
    page,
  );
}

/** The same over the whole window, by what became of the orders. */
export async function totalFigures(sql: Sql, { pipeline, start, end, audits }: Asked): Promise<Totals> {
  const rows = await sql.query<Part & { outcome: OrderOutcome; there: number }>(
    `select d.outcome, count(*) as count, sum(d.amount)::text as amount, count(d.target_id) as there
     from ${documents(audits)} where d.outcome = 'cancelled' or d.state <> 'skipped' group by 1`,
    [pipeline, start, end],
  );
  const part = (outcome: OrderOutcome): Part & { outcome: OrderOutcome } => {
    const { count = 0, amount = '0' } = rows.find((row) => row.outcome === outcome) ?? {};
    return { outcome, count, amount };
  };
  const of = Object.fromEntries(orderOutcomes.map((outcome) => [outcome, part(outcome)])) as Totals['of'];
  const standing = [of.written, of.unaudited, of.failed, of.waiting];
  return {
    of,
    count: standing.reduce((sum, { count }) => sum + count, 0),
    amount: standing.reduce((sum, { amount }) => sum.plus(amount), new Decimal(0)).toFixed(),
    cancelledThere: rows.find(({ outcome }) => outcome === 'cancelled')?.there ?? 0,
  };
}

/** 「失败 6 单 ¥1,234.00」 */
export const partLine = ({ outcome, count, amount }: Part & { outcome: OrderOutcome }): string =>
  phrase('report.part', { outcome: phrase(`report.outcome.${outcome}`), count, amount: money(amount) });

/** How many finished runs read into the window, and the milliseconds they took together. */
export async function timeSpent(
  sql: Sql,
  { pipeline, start, end }: Pick<Asked, 'pipeline' | 'start' | 'end'>,
): Promise<{ runs: number; ms: number }> {
  const [row] = await sql.query<{ runs: number; ms: number }>(
    `select count(*) as runs, coalesce(sum(extract(epoch from finished_at - started_at)) * 1000, 0)::float as ms
     from runs where pipeline = $1 and kind = 'sync' and window_start < $3 and window_end > $2
       and started_at is not null and finished_at is not null`,
    [pipeline, start, end],
  );
  return row ?? { runs: 0, ms: 0 };
}
