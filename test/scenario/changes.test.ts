import { afterAll, beforeAll, expect, test } from 'vitest';
import { tick } from '../../src/sync/scheduler.ts';
import { pause, startApp, type TestApp } from '../fakes/app.ts';

let app: TestApp;
beforeAll(async () => {
  app = await startApp();
});
afterAll(async () => await app.end());

const lookback = 20 * 60_000;
const ticked = async () => {
  app.clock.now += 1000; // two runs are told apart by when they were made
  await tick(app.sync, app.sync.defaultPipeline, lookback, new Date(app.clock.now));
  const [run] = await app.sync.runs.recent(1);
  return await app.sync.ended(run?.id ?? '', pause);
};
interface Bill {
  id: number;
  number: string;
  status: string;
}
const bills = async (): Promise<Bill[]> =>
  (await (await fetch(`${app.sandbox?.kingdee.origin}/sandbox/bills`)).json()) as Bill[];

test('a schedule takes in what is new since it looked last, once, and finds what was cancelled', async () => {
  const first = await ticked();
  expect(first.run).toMatchObject({
    by: 'changes',
    trigger: 'schedule',
    state: expect.stringMatching(/succeeded|partial/),
  });
  const before = (await bills()).length;

  app.clock.now += 3 * 3_600_000; // three hours of new orders
  const second = await ticked();
  expect(second.counts.written).toBeGreaterThan(0);
  const after = await bills();
  expect(after.length).toBeGreaterThan(before);
  expect(new Set(after.map(({ number }) => number)).size).toBe(after.length);

  await ticked();
  const ids = new Map((await bills()).map(({ number, id }) => [number, id]));
  for (const { number, id } of after) expect(ids.get(number)).toBe(id);

  const written = after.find(({ status }) => status === 'C')?.number.replace('JST', '') ?? '';
  await fetch(`${app.sandbox?.jushuitan.origin}/sandbox/orders/${written}`, {
    method: 'POST',
    body: '{"status":"Cancelled"}',
  });
  app.clock.now += 600_000;
  await ticked();
  expect((await app.sync.outcomes.cancelled(app.sync.defaultPipeline)).map(({ key }) => key)).toContain(written);
}, 60_000);
