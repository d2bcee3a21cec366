import type { Block, Button, Field } from '../channels/message.ts';
import { documentWords } from '../documents.ts';
import { duration, money, someOf } from '../format.ts';
import { phrase } from '../phrases.ts';
import { startOfDay, toDay } from '../shanghai.ts';
import { type Asked, type Figure, type GroupBy, inTime, type Totals } from './figures.ts';

/** Figures that add up to the first of them; what does not stand comes after. */
export function countsOf({ count, of }: Totals): Extract<Block, { type: 'counts' }>['counts'] {
  const more = (['unaudited', 'waiting', 'withdrawn', 'cancelled'] as const).filter((outcome) => of[outcome].count > 0);
  return [
    { label: phrase('report.all'), value: count, tone: 'neutral' },
    { label: phrase('report.outcome.written'), value: of.written.count, tone: 'good' },
    {
      label: phrase('report.outcome.failed'),
      value: of.failed.count,
      tone: of.failed.count > 0 ? 'bad' : 'neutral',
    },
    ...more.map((outcome) => ({
      label: phrase(`report.outcome.${outcome}`),
      value: of[outcome].count,
      tone: 'warn' as const,
    })),
  ];
}

/** What is said beside the figures that were asked for. */
export interface Aside {
  spent: { runs: number; ms: number };
  /** The causes of failures, and the shops, the largest first; empty where they are the report itself. */
  reasons: readonly Figure[];
  shops: readonly Figure[];
}

export function fieldsOf(totals: Totals, success: string, { spent, reasons, shops }: Aside): Field[] {
  const ranked = (rows: readonly Figure[], by: GroupBy): string =>
    someOf(
      rows.slice(0, namedAside[by]).map((row) => `${labelOf(row, by)} ${row.count}`),
      namedAside[by] ?? 0,
      rows[0]?.groups ?? 0,
    );
  const rows: [name: string, value: string][] = [
    ['amount', money(totals.amount)],
    ['written_amount', money(totals.of.written.amount)],
    ['success', success],
  ];
  if (spent.runs > 0) rows.push(['spent', phrase('report.spent', { runs: spent.runs, time: duration(spent.ms) })]);
  if (reasons.length > 0) rows.push(['reasons', ranked(reasons, 'reason')]);
  if (shops.length > 0) rows.push(['shops', ranked(shops, 'shop')]);
  return rows.map(([name, value]) => ({ label: phrase(`report.field.${name}`), value }));
}

/** How many of a ranking are named beside a report. */
export const namedAside: Partial<Record<GroupBy, number>> = { reason: 5, shop: 3 };

export const labelOf = ({ label }: Figure, by: GroupBy): string =>
  by === 'reason' ? phrase(`cards.category.${label || 'unknown'}`) : label || phrase('report.nowhere');

/** A chart of the counts, and a table of what the chart does not show. One row alone needs neither line nor bar. */
export function drawn(rows: readonly Figure[], by: GroupBy, written: boolean): Block[] {
  const time = inTime.includes(by);
  const pieces = by === 'sku';
  const chart: Block = {
    type: 'chart',
    // Two days are no line.
    kind: time && rows.length > 2 ? 'line' : 'bar',
    title: phrase(written ? 'report.chart.written' : `report.chart.${by}`),
    labels: rows.map((row) => labelOf(row, by)),
    values: rows.map((row) => (written ? row.written : pieces ? Number(row.quantity) : row.count)),
    unit: phrase(pieces && !written ? 'report.pieces' : 'report.orders_unit'),
  };
  const table = tableOf(rows, by, written, 0);
  return rows.length > 1 ? [chart, table] : [table];
}

export function tableOf(
  rows: readonly Figure[],
  by: GroupBy,
  written: boolean,
  offset: number,
): Extract<Block, { type: 'table' }> {
  const counted = inTime.includes(by) || by === 'sku';
  // Three columns are what a phone has room for.
  const columns = written
    ? [by, 'written', 'written_amount']
    : by === 'reason'
      ? [by, 'amount']
      : counted
        ? [by, 'count', 'amount']
        : [by, 'amount', 'failed'];
  const cells: Readonly<Record<string, (row: Figure) => string>> = {
    [by]: (row) => labelOf(row, by),
    count: ({ count, failed }) => phrase(failed > 0 ? 'report.with_failed' : 'cards.orders_count', { count, failed }),
    amount: ({ amount }) => money(amount),
    written: (row) => phrase('cards.orders_count', { count: row.written }),
    written_amount: ({ writtenAmount }) => money(writtenAmount),
    failed: ({ failed }) => phrase('cards.orders_count', { count: failed }),
  };
  const omitted = (rows[0]?.groups ?? 0) - offset - rows.length;
  return {
    type: 'table',
    columns: columns.map((column) => phrase(`report.column.${column}`)),
    rows: rows.map((row) => columns.map((column) => cells[column]?.(row) ?? '')),
    ...(omitted > 0 ? { omitted } : {}),
  };
}

/** Asks for the orders behind a figure; its words name whole days, so that they can be said at any time later. */
export function whichOrders(label: string, tool: string, count: number, { pipeline, start, end }: Asked): Button {
  const whole = [start, end].every((instant) => startOfDay(instant).getTime() === instant.getTime());
  const [from, to] = [toDay(start), toDay(end.getTime() - 1)];
  const days = from === to ? from : phrase('report.days', { from, to });
  return {
    label: phrase(`report.${label}`, { count }),
    style: 'default',
    action: { name: tool, args: { pipeline, start: start.toISOString(), end: end.toISOString() } },
    say: whole
      ? phrase(`report.say.${label}`, { ...documentWords(pipeline), days })
      : phrase(`report.${label}`, { count }),
  };
}
