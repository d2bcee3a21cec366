import { afterEach, beforeEach, expect, test } from 'vitest';
import { tick } from '../../src/sync/scheduler.ts';
import { pause, startApp, syncDays, type TestApp } from '../fakes/app.ts';
import { type Books, booksAt } from '../fakes/books.ts';

const day = '2026-11-23';
let app: TestApp;
let books: Books;
beforeEach(async () => {
  app = await startApp();
  books = booksAt(app.sandbox?.kingdee.origin ?? '');
});
afterEach(async () => await app.end());

const say = (text: string) => app.assistant.answer({ person: 'terminal:a', conversation: 'terminal:a', text });
const ended = async (id: string | undefined) => {
  if (id === undefined) throw new Error('there is no run');
  return await app.sync.ended(id, pause);
};
const ticked = async () => {
  app.clock.now += 600_000;
  await tick(app.sync, app.sync.defaultPipeline, 86_400_000, app.ports.now());
  const [run] = await app.sync.runs.active();
  return await ended(run?.id);
};

test('金蝶 numbers by its own rule: the run stops, and nothing is written a second time until that is mended', async () => {
  await books.rules({ ownNumbers: true });
  const first = await syncDays(app, day);
  expect(first.run).toMatchObject({ state: 'failed', error: { code: 'sync.other_number' } });
  expect(first.run.error?.message).toMatch(/JST261123\d{3}.*XSCKD\d{6}/);
  expect(first.run.error?.next).toMatch(/编码规则.*XSCKD\d{6}/);
  expect(first.counts.written).toBe(0);
  const before = await books.bills();
  expect(before.every(({ number }) => number.startsWith('XSCKD'))).toBe(true);
  // No more than was on its way when the first answer came.
  expect(before.length).toBeLessThan(first.counts.fetched);

  expect((await ended((await say('重试 261123001')).run?.id)).run.error?.code).toBe('sync.other_number');
  await say('全部重试');
  expect((await ended((await say('确认')).run?.id)).run.error?.code).toBe('sync.other_number');
  expect((await syncDays(app, day)).run.error?.code).toBe('sync.other_number');
  expect((await syncDays(app, '2026-11-22')).run.error?.code).toBe('sync.other_number');
  expect((await ticked()).run.error?.code).toBe('sync.other_number');
  expect(await books.bills()).toEqual(before);

  // A rule that is mended while a wrong bill still stands, or the other way round, is half a repair.
  const [kept, ...others] = before;
  for (const { number } of others) await books.change({ number, remove: true });
  await books.rules({ ownNumbers: false });
  expect((await syncDays(app, day)).run.error?.message).toContain(kept?.number);
  expect(await books.bills()).toHaveLength(1);

  await books.change({ number: kept?.number, remove: true });
  expect((await syncDays(app, day)).counts).toMatchObject({ written: 31, existing: 0 });
  const numbers = (await books.bills()).map(({ number }) => number);
  expect(numbers.every((number) => number.startsWith('JST'))).toBe(true);
  expect(new Set(numbers).size).toBe(numbers.length);
  expect((await ticked()).run.error).toBeNull();
});

test('the wrong bills are deleted and the rule is not mended: it stops again at once', async () => {
  await books.rules({ ownNumbers: true });
  await syncDays(app, day);
  for (const { number } of await books.bills()) await books.change({ number, remove: true });
  const again = await syncDays(app, day);
  expect(again.run.error?.code).toBe('sync.other_number');
  expect((await books.bills()).length).toBeLessThan(again.counts.fetched);
});

test('what was written under our own numbers before stays as it is, and is not written again', async () => {
  await syncDays(app, day);
  const before = await books.bills();
  await books.rules({ ownNumbers: true });
  expect((await syncDays(app, '2026-11-22')).run.error?.code).toBe('sync.other_number');
  const after = await books.bills();
  expect((await syncDays(app, day)).run.error?.code).toBe('sync.other_number');
  expect(await books.bills()).toEqual(after);
  expect(after.filter(({ number }) => number.startsWith('JST'))).toHaveLength(before.length);
});
