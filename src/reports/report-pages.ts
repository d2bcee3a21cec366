import type { Reply } from '../channels/message.ts';
import { documentWords } from '../documents.ts';
import { daysLabel } from '../format.ts';
import { phrase } from '../phrases.ts';
import type { Sql } from '../store/sql.ts';
import { daysRead } from '../sync/coverage.ts';
import { notRead } from './coverage.ts';
import { type ReportOptions, reportId } from './digest.ts';
import { type Asked, figures, type GroupBy, totalFigures } from './figures.ts';
import { labelOf, tableOf } from './report-blocks.ts';
import { statedGroups } from './report-figures.ts';
import { mostRows, rangeName, type Sheet } from './sheet.ts';
import { type StatedFigure, stating } from './stated.ts';

/** A later part of a report's groups alone, and how many groups there are. */
export async function reportPage(
  sql: Sql,
  asked: Asked,
  { by, metric, now, offset, limit }: Pick<ReportOptions, 'by' | 'metric' | 'now'> & { offset: number; limit: number },
): Promise<{ reply: Reply; rows: number; total: number; figures: StatedFigure[] }> {
  const rows = await figures(sql, asked, by, limit, offset);
  const title = phrase('report.title', {
    ...documentWords(asked.pipeline),
    range: daysLabel(asked.start, asked.end),
    by: phrase(`report.by.${by}`),
  });
  const table = tableOf(rows, by, metric === 'written', offset);
  const lines = table.rows.map((row) => row.join(' ')).join('；');
  const id = `${reportId(asked, by)}-${offset}`;
  return {
    reply: { text: `${title}：${lines}。`, card: { id, title, tone: 'neutral', blocks: [table], buttons: [] } },
    rows: rows.length,
    total: rows[0]?.groups ?? 0,
    figures: statedGroups(rows, by, stating(asked, await daysRead(sql, asked.pipeline, asked, now))),
  };
}

/** Every group of a report, with the sum under them. */
export async function reportSheet(sql: Sql, asked: Asked, by: GroupBy, now: Date): Promise<Sheet> {
  const rows = await figures(sql, asked, by, mostRows);
  const { count, amount, of } = await totalFigures(sql, asked);
  const label = by === 'reason' ? 'cause' : 'group';
  const counted = rows.map((row) => [
    labelOf(row, by),
    row.count,
    row.amount,
    row.quantity,
    row.written,
    row.writtenAmount,
    row.failed,
  ]);
  return {
    name: phrase('list.file.report', {
      ...documentWords(asked.pipeline),
      by: phrase(`report.by.${by}`),
      range: rangeName(asked),
    }),
    columns: [label, 'count', 'amount', 'quantity', 'written', 'written_amount', 'failed'],
    rows: counted,
    // An order of several goods stands under each of them: their counts have no sum.
    ...(by === 'sku' || by === 'reason'
      ? {}
      : { totals: [phrase('list.total'), count, amount, null, of.written.count, of.written.amount, of.failed.count] }),
    total: rows[0]?.groups ?? 0,
    notes: [notRead(await daysRead(sql, asked.pipeline, asked, now))].filter(Boolean),
  };
}
