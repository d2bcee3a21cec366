import { phrase } from '../../phrases.ts';
import { condition, type Source } from '../condition.ts';

/** The latest nightly reconciliation differs. */
export const differences: Source = async ({ sql }, pipeline) => {
  const [row] = await sql.query<{ count: number }>(
    `select coalesce((progress ->> 'differences')::int, 0) as count from reconciliations
     where pipeline = $1 and state = 'done' and requester ->> 'person' = 'schedule' order by created_at desc limit 1`,
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
