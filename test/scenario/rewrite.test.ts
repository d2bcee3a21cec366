import { afterAll, beforeAll, expect, test } from 'vitest';
import { namedRun, type RunView } from '../../src/sync/run.ts';
import { pause, startApp, syncDays, type TestApp } from '../fakes/app.ts';

const day = '2026-11-23';
const requester = { person: 'terminal:t', conversation: 'terminal:t' };
let app: TestApp;
beforeAll(async () => {
  app = await startApp();
  await syncDays(app, day);
});
afterAll(async () => await app.end());

const bills = async (): Promise<
  { number: string; status: string; lines: { FTaxPrice: number; FRealQty: number }[] }[]
> => (await (await fetch(`${app.sandbox?.kingdee.origin}/sandbox/bills`)).json()) as never;
const billOf = async (key: string) => (await bills()).filter(({ number }) => number === `JST${key}`);
const written = async (): Promise<string[]> =>
  (
    await app.store.sql.query<{ key: string }>(
      `select key from documents where pipeline = $1 and state = 'done' order by key`,
      [app.sync.defaultPipeline],
    )
  ).map(({ key }) => key);
async function start(kind: 'retry' | 'undo', keys: string[], again = false): Promise<RunView> {
  const asked = namedRun(
    { pipeline: app.sync.defaultPipeline, kind, trigger: 'chat', requester },
    keys,
    app.ports.now(),
  );
  const { run } = await app.sync.start({ ...asked, filters: { ...asked.filters, ...(again ? { again: true } : {}) } });
  return await app.sync.ended(run.id, pause);
}

test('撤单重推: the bill is taken out and written anew as its document is now, once', async () => {
  const [key = ''] = await written();
  const before = await billOf(key);
  await fetch(`${app.sandbox?.jushuitan.origin}/sandbox/orders/${key}`, {
    method: 'POST',
    body: JSON.stringify({ items: [{ sku_id: 'QH-TEA-250', qty: 2, amount: '66.60', price: '33.30', ioi_id: '1' }] }),
  });
  const { counts } = await start('retry', [key]);
  expect(counts).toMatchObject({ written: 0 });
  const again = await start('undo', [key], true);
  expect(again.counts).toMatchObject({ fetched: 1, written: 1, failed: 0 });
  const after = await billOf(key);
  expect(after).toHaveLength(1);
  expect(after[0]?.status).toBe('C');
  expect(after[0]).not.toEqual(before[0]);
});

test('a retry of three ends while a window of many goes on', async () => {
  const keys = (await written()).slice(0, 3);
  const { run } = await app.sync.start({
    pipeline: app.sync.defaultPipeline,
    kind: 'sync',
    trigger: 'cli',
    by: 'io_date',
    start: new Date('2026-11-04T00:00:00+08:00'),
    end: new Date('2026-11-22T00:00:00+08:00'),
    filters: {},
    requester,
  });
  await expect
    .poll(async () => (await app.sync.outcomes.counts(run.id)).written, { timeout: 90_000 })
    .toBeGreaterThan(0);
  const { counts } = await start('retry', keys);
  expect(counts).toMatchObject({ fetched: 3, existing: 3 });
  expect((await app.sync.runs.find(run.id))?.state).toBe('running');
  await app.sync.ended(run.id, pause);
}, 180_000);
