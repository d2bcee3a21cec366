import { Decimal } from '../decimal.ts';
import { dayMs, toDay } from '../shanghai.ts';
import type { Findings } from '../sync/reconcile/findings.ts';
import type { Reconciliation } from '../sync/reconcile/reconciliation.ts';
import { type StatedFigure, stating } from './stated.ts';

/** What the verdict of a reconciliation states. It has read every day of its window on both sides. */
export async function reconciliationFigures(
  findings: Findings,
  reconciliation: Reconciliation,
): Promise<StatedFigure[]> {
  const { start, end } = reconciliation;
  const length = Math.round((end.getTime() - start.getTime()) / dayMs);
  const days = Array.from({ length }, (_, index) => toDay(start.getTime() + index * dayMs));
  const state = stating(
    { start, end },
    days.map((day) => ({ day, read: 'whole', until: null })),
  );
  const { source, target } = await findings.totals(reconciliation);
  const kinds = await findings.countsByKind(reconciliation);
  const last = days.length > 1 ? await findings.countsByKind(reconciliation, days.at(-1) ?? null) : [];
  const found = (of: typeof kinds): { count: number; gap: string } => ({
    count: of.reduce((sum, { count }) => sum + count, 0),
    gap: of.reduce((sum, { amount }) => sum.plus(amount), new Decimal(0)).toFixed(2),
  });
  const all = found(kinds);
  const lastDay = found(last);
  const by = { day: days.at(-1) ?? '' };
  return [
    state('source', source.count, 'orders'),
    state('source_amount', source.amount, 'yuan'),
    state('target', target.count, 'orders'),
    state('target_amount', target.amount, 'yuan'),
    state('differences', all.count, 'orders'),
    state('differences_amount', all.gap, 'yuan'),
    ...kinds.flatMap(({ kind, count, amount }) => [
      state('differences', count, 'orders', { kind }),
      state('differences_amount', amount, 'yuan', { kind }),
    ]),
    ...(days.length > 1
      ? [state('differences', lastDay.count, 'orders', by), state('differences_amount', lastDay.gap, 'yuan', by)]
      : []),
  ];
}
