import type { Sql } from '../store/sql.ts';

export type GroupBy = 'shop' | 'warehouse' | 'day' | 'week' | 'month' | 'sku' | 'reason';

export interface Figure {
  label: string;
  count: number;
  /** Yuan. */
  amount: string;
  quantity: string;
  written: number;
  failed: number;
  /** How many groups there are in all. */
  groups: number;
}

export type Totals = Omit<Figure, 'label' | 'groups'>;

const localDay = `(d.io_date at time zone 'Asia/Shanghai')`;
const labels: Readonly<Record<Exclude<GroupBy, 'sku'>, string>> = {
  shop: `d.shop_name`,
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
  start: Date;
  end: Date;
}

/** What a report counts of `documents d`, with the pipeline and the window as $1 to $3. */
export const counted = `d.pipeline = $1 and d.io_date >= $2 and d.io_date < $3 and d.state not in ('skipped', 'undone')`;

/** Count, amount and success of a window's orders by what is asked for, out of the ledger; in time order, else the largest first. */
export async function figures(
  sql: Sql,
  { pipeline, start, end }: Asked,
  by: GroupBy,
  limit: number,
): Promise<Figure[]> {
  if (by === 'sku')
    return await sql.query<Figure>(
      `select line ->> 'sku_id' as label, count(distinct d.key) as count, coalesce(sum((line ->> 'amount')::numeric), 0)::text as amount,
         coalesce(sum((line ->> 'qty')::numeric), 0)::text as quantity,
         count(distinct d.key) filter (where d.state = 'done') as written, count(distinct d.key) filter (where d.error is not null) as failed, (count(*) over ())::int as groups
       from documents d cross join lateral jsonb_array_elements(d.raw -> 'raw' -> 'items') line where ${counted}
       group by 1 order by sum((line ->> 'qty')::numeric) desc nulls last, 1 limit $4`,
      [pipeline, start, end, limit],
    );
  const order = inTime.includes(by) ? 'min(d.io_date)' : 'count(*) desc, 1';
  return await sql.query<Figure>(
    `select ${labels[by]} as label, count(*) as count, sum(d.amount)::text as amount, sum(d.quantity)::text as quantity,
       count(*) filter (where d.state = 'done') as written, count(*) filter (where d.error is not null) as failed,
       (count(*) over ())::int as groups
     from documents d where ${counted} ${by === 'reason' ? 'and d.error is not null' : ''} group by 1 order by ${order} limit $4`,
    [pipeline, start, end, limit],
  );
}

/** The same over the whole window. */
export async function totalFigures(sql: Sql, { pipeline, start, end }: Asked): Promise<Totals> {
  const [row] = await sql.query<Totals>(
    `select count(*) as count, coalesce(sum(d.amount), 0)::text as amount, coalesce(sum(d.quantity), 0)::text as quantity,
       count(*) filter (where d.state = 'done') as written, count(*) filter (where d.error is not null) as failed
     from documents d where ${counted}`,
    [pipeline, start, end],
  );
  return row ?? { count: 0, amount: '0', quantity: '0', written: 0, failed: 0 };
}

/** How many finished runs read into the window, and the milliseconds they took together. */
export async function timeSpent(sql: Sql, { pipeline, start, end }: Asked): Promise<{ runs: number; ms: number }> {
  const [row] = await sql.query<{ runs: number; ms: number }>(
    `select count(*) as runs, coalesce(sum(extract(epoch from finished_at - started_at)) * 1000, 0)::float as ms
     from runs where pipeline = $1 and kind = 'sync' and window_start < $3 and window_end > $2
       and started_at is not null and finished_at is not null`,
    [pipeline, start, end],
  );
  return row ?? { runs: 0, ms: 0 };
}
