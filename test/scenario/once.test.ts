import { afterAll, beforeAll, expect, test } from 'vitest';
import { namedRun, type RunRequest } from '../../src/sync/run.ts';
import { tickOnce } from '../../src/sync/scheduler.ts';
import { dayWindow } from '../../src/sync/window.ts';
import { pause, startApp, type TestApp } from '../fakes/app.ts';
import { type ScratchDatabase, scratchDatabase } from '../fakes/database.ts';

const server = process.env.TEST_DATABASE_URL;
const clock = { now: Date.parse('2026-11-24T15:00:00+08:00') };
let database: ScratchDatabase | null = null;
/** Two services on one PostgreSQL; the embedded store has one. */
let services: TestApp[];
beforeAll(async () => {
  database = server ? await scratchDatabase(server) : null;
  const env: Record<string, string> = database ? { DATABASE_URL: database.url } : {};
  services = [await startApp(env, clock)];
  if (database) services.push(await startApp(env, clock));
});
afterAll(async () => {
  for (const service of services) await service.end();
  await database?.drop();
});

const requester = { person: 'terminal:t', conversation: 'terminal:t' };
const pipeline = 'jushuitan-saleout-to-kingdee';
const whole = (day: string): RunRequest => ({
  pipeline,
  kind: 'sync',
  trigger: 'cli',
  by: 'io_date',
  ...dayWindow(day, day, new Date(clock.now)),
  filters: {},
  requester,
});
/** Eight at a time, shared among the services. */
const eight = <T>(ask: (service: TestApp, index: number) => Promise<T>): Promise<T[]> =>
  Promise.all(Array.from({ length: 8 }, (_, index) => ask(services[index % services.length] as TestApp, index)));

test.each(['2026-11-20', '2026-11-21', '2026-11-22', '2026-11-23'])(
  'the same sync of %s asked for eight times at once is one run',
  async (day) => {
    const asked = await eight(({ sync }) => sync.start(whole(day)));
    expect(new Set(asked.map(({ run }) => run.id)).size).toBe(1);
    expect(asked.filter(({ joined }) => !joined)).toHaveLength(1);
    await services[0]?.sync.ended(asked[0]?.run.id ?? '', pause);
  },
);

test('named orders are one run in whatever instant they are asked for, and in whatever order they are named', async () => {
  const keys = ['261123001', '261123002'];
  const asked = await eight(({ sync }, index) => {
    const named = namedRun({ pipeline, kind: 'retry', trigger: 'chat', requester }, keys, new Date(clock.now + index));
    return sync.start(index % 3 === 0 ? { ...named, filters: { keys: keys.toReversed() } } : named);
  });
  expect(new Set(asked.map(({ run }) => run.id)).size).toBe(1);
  await services[0]?.sync.ended(asked[0]?.run.id ?? '', pause);
});

test('orders that are named again after they were read are tried again: something may have been mended since', async () => {
  const [service] = services;
  if (!service) throw new Error('none');
  const asked = namedRun({ pipeline, kind: 'retry', trigger: 'chat', requester }, ['261123001'], new Date(clock.now));
  const first = await service.sync.start(asked);
  await service.sync.ended(first.run.id, pause);
  // As while it writes.
  await service.store.sql.query(`update runs set state = 'running', finished_at = null where id = $1`, [first.run.id]);
  const again = await service.sync.start(asked);
  expect(again.joined).toBe(false);
  for (const { run } of [first, again]) await service.sync.ended(run.id, pause);
});

test('what is about something else, or comes after the end, is a run of its own', async () => {
  const [service] = services;
  if (!service) throw new Error('none');
  const day = whole('2026-11-19');
  const first = await service.sync.start(day);
  const others: RunRequest[] = [
    { ...day, by: 'modified' },
    { ...day, filters: { shop: '10001' } },
    { ...day, filters: { keys: ['261119001'] } },
    { ...day, kind: 'retry', filters: { keys: ['261119001'] } },
  ];
  const ids = [first.run.id];
  for (const other of others) ids.push((await service.sync.start(other)).run.id);
  expect(new Set(ids).size).toBe(5);
  for (const id of ids) await service.sync.ended(id, pause);
  expect((await service.sync.start(day)).joined).toBe(false);
});

test('a tick of the schedule is one run, also for a service that comes to it after the run has ended', async () => {
  const at = new Date(clock.now);
  const parts = services[0]?.sync.pipelines.get(pipeline);
  if (!parts) throw new Error('none');
  const began = async () =>
    (await services[0]?.store.sql.query(`select id from runs where window_by = 'changes'`))?.length;
  const fire = (when: Date) =>
    eight(({ store, sync, ports }) => tickOnce({ sql: store.sql, sync, now: ports.now }, parts.pipeline, when));
  await fire(at);
  expect(await began()).toBe(1);
  for (const { id } of (await services[0]?.sync.runs.active()) ?? []) await services[0]?.sync.ended(id, pause);
  clock.now += 2000;
  await fire(at);
  expect(await began()).toBe(1);
  clock.now += 600_000;
  await fire(at);
  expect(await began()).toBe(1);
  await fire(new Date(at.getTime() + 600_000));
  expect(await began()).toBe(2);
});

test('the same reconciliation asked for eight times at once in one conversation is one', async () => {
  const window = dayWindow('2026-11-10', '2026-11-10', new Date(clock.now));
  const begun = await eight(({ reconciler }) => reconciler.begin(pipeline, window, requester));
  expect(new Set(begun.map(({ id }) => id)).size).toBe(1);
  const elsewhere = await services[0]?.reconciler.begin(pipeline, window, { ...requester, conversation: 'terminal:u' });
  expect(elsewhere?.id).not.toBe(begun[0]?.id);
});
