import { afterEach, beforeEach, expect, test } from 'vitest';
import { pause, startApp, syncDays, type TestApp } from '../fakes/app.ts';
import { type Books, booksAt, reconcileDay } from '../fakes/books.ts';
import { alterRows, type Erps, type Row, startErps } from '../fakes/erps.ts';

const day = '2026-11-23';
const [voided, discounted, key] = ['261123001', '261123003', '261123004'];
let clock: { now: number };
let erps: Erps;
let books: Books;
let app: TestApp;
beforeEach(async () => {
  clock = { now: Date.parse('2026-11-24T15:00:00+08:00') };
  erps = await startErps(clock);
  books = booksAt(erps.kingdee.origin);
  app = await startApp(erps.env, clock);
  expect((await syncDays(app, day)).counts.written).toBe(31);
});
afterEach(async () => {
  await app.end();
  await erps.end();
});

const say = (text: string) => app.assistant.answer({ person: 'terminal:a', conversation: 'terminal:a', text });
/** Says it and then yes. */
const done = async (text: string) => {
  expect((await say(text)).decision.action).toBe('confirm');
  const { run } = await say('确认');
  if (!run) throw new Error('there is no run');
  return await app.sync.ended(run.id, pause);
};
/** The same two systems, and a house that remembers nothing. */
const freshHouse = async (): Promise<void> => {
  await app.end();
  app = await startApp(erps.env, clock);
};
const failed = async (order: string) => (await app.sync.ledger.document(app.sync.defaultPipeline, order))?.error;

test('a bill that somebody voids is not there, and counts for nothing', async () => {
  const before = await reconcileDay(app, day);
  await books.change({ number: `JST${voided}`, status: 'A', cancelled: true });
  const { found, report } = await reconcileDay(app, day);
  expect(found.get(voided)).toMatchObject({ kind: 'missing_in_target', reason: expect.stringContaining('作废') });
  expect(report.target.count).toBe(before.report.target.count - 1);
  expect(Number(report.target.amount)).toBeLessThan(Number(before.report.target.amount));
});

test.each(['that wrote it', 'that remembers nothing'])(
  'a voided bill and a house %s: nothing is written over it, until somebody takes it out and puts its order back',
  async (house) => {
    const number = `JST${voided}`;
    await books.change({ number, status: 'A', cancelled: true });
    const before = await books.bill(number);
    if (house === 'that remembers nothing') await freshHouse();
    expect((await say('先预览昨天的')).reply.text).toContain('将写 3 单');
    const { counts } = await syncDays(app, day);
    expect(counts).toMatchObject({ written: 0, existing: 30, failed: 7 });
    const error = await failed(voided);
    expect(error).toMatchObject({ code: 'sync.bill_void', message: expect.stringContaining('作废') });
    expect(await books.bill(number)).toEqual(before);

    // What the next step says is what is to be said.
    const [, again = ''] = /「(撤单重推 [^」]+)」/.exec(error?.next ?? '') ?? [];
    expect((await done(again)).counts).toMatchObject({ written: 1, undone: 0 });
    expect(await books.bill(number)).toMatchObject({ status: 'C' });
    expect((await books.bill(number))?.cancelled).toBeUndefined();
  },
);

test('a discount typed in at 金蝶 is a difference of the amount, whatever price times quantity says', async () => {
  const bill = await books.bill(`JST${discounted}`);
  const [line] = bill?.model.FEntity ?? [];
  const was = Number(line?.FTaxPrice) * Number(line?.FRealQty);
  await books.change({ number: `JST${discounted}`, amount: Number((was - 5).toFixed(2)) });
  const difference = (await reconcileDay(app, day)).found.get(discounted);
  expect(difference?.kind).toBe('amount');
  expect(Number(difference?.sourceAmount) - Number(difference?.targetAmount)).toBeCloseTo(5, 8);
});

const dearer = (row: Row): Row => ({
  ...row,
  items: (row.items as Row[]).map((one, index) => (index === 0 ? { ...one, sale_amount: '999.99' } : one)),
});

test.each(['that wrote it', 'that found it', 'to whom the answer was lost'])(
  'a price changed at the source, and a house %s: said as that, not written a second time',
  async (house) => {
    if (house === 'that found it') {
      await freshHouse();
      await syncDays(app, day);
    }
    if (house === 'to whom the answer was lost') {
      await books.change({ number: `JST${key}`, remove: true });
      const fault = { kind: 'reset_after', count: 1, path: 'BatchSave' };
      await fetch(`${erps.kingdee.origin}/faults`, { method: 'POST', body: JSON.stringify(fault) });
      expect((await syncDays(app, day)).counts.written).toBe(1);
    }
    const before = await books.bills();
    alterRows(erps, new Map([[key, dearer]]));
    const { counts } = await syncDays(app, day);
    expect(counts).toMatchObject({ written: 0, existing: 30, failed: 7 });
    const error = await failed(key);
    expect(error?.code).toBe('sync.changed_at_source');
    expect(await books.bills()).toEqual(before);

    const [, again = ''] = /「(撤单重推 [^」]+)」/.exec(error?.next ?? '') ?? [];
    expect((await done(again)).counts.written).toBe(1);
    const [line] = (await books.bill(`JST${key}`))?.model.FEntity ?? [];
    expect(Number(line?.FTaxPrice) * Number(line?.FRealQty)).toBeCloseTo(999.99, 4);
    expect((await syncDays(app, day)).counts).toMatchObject({ existing: 31, failed: 6 });
  },
);

test.each<[string, (row: Row) => Row]>([
  ['a remark', (row) => ({ ...row, remark: '改过的备注', modified: '2026-11-24 14:00:00' })],
  ['a freight that is not billed', (row) => ({ ...row, freight: '12.00' })],
  ['the order of the lines', (row) => ({ ...row, items: (row.items as Row[]).toReversed() })],
  [
    'the same amounts, spelled longer',
    (row) => ({
      ...row,
      items: (row.items as Row[]).map((one) => ({ ...one, sale_amount: `${Number(one.sale_amount).toFixed(2)}00` })),
    }),
  ],
])('%s changed at the source: the bill is there', async (_what, change) => {
  const numbers = (await books.bills()).map(({ number }) => number.slice(3));
  alterRows(erps, new Map(numbers.map((number) => [number, change])));
  expect((await syncDays(app, day)).counts).toMatchObject({ written: 0, existing: 31, failed: 6 });
});
