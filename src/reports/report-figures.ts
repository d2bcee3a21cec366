import { type Figure, type GroupBy, orderOutcomes, type Totals } from './figures.ts';
import { type Aside, namedAside } from './report-blocks.ts';
import type { StatedFigure, Stating } from './stated.ts';

/** Every figure of a report: the sum, what became of its orders, and what is said beside them. */
export function statedTotals(
  totals: Totals,
  success: string,
  { spent, reasons, shops }: Aside,
  state: Stating,
): StatedFigure[] {
  const { of, cancelledThere } = totals;
  const parts = orderOutcomes.filter(
    (outcome) => of[outcome].count > 0 || outcome === 'written' || outcome === 'failed',
  );
  return [
    state('orders', totals.count, 'orders'),
    state('amount', totals.amount, 'yuan'),
    ...parts.flatMap((outcome) => [
      state(outcome, of[outcome].count, 'orders'),
      state(`${outcome}_amount`, of[outcome].amount, 'yuan'),
    ]),
    ...(cancelledThere > 0 ? [state('cancelled_in_target', cancelledThere, 'orders')] : []),
    ...(totals.count > 0 ? [state('success_rate', success, 'percent')] : []),
    ...(spent.runs > 0
      ? [state('sync_runs', spent.runs, 'runs'), state('sync_time', Math.round(spent.ms / 1000), 'seconds')]
      : []),
    ...reasons
      .slice(0, namedAside.reason)
      .map((row) => state('failed', row.count, 'orders', { reason: row.label || 'unknown' })),
    ...shops.slice(0, namedAside.shop).map((row) => state('orders', row.count, 'orders', { shop: row.label })),
  ];
}

/** The figures of its groups. */
export const statedGroups = (rows: readonly Figure[], by: GroupBy, state: Stating): StatedFigure[] =>
  rows.flatMap((row) => {
    const group = { [by]: by === 'reason' ? row.label || 'unknown' : row.label };
    return [
      state('orders', row.count, 'orders', group),
      state('amount', row.amount, 'yuan', group),
      ...(by === 'sku' ? [state('quantity', row.quantity, 'pieces', group)] : []),
      state('written', row.written, 'orders', group),
      state('written_amount', row.writtenAmount, 'yuan', group),
      state('failed', row.failed, 'orders', group),
    ];
  });
