import type { Card, Reply } from '../channels/message.ts';
import { Decimal } from '../decimal.ts';
import { documentWords } from '../documents.ts';
import { daysLabel, money } from '../format.ts';
import { phrase } from '../phrases.ts';
import type { Sql } from '../store/sql.ts';
import { daysRead } from '../sync/coverage.ts';
import { notRead, readButtons } from './coverage.ts';
import {
  type Asked,
  type Figure,
  figures,
  type GroupBy,
  inTime,
  type OrderOutcome,
  partLine,
  type Totals,
  timeSpent,
  totalFigures,
} from './figures.ts';
import { type Aside, countsOf, drawn, fieldsOf, labelOf, namedAside, whichOrders } from './report-blocks.ts';
import { statedGroups, statedTotals } from './report-figures.ts';
import { type StatedFigure, stating } from './stated.ts';

export interface ReportOptions {
  by: GroupBy;
  top: number;
  now: Date;
  /** The part that is asked for by its name. */
  metric?: Exclude<OrderOutcome, 'failed' | 'waiting'> | undefined;
}

/** The report of a window: totals first, then a chart by what is asked for, then what the chart does not say. All out of the ledger. */
export async function report(
  sql: Sql,
  asked: Asked,
  options: ReportOptions,
): Promise<{ reply: Reply; groups: number; figures: StatedFigure[] }> {
  const { by, top, now, metric } = options;
  const words = documentWords(asked.pipeline);
  const totals = await totalFigures(sql, asked);
  const days = await daysRead(sql, asked.pipeline, asked, now);
  const state = stating(asked, days);
  const missing = notRead(days);
  const range = daysLabel(asked.start, asked.end);
  const title = phrase('report.title', { ...words, range, by: phrase(`report.by.${by}`) });
  const { count, of } = totals;
  const buttons = readButtons(days, asked.pipeline);
  const card: Card = {
    id: reportId(asked, by),
    title,
    tone: of.failed.count > 0 ? 'warn' : 'neutral',
    blocks: missing ? [{ type: 'text', text: missing }] : [],
    buttons,
    note: phrase('report.note'),
  };
  if (count === 0) {
    const nothing = phrase(missing ? 'report.nothing' : 'report.none_at_all', words);
    // Of days that nobody has read there is no zero to state.
    const known = days.some(({ read }) => read !== 'none');
    const stated = known ? statedTotals(totals, '', noAside, state) : [];
    return { reply: { text: `${title}：${nothing}${missing}${besides(totals)}`, card }, groups: 0, figures: stated };
  }
  const rows = await figures(sql, asked, by, top);
  const aside: Aside = {
    spent: await timeSpent(sql, asked),
    reasons: by === 'reason' ? [] : await figures(sql, asked, 'reason', namedAside.reason ?? 0),
    shops: by === 'shop' ? [] : await figures(sql, asked, 'shop', namedAside.shop ?? 0),
  };
  const rate = new Decimal(of.written.count).div(count).times(100).toFixed(1);
  const success = `${rate}%`;
  card.blocks.push(
    { type: 'counts', counts: countsOf(totals) },
    { type: 'fields', fields: fieldsOf(totals, success, aside) },
    ...drawn(rows, by, metric === 'written'),
  );
  card.buttons = [
    whichOrders('which', 'list-orders', count, asked),
    ...(of.failed.count > 0 ? [whichOrders('which_failed', 'list-failures', of.failed.count, asked)] : []),
    ...buttons,
  ];
  const lead = metric ? phrase('report.lead', { part: partLine(of[metric]) }) : '';
  const text = `${title}。${lead}${totalsLine(totals, success)}。${mostOf(rows, by)}${missing}`;
  const stated = [...statedTotals(totals, rate, aside, state), ...statedGroups(rows, by, state)];
  return { reply: { text, card }, groups: rows[0]?.groups ?? 0, figures: stated };
}

/** Every part by its own word: in the target and audited, there and not audited, failed, not yet; and beside the sum what does not stand. */
function totalsLine(totals: Totals, success: string): string {
  const parts = (['written', 'unaudited', 'failed', 'waiting'] as const)
    .filter((outcome) => totals.of[outcome].count > 0 || outcome === 'written' || outcome === 'failed')
    .map((outcome) => partLine(totals.of[outcome]));
  const all = phrase('report.totals', { count: totals.count, amount: money(totals.amount) });
  return `${[all, ...parts, phrase('report.success', { success })].join(' · ')}${besides(totals)}`;
}

function besides({ of, cancelledThere }: Totals): string {
  const parts = (['withdrawn', 'cancelled'] as const)
    .filter((outcome) => of[outcome].count > 0)
    .map(
      (outcome) =>
        `${partLine(of[outcome])}${outcome === 'cancelled' && cancelledThere > 0 ? phrase('report.still_there', { count: cancelledThere }) : ''}`,
    );
  return parts.length > 0 ? phrase('report.besides', { parts: parts.join('、') }) : '';
}

/** Which is the first of a ranking. */
function mostOf(rows: readonly Figure[], by: GroupBy): string {
  const [first, second] = rows;
  if (!first || !second || inTime.includes(by)) return '';
  const words = { label: labelOf(first, by), count: by === 'sku' ? Number(first.quantity) : first.count };
  return phrase(by === 'sku' ? 'report.most_pieces' : 'report.most', words);
}

const noAside: Aside = { spent: { runs: 0, ms: 0 }, reasons: [], shops: [] };

export const reportId = ({ pipeline, start, end }: Asked, by: GroupBy): string =>
  `report-${pipeline}-${start.getTime()}-${end.getTime()}-${by}`;

/** Pipeline and window of the report (of this pipeline) that was last sent into a conversation of a chat platform; null when there was none. */
export async function lastReported(
  sql: Sql,
  conversation: string,
  pipeline?: string,
): Promise<Pick<Asked, 'pipeline' | 'start' | 'end'> | null> {
  const [row] = await sql.query<{ card_id: string }>(
    `select card_id from sent_cards where conversation = $1 and starts_with(card_id, $2) order by at desc limit 1`,
    [conversation, pipeline === undefined ? 'report-' : `report-${pipeline}-`],
  );
  const [, of, start, end] = /^report-(.+)-(\d+)-(\d+)-\w+$/.exec(row?.card_id ?? '') ?? [];
  return of && start && end ? { pipeline: of, start: new Date(Number(start)), end: new Date(Number(end)) } : null;
}
