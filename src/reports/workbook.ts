import type { Cell, Row } from 'write-excel-file/node';
import { Decimal } from '../decimal.ts';
import { documentWords } from '../documents.ts';
import { money, someOf } from '../format.ts';
import { hasPhrase, phrase } from '../phrases.ts';
import { toDay, toWall } from '../shanghai.ts';
import type { PipelineParts } from '../sync/parts.ts';
import type { Findings } from '../sync/reconcile/findings.ts';
import type { DayTotal, Reconciliation } from '../sync/reconcile/reconciliation.ts';
import type { Reconciler } from '../sync/reconcile.ts';
import { count, heads, printing, quantity, strong, text, yuan } from './cells.ts';

interface WorkbookParts {
  findings: Findings;
  /** The pipeline's title, and what its bill numbers begin with. */
  title: string;
  prefix: string;
}

/** Rows of differences: a person reads no more, and the file is made in memory. Far below Excel's 1,048,576. */
const mostListed = 50_000;
const mostWithdrawn = 50;
const widths = (...columns: number[]): { width: number }[] => columns.map((width) => ({ width }));

/**
 * The reconciliation as finance keeps and signs it: verdict and totals, each difference with both sides and its reason, and the
 * totals by day, by shop and warehouse, and by all three. Only differences are listed, so a month of any size stays a small file.
 */
export async function reconciliationFile(
  { findings }: Pick<Reconciler, 'findings'>,
  pipelines: ReadonlyMap<string, PipelineParts>,
  reconciliation: Reconciliation,
): Promise<{ name: string; bytes: Buffer }> {
  const { start, end, pipeline } = reconciliation;
  const { title = pipeline, bill_number = { prefix: '' } } = pipelines.get(pipeline)?.pipeline ?? {};
  const name = phrase('reconcile.file_name', {
    ...documentWords(pipeline),
    from: toDay(start),
    to: toDay(end.getTime() - 1),
  });
  return { name, bytes: await workbook({ findings, title, prefix: bill_number.prefix }, reconciliation) };
}

async function workbook(parts: WorkbookParts, reconciliation: Reconciliation): Promise<Buffer> {
  const byDay = await parts.findings.byDay(reconciliation);
  const sheets = [
    { name: 'summary', data: await summary(parts, reconciliation), columns: widths(26, 20, 22, 22), sticky: 0 },
    {
      name: 'differences',
      data: await differences(parts, reconciliation),
      columns: widths(16, 20, 14, 12, 24, 18, 15, 15, 15, 12, 12, 44),
      sticky: 1,
    },
    ...(
      [
        ['by_day', ['day']],
        ['by_shop', ['shop', 'warehouse']],
        ['by_all', ['day', 'shop', 'warehouse']],
      ] as const
    ).map(([name, by]) => ({
      name,
      data: totals(byDay, by),
      columns: widths(...by.map((key) => (key === 'day' ? 14 : 26)), 14, 18, 14, 18, 14, 18),
      sticky: 1,
    })),
  ].map(({ name, sticky, ...rest }) => ({
    ...rest,
    sheet: phrase(`reconcile.sheet.${name}`),
    orientation: 'landscape' as const,
    showGridLines: false,
    ...(sticky > 0 ? { stickyRowsCount: sticky } : {}),
  }));
  const { default: writeXlsxFile } = await import('write-excel-file/node');
  return await writeXlsxFile(sheets, {
    features: [printing(sheets)],
    fontFamily: 'Microsoft YaHei',
    fontSize: 10,
  }).toBuffer();
}

async function summary({ findings, title, prefix }: WorkbookParts, reconciliation: Reconciliation): Promise<Row[]> {
  const { start, end, requester, finishedAt } = reconciliation;
  const { source, target } = await findings.totals(reconciliation);
  const kinds = await findings.countsByKind(reconciliation);
  const out = (await findings.withdrawn(reconciliation)).map(({ key }) => key);
  const orders = someOf(out, mostWithdrawn);
  const found = kinds.reduce((sum, kind) => sum + kind.count, 0);
  const gap = kinds.reduce((sum, { amount }) => sum.plus(amount), new Decimal(0));
  const verdict = phrase(found === 0 ? 'reconcile.sheet.even' : 'reconcile.sheet.uneven', {
    count: found,
    gap: money(gap),
  });
  const line = (key: string, value: string, more: object = {}): Cell[] => [
    text(phrase(`reconcile.sheet.${key}`), strong),
    text(value, { columnSpan: 3, wrap: true, ...more }),
    null,
    null,
  ];
  const person = `reconcile.person.${requester.person.split(':')[0]}`;
  return [
    [
      {
        value: phrase('reconcile.sheet.title', documentWords(reconciliation.pipeline)),
        type: String,
        fontWeight: 'bold',
        fontSize: 16,
        columnSpan: 4,
        height: 30,
      },
      null,
      null,
      null,
    ],
    line('period', `${toDay(start)} – ${toDay(end.getTime() - 1)}`),
    line('verdict', verdict, { fontWeight: 'bold', textColor: found === 0 ? '#1B7F3B' : '#B3261E' }),
    ...(out.length > 0
      ? [line('withdrawn', phrase('reconcile.sheet.withdrawn_text', { count: out.length, orders }))]
      : []),
    line('pipeline', title),
    line('method', phrase('reconcile.sheet.method_text', { ...documentWords(reconciliation.pipeline), prefix }), {
      height: 48,
    }),
    line('made_by', phrase('reconcile.sheet.maker', { person: hasPhrase(person) ? phrase(person) : requester.person })),
    line('made_at', finishedAt ? toWall(finishedAt) : ''),
    [],
    [...heads(['side', 'count', 'amount'])],
    [text(phrase('reconcile.sheet.source')), count(source.count), yuan(source.amount)],
    [text(phrase('reconcile.sheet.target')), count(target.count), yuan(target.amount)],
    [
      text(phrase('reconcile.sheet.difference'), strong),
      count(source.count - target.count, strong),
      yuan(new Decimal(source.amount).minus(target.amount), strong),
    ],
    [],
    heads(['kind', 'count', 'gap_sum']),
    ...kinds.map(
      ({ kind, count: number, amount }): Row => [text(phrase(`reconcile.kind.${kind}`)), count(number), yuan(amount)],
    ),
    [text(phrase('reconcile.sheet.total'), strong), count(found, strong), yuan(gap, strong)],
    [],
    [
      text(phrase('reconcile.sheet.checked_by'), { ...strong, height: 28 }),
      text(''),
      text(phrase('reconcile.sheet.signed_at'), strong),
      text(''),
    ],
  ];
}

async function differences({ findings, prefix }: WorkbookParts, reconciliation: Reconciliation): Promise<Row[]> {
  const rows: Row[] = [
    heads([
      'order',
      'bill',
      'kind',
      'day',
      'shop',
      'warehouse',
      'source_amount',
      'target_amount',
      'gap',
      'source_quantity',
      'target_quantity',
      'reason',
    ]),
  ];
  const sums = { source: new Decimal(0), target: new Decimal(0) };
  let found = 0;
  for await (const batch of findings.differences(reconciliation))
    for (const one of batch) {
      found += 1;
      const source = new Decimal(one.sourceAmount ?? 0);
      const target = new Decimal(one.targetAmount ?? 0);
      sums.source = sums.source.plus(source);
      sums.target = sums.target.plus(target);
      if (found > mostListed) continue;
      rows.push([
        text(one.key),
        text(one.targetAmount === null ? '' : `${prefix}${one.key}`),
        text(phrase(`reconcile.kind.${one.kind}`)),
        text(one.day),
        text(one.shop),
        text(one.warehouse),
        yuan(one.sourceAmount),
        yuan(one.targetAmount),
        yuan(source.minus(target)),
        quantity(one.sourceQuantity),
        quantity(one.targetQuantity),
        text(one.reason ?? '', { wrap: true }),
      ]);
    }
  const blank = Array.from({ length: 5 }, () => text('', strong));
  rows.push([
    text(phrase('reconcile.sheet.total_of', { count: found }), strong),
    ...blank,
    yuan(sums.source, strong),
    yuan(sums.target, strong),
    yuan(sums.source.minus(sums.target), strong),
    ...blank.slice(0, 3),
  ]);
  if (found > mostListed) rows.push([text(phrase('reconcile.sheet.cut', { count: found, listed: mostListed }))]);
  return rows;
}

interface Sums {
  names: string[];
  sourceCount: number;
  source: Decimal;
  targetCount: number;
  target: Decimal;
}

/** Both sides by these columns, and over all. */
function totals(rows: readonly DayTotal[], by: readonly ('day' | 'shop' | 'warehouse')[]): Row[] {
  const none = (names: string[]): Sums => ({
    names,
    sourceCount: 0,
    source: new Decimal(0),
    targetCount: 0,
    target: new Decimal(0),
  });
  const groups = new Map<string, Sums>();
  const all = none(by.map((_, index) => (index === 0 ? phrase('reconcile.sheet.total') : '')));
  for (const row of rows) {
    const names = by.map((key) => row[key] || phrase('reconcile.sheet.nowhere'));
    const group = groups.get(names.join('\n')) ?? none(names);
    groups.set(names.join('\n'), group);
    for (const sums of [group, all]) {
      sums.sourceCount += row.sourceCount;
      sums.source = sums.source.plus(row.sourceAmount);
      sums.targetCount += row.targetCount;
      sums.target = sums.target.plus(row.targetAmount);
    }
  }
  const line = ({ names, sourceCount, source, targetCount, target }: Sums, more: object = {}): Row => [
    ...names.map((name) => text(name, more)),
    count(sourceCount, more),
    yuan(source, more),
    count(targetCount, more),
    yuan(target, more),
    count(sourceCount - targetCount, more),
    yuan(source.minus(target), more),
  ];
  const head = heads([...by, 'source_count', 'source_amount', 'target_count', 'target_amount', 'count_gap', 'gap']);
  const ordered = [...groups].sort(([one], [other]) => (one < other ? -1 : 1)).map(([, group]) => line(group));
  return [head, ...ordered, line(all, strong)];
}
