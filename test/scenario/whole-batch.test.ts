import { afterEach, beforeEach, expect, test } from 'vitest';
import { startApp, syncDays, type TestApp } from '../fakes/app.ts';
import { type Books, booksAt } from '../fakes/books.ts';
import { type Erps, startErps } from '../fakes/erps.ts';
import { type Call, type Gateway, startGateway } from '../fakes/gateway.ts';
import { is, passOn } from '../fakes/kingdee-line.ts';

const day = '2026-11-23';
const clock = { now: 0 };
let erps: Erps;
let books: Books;
let line: Gateway;
let app: TestApp;
/** Why a call is refused whole, with the places of the bills it is said of; null = it is passed on. */
let refuse: (call: Call) => { Message: string; FieldName?: string; DIndex?: number }[] | null;
beforeEach(async () => {
  clock.now = Date.parse('2026-11-24T15:00:00+08:00');
  refuse = () => null;
  erps = await startErps(clock);
  books = booksAt(erps.kingdee.origin);
  line = await startGateway(async (call) => {
    const Errors = refuse(call);
    if (!Errors) return await passOn(erps.kingdee.origin, call);
    const status = { ErrorCode: 500, IsSuccess: false, Errors, SuccessEntitys: [], SuccessMessages: [], MsgCode: 11 };
    return JSON.stringify({ Result: { ResponseStatus: status } });
  });
  app = await startApp({ ...erps.env, KINGDEE_BASE_URL: `${line.origin}/K3Cloud`, KINGDEE_AUTH: 'signature' }, clock);
});
afterEach(async () => {
  await app.end();
  await line.close();
  await erps.end();
});

/** The numbers a call is about, in their places. */
const numbersOf = ({ body }: Call): string[] => {
  const { data } = JSON.parse(body) as { data: { Model?: { FBillNo: string }[]; Numbers?: string[] } };
  return data.Model?.map(({ FBillNo }) => FBillNo) ?? data.Numbers ?? [];
};
const culprit = 'JST261123004';
const said = '这一单不行，自己的规矩';
const failure = async () => (await app.sync.ledger.document(app.sync.defaultPipeline, culprit))?.error;

test('a tenant that refuses a batch whole for one bill: each culprit is named, the others go through', async () => {
  await books.rules({ wholeBatches: true });
  const { counts, failures } = await syncDays(app, day);
  expect(counts).toMatchObject({ written: 31, failed: 6 });
  const missing = failures.find(({ category }) => category === 'material_missing');
  expect(missing?.subjects).toContain('A-1093');
  expect(failures.flatMap(({ category }) => category)).not.toContain('transport');
});

const operations = ['BatchSave', 'Submit', 'Audit'] as const;
const manners: readonly [
  how: string,
  said: (numbers: string[]) => { Message: string; FieldName?: string; DIndex?: number }[],
][] = [
  ['by its place', (numbers) => [{ Message: said, FieldName: 'FNote', DIndex: numbers.indexOf(culprit) }]],
  ['by its number', () => [{ Message: `单据[${culprit}]${said}` }]],
  ['by nothing', () => [{ Message: said }]],
];
const cases = operations.flatMap((operation) => manners.map(([how, says]) => ({ operation, how, says })));

test.each(cases)('$operation refused whole, the culprit named $how', async ({ operation, how, says }) => {
  let refused = 0;
  refuse = (call) => {
    const numbers = numbersOf(call);
    if (!is(call, operation) || !numbers.includes(culprit)) return null;
    refused += 1;
    return says(numbers);
  };
  const { counts } = await syncDays(app, day);
  expect(counts).toMatchObject({ written: 30, failed: 7 });
  expect(await failure()).toMatchObject({ category: 'vendor_rule', message: expect.stringContaining(said) });
  const bills = (await books.bills()).filter(({ status }) => status === 'C');
  expect(bills).toHaveLength(30);
  expect(new Set(bills.map(({ number }) => number)).size).toBe(30);
  // Found by halves, not one by one.
  expect(refused).toBeLessThanOrEqual(how === 'by nothing' ? 6 : 2);
});

test('a refusal that concerns all of them ends on each, and nothing is sent for ever', async () => {
  let refused = 0;
  refuse = (call) => {
    if (!is(call, 'BatchSave')) return null;
    refused += 1;
    return [{ Message: said }];
  };
  const { counts } = await syncDays(app, day);
  expect(counts).toMatchObject({ written: 0, failed: 37 });
  expect(refused).toBeLessThan(2 * 37);
});
