import writeXlsxFile from 'write-excel-file/node';
import { phrase } from '../phrases.ts';
import { toDay } from '../shanghai.ts';
import type { Reconciler, Reconciliation } from '../sync/reconcile.ts';

type Cell = {
  value?: string | number;
  type?: typeof String | typeof Number;
  fontWeight?: 'bold';
  format?: string;
  backgroundColor?: string;
  align?: 'right';
  wrap?: boolean;
} | null;

const money = '#,##0.00';
const text = (value: string): Cell => ({ value, type: String });
const number = (value: number): Cell => ({ value, type: Number, format: '#,##0' });
const yuan = (value: string | null): Cell =>
  value === null ? null : { value: Number(value), type: Number, format: money };
const head = (key: string): Cell => ({
  value: phrase(`reconcile.sheet.${key}`),
  type: String,
  fontWeight: 'bold',
  backgroundColor: '#E8EEF4',
  ...(/count|amount|gap/.test(key) ? { align: 'right' as const } : {}),
});

/** The reconciliation as finance keeps it: verdict and totals, differences, and both sides by day, shop and warehouse. */
export async function writeWorkbook(
  reconciler: Reconciler,
  reconciliation: Reconciliation,
  file: string,
): Promise<void> {
  const { source, target } = await reconciler.totals(reconciliation);
  const kinds = await reconciler.countsByKind(reconciliation);
  const period = `${toDay(reconciliation.start)} – ${toDay(new Date(reconciliation.end.getTime() - 1))}`;
  const difference = Number(source.amount) - Number(target.amount);
  const found = kinds.reduce((sum, { count }) => sum + count, 0);
  const summary: Cell[][] = [
    [{ value: phrase('reconcile.sheet.title'), type: String, fontWeight: 'bold' }],
    [text(phrase('reconcile.sheet.period')), text(period)],
    [
      text(phrase('reconcile.sheet.verdict')),
      text(phrase(found === 0 ? 'reconcile.sheet.even' : 'reconcile.sheet.uneven', { count: found })),
    ],
    [],
    [null, head('count'), head('amount')],
    [text(phrase('reconcile.sheet.source')), number(source.count), yuan(source.amount)],
    [text(phrase('reconcile.sheet.target')), number(target.count), yuan(target.amount)],
    [text(phrase('reconcile.sheet.difference')), number(source.count - target.count), yuan(difference.toFixed(2))],
    [],
    [head('kind'), head('count'), head('amount')],
    ...kinds.map(({ kind, count, amount }): Cell[] => [
      text(phrase(`reconcile.kind.${kind}`)),
      number(count),
      yuan(amount),
    ]),
  ];
  const differences: Cell[][] = [
    ['order', 'kind', 'day', 'shop', 'warehouse', 'source_amount', 'target_amount', 'gap', 'reason'].map(head),
  ];
  for await (const batch of reconciler.differences(reconciliation))
    for (const one of batch)
      differences.push([
        text(one.key),
        text(phrase(`reconcile.kind.${one.kind}`)),
        text(String(one.day).slice(0, 10)),
        text(one.shop),
        text(one.warehouse),
        yuan(one.sourceAmount),
        yuan(one.targetAmount),
        yuan((Number(one.sourceAmount ?? 0) - Number(one.targetAmount ?? 0)).toFixed(2)),
        text(one.reason ?? ''),
      ]);
  const byDay: Cell[][] = [
    ['day', 'shop', 'warehouse', 'source_count', 'source_amount', 'target_count', 'target_amount', 'gap'].map(head),
    ...(await reconciler.byDay(reconciliation)).map((row): Cell[] => [
      text(row.day.slice(0, 10)),
      text(row.shop),
      text(row.warehouse),
      number(row.sourceCount),
      yuan(row.sourceAmount),
      number(row.targetCount),
      yuan(row.targetAmount),
      yuan((Number(row.sourceAmount) - Number(row.targetAmount)).toFixed(2)),
    ]),
  ];
  const widths = (...columns: number[]): { width: number }[] => columns.map((width) => ({ width }));
  const sheets = [
    { data: summary, sheet: phrase('reconcile.sheet.summary'), columns: widths(26, 14, 18), orientation: 'landscape' },
    {
      data: differences,
      sheet: phrase('reconcile.sheet.differences'),
      columns: widths(20, 16, 12, 12, 12, 14, 14, 14, 60),
      stickyRowsCount: 1,
    },
    {
      data: byDay,
      sheet: phrase('reconcile.sheet.by_day'),
      columns: widths(12, 12, 12, 12, 16, 12, 16, 14),
      stickyRowsCount: 1,
    },
  ];
  await writeXlsxFile(sheets as never).toFile(file);
}
