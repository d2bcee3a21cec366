import { rmSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { retryRepaired } from '../../src/sync/repaired.ts';
import { namedRun, type RunRequest } from '../../src/sync/run.ts';
import { tick } from '../../src/sync/scheduler.ts';
import { dayWindow } from '../../src/sync/window.ts';
import { pause, startApp, syncDays, type TestApp } from '../fakes/app.ts';
import { scratchDatabase } from '../fakes/database.ts';
import { startErps } from '../fakes/erps.ts';
import { dataFolder } from '../fakes/folder.ts';

const bills = async (app: TestApp): Promise<{ number: string; status: string }[]> =>
  (await (await fetch(`${app.sandbox?.kingdee.origin}/sandbox/bills`)).json()) as { number: string; status: string }[];
const requester = { person: 'terminal:t', conversation: 'terminal:t' };
const days = (app: TestApp, from: string, to = from): RunRequest => ({
  pipeline: app.sync.defaultPipeline,
  kind: 'sync',
  trigger: 'cli',
  by: 'io_date',
  ...dayWindow(from, to, new Date(app.clock.now)),
  filters: {},
  requester,
});
/** Pulls the brake as soon as a run has written something; until it is called off. */
const brakeOnceWritten = (app: TestApp): (() => void) =>
  app.sync.onProgress((id) => {
    void app.sync.outcomes.counts(id).then(async ({ written }) => {
      if (written > 0) await app.sync.brake.pull('terminal:t');
    });
  });

describe('while the brake holds', () => {
  let app: TestApp;
  beforeAll(async () => {
    app = await startApp();
    await syncDays(app, '2026-11-23');
    await app.sync.brake.pull('terminal:t');
  });
  afterAll(async () => await app.end());

  const pipeline = 'jushuitan-saleout-to-kingdee';
  test.each<[string, () => Promise<unknown>]>([
    ['a sync', () => app.sync.start(days(app, '2026-11-22'))],
    [
      'a retry',
      () => app.sync.start(namedRun({ pipeline, kind: 'retry', trigger: 'chat', requester }, ['1'], app.ports.now())),
    ],
    [
      'an undo',
      () => app.sync.start(namedRun({ pipeline, kind: 'undo', trigger: 'chat', requester }, ['1'], app.ports.now())),
    ],
  ])('%s is refused, with who and since when', async (_what, start) => {
    await expect(start()).rejects.toMatchObject({
      code: 'sync.braked',
      message: expect.stringMatching(/终端里的同事 从 11-24 \d\d:\d\d 起/),
    });
  });

  test('the schedule and the automatic repair begin nothing, and count nothing as tried or skipped', async () => {
    const before = (await app.sync.runs.recent(100)).length;
    await tick(app.sync, pipeline, 60_000, app.ports.now());
    const repair = { sql: app.store.sql, sync: app.sync, now: app.ports.now() };
    expect(await retryRepaired(repair, pipeline)).toBe(false);
    expect(await app.sync.runs.recent(100)).toHaveLength(before);
    expect(
      await app.store.sql.query(
        'select * from automatic_retries union all select pipeline, at::text, null, 0, at from skipped_ticks',
      ),
    ).toEqual([]);
  });

  test('a run that was queued before it ends at once and unwritten', async () => {
    await app.sync.brake.release('terminal:t');
    const before = (await bills(app)).length;
    const { run } = await app.sync.start(days(app, '2026-11-21'));
    await app.sync.brake.pull('terminal:t');
    const ended = await app.sync.ended(run.id, pause);
    expect(ended.run).toMatchObject({ state: 'cancelled', error: { code: 'sync.braked' } });
    expect(ended.counts.written).toBe((await bills(app)).length - before);
  });

  test('a preview still looks', async () => {
    const { counts } = await app.sync.preview(days(app, '2026-11-20'));
    expect(counts.planned).toBeGreaterThan(0);
  });

  test('it stays that of whoever pulled it first', async () => {
    expect(await app.sync.brake.pull('web:other')).toBe(false);
    expect(await app.sync.brake.held()).toMatchObject({ person: 'terminal:t' });
  });
});

test('a run that writes stops at its next batch, and what it left is written once when it is said again', async () => {
  const app = await startApp();
  const unlisten = brakeOnceWritten(app);
  const { run } = await app.sync.start(days(app, '2026-11-16', '2026-11-20'));
  const { run: ended, counts } = await app.sync.ended(run.id, pause);
  unlisten();
  expect(ended).toMatchObject({ state: 'cancelled', error: { code: 'sync.braked' } });
  expect(counts.written).toBeGreaterThan(0);
  expect(counts.written).toBeLessThan(5 * 31);
  expect(counts.pending).toBe(0);
  expect((await bills(app)).filter(({ status }) => status === 'C')).toHaveLength(counts.written);
  await app.sync.brake.release('terminal:t');
  const again = await syncDays(app, '2026-11-16', '2026-11-20');
  expect(again.counts).toMatchObject({ existing: counts.written, fetched: 5 * 37 });
  const numbers = (await bills(app)).flatMap(({ number, status }) => (status === 'C' ? [number] : []));
  expect(new Set(numbers).size).toBe(numbers.length);
  expect(numbers).toHaveLength(again.counts.written + again.counts.existing);
  await app.end();
}, 120_000);

test('what follows changes does not move past what it was stopped at', async () => {
  const app = await startApp();
  const pipeline = app.sync.defaultPipeline;
  const ticked = async () => {
    app.clock.now += 1000;
    await tick(app.sync, pipeline, 3 * 3_600_000, app.ports.now());
    const [run] = await app.sync.runs.recent(1);
    return await app.sync.ended(run?.id ?? '', pause);
  };
  await ticked();
  app.clock.now += 3 * 3_600_000;
  const unlisten = app.sync.onProgress(() => void app.sync.brake.pull('terminal:t'));
  const stopped = await ticked();
  unlisten();
  expect(stopped.run.state).toBe('cancelled');
  await app.sync.brake.release('terminal:t');
  const { counts } = await ticked();
  expect(counts.written + counts.existing).toBeGreaterThan(stopped.counts.written);
  await app.end();
}, 60_000);

test('it outlives a restart', async () => {
  const dir = dataFolder();
  const env = { DATA_DIR: dir, DATABASE_URL: '' };
  const first = await startApp(env);
  await first.sync.brake.pull('terminal:t');
  await first.end();
  const second = await startApp(env);
  await expect(second.sync.start(days(second, '2026-11-22'))).rejects.toMatchObject({ code: 'sync.braked' });
  await second.end();
  rmSync(dir, { recursive: true, force: true });
});

const server = process.env.TEST_DATABASE_URL ?? '';
test.skipIf(!server)(
  'several processes see it at once',
  async () => {
    const clock = { now: Date.parse('2026-11-24T15:00:00+08:00') };
    const database = await scratchDatabase(server);
    const erps = await startErps(clock);
    const env = { ...erps.env, DATABASE_URL: database.url };
    const one = await startApp(env, clock);
    const other = await startApp(env, clock);
    const { run } = await other.sync.start(days(other, '2026-11-10', '2026-11-20'));
    const unlisten = [brakeOnceWritten(one), brakeOnceWritten(other)];
    const { run: ended, counts } = await one.sync.ended(run.id, pause);
    expect(ended).toMatchObject({ state: 'cancelled', error: { code: 'sync.braked' } });
    expect(counts.written).toBeLessThan(11 * 31);
    for (const off of unlisten) off();
    for (const app of [one, other])
      await expect(app.sync.start(days(app, '2026-11-22'))).rejects.toMatchObject({ code: 'sync.braked' });
    await one.sync.brake.release('terminal:t');
    expect(await other.sync.brake.held()).toBeNull();
    await Promise.all([one.end(), other.end()]);
    await erps.end();
    await database.drop();
  },
  120_000,
);
