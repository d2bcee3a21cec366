import type { Block, Card } from '../channels/message.ts';
import { daysLabel, money } from '../format.ts';
import { phrase } from '../phrases.ts';
import type { Sql } from '../store/sql.ts';
import { type Figure, figures, type GroupBy, totalFigures } from './figures.ts';

/** The report of a window: totals, success, and a table by what is asked for. Every figure is out of the ledger. */
export async function reportCard(
  sql: Sql,
  asked: { pipeline: string; start: Date; end: Date },
  { by, top }: { by: GroupBy; top: number },
): Promise<Card> {
  const totals = await totalFigures(sql, asked);
  const rows = await figures(sql, asked, by, top);
  const range = daysLabel(asked.start, asked.end);
  const success = totals.count > 0 ? `${((totals.written / totals.count) * 100).toFixed(1)}%` : '—';
  const blocks: Block[] = [
    {
      type: 'text',
      text: phrase('report.totals', {
        count: totals.count,
        amount: money(totals.amount),
        written: totals.written,
        failed: totals.failed,
        success,
      }),
    },
  ];
  if (rows.length > 0) blocks.push(table(rows, by));
  return {
    id: `report-${asked.pipeline}-${asked.start.getTime()}-${asked.end.getTime()}-${by}`,
    title: phrase('report.title', { range, by: phrase(`report.by.${by}`) }),
    tone: totals.failed > 0 ? 'warn' : 'neutral',
    blocks,
    buttons:
      totals.failed > 0
        ? [
            {
              label: phrase('report.which_failed', { count: totals.failed }),
              style: 'default',
              action: {
                name: 'list-failures',
                args: { start: asked.start.toISOString(), end: asked.end.toISOString() },
              },
              say: phrase('report.say_failed'),
            },
          ]
        : [],
    note: totals.count === 0 ? phrase('report.nothing') : phrase('report.note'),
  };
}

const widest = 8;

function table(rows: readonly Figure[], by: GroupBy): Block {
  const most = Math.max(...rows.map(({ count }) => count));
  return {
    type: 'table',
    columns: [
      phrase(`report.by.${by}`),
      ...['count', 'amount', 'failed', 'share'].map((column) => phrase(`report.column.${column}`)),
    ],
    rows: rows.map(({ label, count, amount, failed }) => [
      by === 'reason' ? phrase(`cards.category.${label || 'unknown'}`) : label,
      String(count),
      money(amount),
      String(failed),
      '▇'.repeat(Math.max(1, Math.round((count / most) * widest))),
    ]),
  };
}
