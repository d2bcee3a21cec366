import { readFileSync, rmSync } from 'node:fs';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { pause, startApp, syncDays, type TestApp } from '../fakes/app.ts';
import { type Books, booksAt, reconcileDay } from '../fakes/books.ts';
import { alterRows, type Erps, type Row, startErps } from '../fakes/erps.ts';
import { pipelineFolder } from '../fakes/pipelines.ts';

const day = '2026-11-23';
const [one, other, third, fourth] = ['261123001', '261123003', '261123004', '261123007'] as const;
const read = <T>(name: string): T =>
  JSON.parse(readFileSync(new URL(`cases/${name}.json`, import.meta.url), 'utf8')) as T;
let clock: { now: number };
let erps: Erps;
let books: Books;
let app: TestApp | undefined;
let folder: string | undefined;
beforeEach(async () => {
  clock = { now: Date.parse('2026-11-24T15:00:00+08:00') };
  erps = await startErps(clock);
  books = booksAt(erps.kingdee.origin);
});
afterEach(async () => {
  await app?.end();
  await erps.end();
  if (folder) rmSync(folder, { recursive: true });
  app = undefined;
  folder = undefined;
});

/** A house whose file of shipments is edited so. */
const house = async (...edits: (readonly [was: string, is: string])[]): Promise<TestApp> => {
  folder = pipelineFolder(...edits);
  app = await startApp({ ...erps.env, PIPELINES_DIR: folder }, clock);
  return app;
};
const failure = async (key: string) => (await app?.sync.ledger.document(app.sync.defaultPipeline, key))?.error;
const firstLine =
  (change: Row | object) =>
  (row: Row): Row => ({
    ...row,
    items: (row.items as Row[]).map((line, index) => (index === 0 ? { ...line, ...change } : line)),
  });
const added =
  (line: object) =>
  (row: Row): Row => ({ ...row, items: [...(row.items as Row[]), { ...(row.items as Row[])[0], ...line }] });
const archive = async (...keys: string[]): Promise<void> => {
  for (const key of keys)
    await fetch(`${erps.jushuitan.origin}/sandbox/orders/${key}`, { method: 'POST', body: '{"status":"Archive"}' });
};

const amounts = read<Record<string, { qty: number; price: string; amount: string } | string>>('amounts');
const odd = Object.entries(amounts).flatMap(([what, line]) =>
  typeof line === 'string' ? [] : [[what, line] as const],
);
test.each([
  ...odd,
  ['a currency sign', { qty: 1, price: '438.81', amount: '¥438.81' }] as const,
  ['full-width digits', { qty: 1, price: '438.81', amount: '４３８.８１' }] as const,
  ['a quantity with a comma', { qty: '1,000', price: '438.81', amount: '438.81' }] as const,
])(
  'an amount that is no plain decimal (%s): the order is refused, and its price is not billed instead',
  async (_, line) => {
    const { sale_amount: _was, ...bare } = { sale_amount: '', ...line };
    alterRows(
      erps,
      new Map([
        [one, firstLine({ ...bare, sale_amount: line.amount, sale_price: line.price })],
        [other, firstLine({ ...bare, sale_amount: undefined, sale_price: line.price })],
      ]),
    );
    const { counts } = await syncDays(await house(), day);
    expect(counts.failed).toBe(8);
    for (const key of [one, other]) {
      expect(await failure(key)).toMatchObject({ code: 'mapping.unreadable', category: 'source_data' });
      expect((await failure(key))?.message).toContain(typeof line.qty === 'string' ? line.qty : line.amount);
      expect(await books.bill(`JST${key}`)).toBeUndefined();
    }
  },
);

test('orders archived before the sync are shipped ones: written, and counted on both sides', async () => {
  await archive(one);
  const app = await house();
  expect((await syncDays(app, day)).counts).toMatchObject({ fetched: 37, written: 31 });
  expect(await books.bill(`JST${one}`)).toMatchObject({ status: 'C' });
  const { found, report } = await reconcileDay(app, day);
  expect(found.has(one)).toBe(false);
  expect(report.source.count).toBe(37);
});

test('orders archived after the sync are still what their bills are of', async () => {
  const app = await house();
  await syncDays(app, day);
  const before = (await reconcileDay(app, day)).report;
  await archive(one, other);
  clock.now += 3_600_000;
  const { report, found } = await reconcileDay(app, day);
  expect(report.source).toEqual(before.source);
  expect([...found.values()].filter(({ kind }) => kind === 'extra_in_target')).toEqual([]);
  expect((await syncDays(app, day)).counts).toMatchObject({ written: 0, existing: 31, failed: 6 });
  // A house that has met none of them has to read them all.
  await app.end();
  const fresh = await house();
  expect((await reconcileDay(fresh, day)).report.source).toEqual(before.source);
});

test('an archived order is found by its numbers', async () => {
  await archive(one);
  const { assistant, sync } = await house();
  const who = { person: 'terminal:a', conversation: 'terminal:a' };
  const { run } = await assistant.answer({ ...who, text: `同步单号 ${one}` });
  expect((await sync.ended(run?.id ?? '', pause)).counts).toMatchObject({ fetched: 1, written: 1 });
  expect((await books.bill(`JST${one}`))?.status).toBe('C');
});

test('a precondition reads an absent text as an empty one', async () => {
  const { precondition, rows } = read<{ precondition: string; rows: { labels: string | null }[] }>('labels-null');
  const keys = [one, other, third];
  alterRows(
    erps,
    new Map([
      ...rows.map(({ labels }, index): [string, (row: Row) => Row] => [
        keys[index] ?? '',
        (row) => ({ ...row, labels }),
      ]),
      [fourth, ({ labels: _, is_cod: _cod, ...row }: Row): Row => row as Row],
    ]),
  );
  const app = await house([`"order.status == 'Confirmed'"`, JSON.stringify(`${precondition} && !order.is_cod`)]);
  expect((await syncDays(app, day)).counts).toMatchObject({ skipped: 1, written: 30, failed: 6 });
  expect(await books.bill(`JST${one}`)).toBeDefined();
  expect(await books.bill(`JST${other}`)).toBeUndefined();
  expect(await books.bill(`JST${third}`)).toBeDefined();
  expect(await books.bill(`JST${fourth}`)).toBeDefined();
});

const expressions: readonly [what: string, was: string, is: string, line: RegExp][] = [
  ['precondition', `"order.status == 'Confirmed'"`, `"order.freight / order.weight > 0"`, /precondition:/],
  [
    'a field',
    `'line.amount / line.qty', round: 6, note: 明细`,
    `'line.amount / order.weight', round: 6, note: 明细`,
    /FTaxPrice:/,
  ],
];
test.each(expressions)('an expression that fails on an order names file and line: %s', async (_what, was, is, at) => {
  alterRows(erps, new Map([[one, (row: Row): Row => ({ ...row, weight: '0' })]]));
  const app = await house([was, is]);
  await syncDays(app, day);
  const text = readFileSync(`${folder}/jushuitan-saleout-to-kingdee.yaml`, 'utf8');
  const line = text.split('\n').findIndex((row) => at.test(row)) + 1;
  const error = await failure(one);
  expect(error).toMatchObject({ category: 'mapping' });
  expect(error?.message).toContain(`jushuitan-saleout-to-kingdee.yaml 第 ${line} 行`);
});

const zero = { qty: '0', sale_amount: '0' };
const below = { qty: '-1', sale_amount: '-5.00' };
const option = (is: string): readonly [string, string] => ['lines: { zero: leave_out, negative: refuse }', is];
test.each([
  ['shipped', option('lines: { zero: leave_out, negative: refuse }'), true, false],
  ['unsaid', option('# lines'), true, false],
  ['the other way round', option('lines: { zero: refuse, negative: leave_out }'), false, true],
])('lines of nothing and lines below zero, the option %s', async (_what, edit, zeroGoes, belowGoes) => {
  const app = await house(edit);
  alterRows(
    erps,
    new Map([
      [one, added(zero)],
      [third, added(below)],
      [fourth, (row: Row): Row => ({ ...row, items: (row.items as Row[]).map((line) => ({ ...line, ...zero })) })],
    ]),
  );
  await syncDays(app, day);
  for (const [key, goes] of [[one, zeroGoes] as const, [third, belowGoes] as const]) {
    const bill = await books.bill(`JST${key}`);
    expect(bill !== undefined, key).toBe(goes);
    if (!goes) expect(await failure(key)).toMatchObject({ category: 'source_data' });
    expect(bill?.model.FEntity.every((line) => Number(line.FRealQty) > 0) ?? true).toBe(true);
  }
  // A document of which nothing is left is no bill.
  expect(await books.bill(`JST${fourth}`)).toBeUndefined();
  const { found } = await reconcileDay(app, day);
  expect(found.has(one)).toBe(!zeroGoes);
  expect(found.has(third)).toBe(!belowGoes);
});
