import type { Sql } from '../store/sql.ts';
import { daysRead } from '../sync/coverage.ts';
import type { RunView } from '../sync/run.ts';
import { type StatedFigure, stating } from './stated.ts';

/** What a run's card and its words state. One of named orders is about no window. */
export async function runFigures(
  sql: Sql,
  { run, counts, failures, totals, cleaned }: RunView,
  now: Date,
): Promise<StatedFigure[]> {
  const named = run.filters.keys ?? run.filters.numbers;
  const window = named ? null : { start: run.start, end: run.end };
  const state = stating(window, window ? await daysRead(sql, run.pipeline, window, now) : []);
  const failed = failures.map(({ category, count }) => state('failed', count, 'orders', { reason: category }));
  if (run.kind === 'undo')
    return [state('undone', counts.undone, 'orders'), state('failed', counts.failed, 'orders'), ...failed];
  const spent = run.startedAt && run.finishedAt ? run.finishedAt.getTime() - run.startedAt.getTime() : null;
  return [
    ...(['fetched', 'written', 'existing', 'failed', 'skipped'] as const).map((name) =>
      state(name, counts[name], 'orders'),
    ),
    state('amount', totals.amount, 'yuan'),
    state('shops', totals.shops, 'shops'),
    ...(spent === null ? [] : [state('sync_time', Math.max(1, Math.round(spent / 1000)), 'seconds')]),
    ...(run.total === null ? [] : [state('announced', run.total, 'orders')]),
    ...(cleaned.orders.length > 0 ? [state('cleaned', cleaned.orders.length, 'orders')] : []),
    ...failed,
  ];
}
