import { phrase } from '../../phrases.ts';
import { condition, type Source } from '../condition.ts';

/** The latest nightly reconciliation differs, and no later one over all of its days has come out even. */
export const differences: Source = async ({ sql }, pipeline) => {
  const [row] = await sql.query<{ count: number }>(
    `with done as (select *, coalesce((progress ->> 'differences')::int, 0) as count from reconciliations
       where pipeline = $1 and state = 'done'),
     night as (select * from done where requester ->> 'person' = 'schedule' order by created_at desc limit 1)
     select count from night n where not exists (select from done d where d.count = 0 and d.created_at > n.created_at
       and d.window_start <= n.window_start and d.window_end >= n.window_end)`,
    [pipeline],
  );
  if (!row || row.count === 0) return [];
  return [
    condition(pipeline, 'reconcile_differs', {
      count: row.count,
      unit: 'orders',
      message: phrase('alerts.reconcile_differs.message', { count: row.count }),
      next: phrase('alerts.reconcile_differs.next'),
    }),
  ];
};
