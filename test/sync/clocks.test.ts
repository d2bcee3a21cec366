import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest';
import { Intents } from '../../src/sync/intents.ts';
import { LeaseWatch } from '../../src/sync/lease-watch.ts';
import { retryRepaired } from '../../src/sync/repaired.ts';
import type { Run } from '../../src/sync/run.ts';
import { startSchedules } from '../../src/sync/scheduler.ts';
import { dayWindow } from '../../src/sync/window.ts';
import { pause, startApp, syncDays, type TestApp } from '../fakes/app.ts';

const hour = 3_600_000;
let app: TestApp;
beforeAll(async () => {
  app = await startApp();
});
let ended = false;
const end = async (): Promise<void> => {
  if (!ended) await app.end();
  ended = true;
};
afterAll(end);
afterEach(() => vi.useRealTimers());

const requester = { person: 'terminal:t', conversation: 'terminal:t' };
const sql = (text: string, values: (string | Date)[] = []) => app.store.sql.query(text, values);

test('a lease that is not renewed is abandoned, whatever time it names; one that is renewed never is', () => {
  let elapsed = 0;
  const watch = new LeaseWatch(30_000, () => elapsed);
  const look = (until: number) => watch.abandoned([{ id: 'a', until: new Date(until) }]).map(({ id }) => id);
  for (; elapsed < 30_000; elapsed += 3000) expect(look(9e12)).toEqual([]);
  expect(look(9e12)).toEqual(['a']);
  for (let renewed = 0; renewed < 30; renewed++, elapsed += 3000) expect(look(8e12 + renewed)).toEqual([]);
  expect(watch.abandoned([])).toEqual([]);
  elapsed += 60_000;
  expect(look(9e12)).toEqual([]); // seen for the first time again
});

test('a run whose holder died before the clock was put back is taken up once its lease is free', async () => {
  const { sync, clock } = app;
  const { run } = await sync.runs.create(
    {
      pipeline: sync.defaultPipeline,
      kind: 'sync',
      trigger: 'cli',
      by: 'io_date',
      ...dayWindow('2026-11-20', '2026-11-20', new Date(clock.now)),
      filters: {},
      requester,
    },
    async (id, tx) => {
      const until = new Date(clock.now + 2 * hour);
      await tx.query(
        `update runs set state = 'running', lease_owner = 'dead', lease_until = $2, started_at = $2 where id = $1`,
        [id, until],
      );
    },
  );
  const leases = await sync.runs.leases();
  expect(leases.map(({ id }) => id)).toEqual([run.id]);
  const [lease] = leases;
  if (!lease) throw new Error('none');
  await sync.runs.freeLease({ ...lease, until: new Date(lease.until.getTime() - 1) }); // renewed since it was seen
  expect(await sync.runs.leases()).toHaveLength(1);
  await sync.runs.freeLease(lease);
  expect((await sync.ended(run.id, pause)).counts).toMatchObject({ fetched: 37, written: 31 });
});

test('a reconciliation that waits by a clock that was ahead goes on, and so does one that is its own', async () => {
  const window = dayWindow('2026-11-20', '2026-11-20', new Date(app.clock.now));
  const { id } = await app.reconciler.begin(app.sync.defaultPipeline, window, requester);
  await sql('update reconciliations set lease_owner = null, lease_until = $2 where id = $1', [
    id,
    new Date(app.clock.now + 2 * hour),
  ]);
  const both = await Promise.all([app.reconciler.carryOut(id), app.reconciler.carryOut(id)]);
  expect(both.map((one) => one?.state ?? null).sort()).toEqual(['done', null]);
});

test('a call announced by a clock that was ahead is waited for no longer than a call can take', () => {
  let at = 1e12;
  const parts = { queue: {} as never, target: { timeoutMs: 30_000 } as never, now: () => new Date(at) };
  const intents = new Intents(parts, 10_000);
  const job = { document: { key: 'k' }, intentUntil: new Date(at + 2 * hour) };
  expect(intents.isOpen(job)).toBe(true);
  at += 89_000;
  expect(intents.isOpen(job)).toBe(true);
  at += 2000;
  expect(intents.isOpen(job)).toBe(false);
});

test('a document whose next try was set by a clock that was ahead is tried', async () => {
  await syncDays(app, '2026-11-21');
  const pipeline = app.sync.defaultPipeline;
  const retry = () => retryRepaired({ sql: app.store.sql, sync: app.sync, now: app.ports.now() }, pipeline);
  await sql(`update documents set category = 'permission' where state = 'failed' and category = 'material_missing'`);
  expect(await retry()).toBe(true); // one as a probe
  for (const { id } of await app.sync.runs.active()) await app.sync.ended(id, pause);
  await sql(`update documents set category = 'permission' where state = 'failed' and category = 'material_missing'`);
  expect(await retry()).toBe(false); // not yet
  await sql('update automatic_retries set next_at = $1', [new Date(app.clock.now + 48 * hour)]);
  expect(await retry()).toBe(true);
  for (const { id } of await app.sync.runs.active()) await app.sync.ended(id, pause);
});

test.each([
  ['back', -2 * hour],
  ['on', 26 * hour],
])('a schedule goes on at its next tick after the clock was put %s, and makes up for none', async (_way, step) => {
  await end(); // its queue would look twice a second of the time that is made up
  vi.useFakeTimers({ now: Date.parse('2026-11-24T07:02:00Z') });
  const started: Date[] = [];
  const parts = app.sync.pipelines.get(app.sync.defaultPipeline);
  const now = (): Date => new Date();
  const ticks = new Map<string, Date>();
  const schedules = await startSchedules({
    sql: {
      query: async (_text: string, [key, at]: [string, Date]) => {
        const next = at > (ticks.get(key) ?? new Date(0)) || step < 0;
        if (next) ticks.set(key, at);
        return next ? [{ key }] : [];
      },
    } as never,
    sync: {
      pipelines: new Map(parts ? [[parts.pipeline.id, parts]] : []),
      runs: { active: async (): Promise<Run[]> => [] },
      watermarks: { find: async () => null },
      brake: { held: async () => null },
      start: async () => void started.push(now()),
    } as never,
    changed: async () => new Map([[app.sync.defaultPipeline, { cron: '*/10 * * * *', enabled: true }]]),
    now,
    onError: (error) => {
      throw error;
    },
  });
  const clock = () => started.map((at) => at.toISOString().slice(11, 16));
  await vi.advanceTimersByTimeAsync(9 * 60_000);
  expect(clock()).toEqual(['07:10']);
  vi.setSystemTime(Date.now() + step);
  await vi.advanceTimersByTimeAsync(20 * 60_000);
  schedules.stop();
  expect(clock().slice(1)).toEqual(step < 0 ? ['05:20', '05:30'] : ['09:20', '09:30']);
});
