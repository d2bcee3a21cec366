import type { Block, Button, Card, Reply } from '../channels/message.ts';
import { Decimal } from '../decimal.ts';
import { daysLabel, duration, money, someOf } from '../format.ts';
import { phrase } from '../phrases.ts';
import { startOfDay, toDay } from '../shanghai.ts';
import type { Sql } from '../store/sql.ts';
import {
  type Asked,
  type Figure,
  figures,
  type GroupBy,
  inTime,
  type Totals,
  timeSpent,
  totalFigures,
} from './figures.ts';

/** The report of a window: totals first, then a chart by what is asked for, then what the chart does not say. All out of the ledger. */
export async function report(sql: Sql, asked: Asked, { by, top }: { by: GroupBy; top: number }): Promise<Reply> {
  const totals = await totalFigures(sql, asked);
  const range = daysLabel(asked.start, asked.end);
  const title = phrase('report.title', { range, by: phrase(`report.by.${by}`) });
  const card: Card = {
    id: reportId(asked, by),
    title,
    tone: totals.failed > 0 ? 'warn' : 'neutral',
    blocks: [],
    buttons: [],
    note: phrase(totals.count === 0 ? 'report.nothing' : 'report.note'),
  };
  const { count, written, failed } = totals;
  const amount = money(totals.amount);
  const success = count > 0 ? `${new Decimal(written).div(count).times(100).toFixed(1)}%` : '—';
  if (count === 0) return { text: `${title}：${phrase('report.nothing')}`, card };
  const rows = await figures(sql, asked, by, top);
  card.blocks.push(
    { type: 'counts', counts: countsOf(totals) },
    { type: 'fields', fields: await fieldsOf(sql, asked, { by, amount, success, failed }) },
    ...drawn(rows, by),
  );
  card.buttons.push(whichOrders('which', 'list-orders', count, asked));
  if (failed > 0) card.buttons.push(whichOrders('which_failed', 'list-failures', failed, asked));
  const text = `${title}。${phrase('report.totals', { count, amount, written, failed, success })}${mostOf(rows, by)}`;
  return { text, card };
}

/** Which is the first of a ranking. */
function mostOf(rows: readonly Figure[], by: GroupBy): string {
  const [first, second] = rows;
  if (!first || !second || inTime.includes(by)) return '';
  const words = { label: labelOf(first, by), count: by === 'sku' ? Number(first.quantity) : first.count };
  return phrase(by === 'sku' ? 'report.most_pieces' : 'report.most', words);
}

const reportId = ({ pipeline, start, end }: Asked, by: GroupBy): string =>
  `report-${pipeline}-${start.getTime()}-${end.getTime()}-${by}`;

/** The window of the report that was last sent into a conversation of a chat platform; null when there was none. */
export async function lastReported(sql: Sql, conversation: string): Promise<{ start: Date; end: Date } | null> {
  const [row] = await sql.query<{ card_id: string }>(
    `select card_id from sent_cards where conversation = $1 and card_id like 'report-%' order by at desc limit 1`,
    [conversation],
  );
  const [, start, end] = /-(\d+)-(\d+)-\w+$/.exec(row?.card_id ?? '') ?? [];
  return start && end ? { start: new Date(Number(start)), end: new Date(Number(end)) } : null;
}

/** Figures that add up to the first of them. */
function countsOf({ count, written, failed }: Totals): Extract<Block, { type: 'counts' }>['counts'] {
  const waiting = count - written - failed;
  return [
    { label: phrase('report.count.all'), value: count, tone: 'neutral' },
    { label: phrase('report.count.written'), value: written, tone: 'good' },
    { label: phrase('report.count.failed'), value: failed, tone: failed > 0 ? 'bad' : 'neutral' },
    ...(waiting > 0 ? [{ label: phrase('report.count.waiting'), value: waiting, tone: 'warn' as const }] : []),
  ];
}

async function fieldsOf(
  sql: Sql,
  asked: Asked,
  { by, amount, success, failed }: { by: GroupBy; amount: string; success: string; failed: number },
): Promise<{ label: string; value: string }[]> {
  const spent = await timeSpent(sql, asked);
  const ranked = async (of: GroupBy, most: number): Promise<string> => {
    const all = await figures(sql, asked, of, 20);
    return someOf(
      all.map((figure) => `${labelOf(figure, of)} ${figure.count}`),
      most,
    );
  };
  const rows: [name: string, value: string][] = [
    ['amount', amount],
    ['success', success],
    ...(spent.runs > 0
      ? [['spent', phrase('report.spent', { runs: spent.runs, time: duration(spent.ms) })] as [string, string]]
      : []),
    ...(failed > 0 && by !== 'reason' ? [['reasons', await ranked('reason', 5)] as [string, string]] : []),
    ...(by === 'shop' ? [] : [['shops', await ranked('shop', 3)] as [string, string]]),
  ];
  return rows.map(([name, value]) => ({ label: phrase(`report.field.${name}`), value }));
}

const labelOf = ({ label }: Figure, by: GroupBy): string =>
  by === 'reason' ? phrase(`cards.category.${label || 'unknown'}`) : label;

/** A chart of the counts, and a table of what the chart does not show. One row alone needs neither line nor bar. */
function drawn(rows: readonly Figure[], by: GroupBy): Block[] {
  const time = inTime.includes(by);
  const pieces = by === 'sku';
  const chart: Block = {
    type: 'chart',
    // Two days are no line.
    kind: time && rows.length > 2 ? 'line' : 'bar',
    title: phrase(`report.chart.${by}`),
    labels: rows.map((row) => labelOf(row, by)),
    values: rows.map(({ count, quantity }) => (pieces ? Number(quantity) : count)),
    unit: phrase(pieces ? 'report.pieces' : 'report.orders_unit'),
  };
  const counted = time || pieces;
  // Three columns are what a phone has room for.
  const columns = by === 'reason' ? [by, 'amount'] : counted ? [by, 'count', 'amount'] : [by, 'amount', 'failed'];
  const cells: Readonly<Record<string, (row: Figure) => string>> = {
    [by]: (row) => labelOf(row, by),
    count: ({ count, failed }) => phrase(failed > 0 ? 'report.with_failed' : 'cards.orders_count', { count, failed }),
    amount: ({ amount }) => money(amount),
    failed: ({ failed }) => phrase('cards.orders_count', { count: failed }),
  };
  const omitted = (rows[0]?.groups ?? 0) - rows.length;
  const table: Block = {
    type: 'table',
    columns: columns.map((column) => phrase(`report.column.${column}`)),
    rows: rows.map((row) => columns.map((column) => cells[column]?.(row) ?? '')),
    ...(omitted > 0 ? { omitted } : {}),
  };
  return rows.length > 1 ? [chart, table] : [table];
}

/** Asks for the orders behind a figure; its words name whole days, so that they can be said at any time later. */
function whichOrders(label: string, tool: string, count: number, { start, end }: Asked): Button {
  const whole = [start, end].every((instant) => startOfDay(instant).getTime() === instant.getTime());
  const [from, to] = [toDay(start), toDay(end.getTime() - 1)];
  const days = from === to ? from : phrase('report.days', { from, to });
  return {
    label: phrase(`report.${label}`, { count }),
    style: 'default',
    action: { name: tool, args: { start: start.toISOString(), end: end.toISOString() } },
    say: whole ? phrase(`report.say.${label}`, { days }) : phrase(`report.${label}`, { count }),
  };
}
