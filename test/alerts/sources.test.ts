import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { currentConditions } from '../../src/alerts/conditions.ts';
import { tick } from '../../src/sync/scheduler.ts';
import { type House, openHouse } from './house.ts';

let house: House;
beforeAll(async () => {
  house = await openHouse();
});
afterAll(async () => await house.end());
beforeEach(async () => await house.reset());

const minute = 60_000;
const day = 86_400_000;
const ago = (ms: number): Date => new Date(house.app.clock.now - ms);
const sql = (text: string, values: (string | number | Date | string[])[] = []) =>
  house.app.store.sql.query(text, values);

/** What is wrong now: `category count unit severity`. */
async function wrong(): Promise<string[]> {
  const failures: unknown[] = [];
  const around = { sql: house.app.store.sql, now: house.now(), pipelines: ['p'], dataDir: '.', channels: [] };
  const none = { schedules: new Map(), brokenSchedules: new Map() };
  const found = await currentConditions({ ...around, ...none, ...house.surroundings }, failures);
  expect(failures).toEqual([]);
  return found.map(({ category, count, unit, severity }) => `${category} ${count} ${unit} ${severity}`);
}
const scheduled = { schedules: new Map([['p', '*/5 * * * *']]) };
const auth = { code: 'jushuitan.token', kind: 'auth', category: 'session', message: '授权过期', next: '重新授权' };
const broken = { code: 'internal.unexpected', kind: 'internal', category: 'unknown', message: '坏了', next: '看日志' };

/** Orders at these distances from now, in milliseconds. */
async function orders(...distances: number[]): Promise<void> {
  await sql(
    `insert into documents (pipeline, key, state, source_status, modified, io_date, shop_id, shop_name, warehouse_id, amount, quantity, raw, bill_number, first_seen_at, updated_at)
     select 'p', 'o' || n || '-' || extract(epoch from at), 'done', 'Confirmed', at, at, '1', 's', 'w', 1, 1, '{}', 'b', at, at
     from unnest($1::timestamptz[]) with ordinality orders (at, n)`,
    [distances.map((distance) => ago(distance).toISOString())],
  );
}
/** A reconciliation of so many days that has come to its end, a minute after the one before it. */
async function reconciled(days: number, differences: number, person = 'schedule'): Promise<void> {
  house.app.clock.now += minute;
  const end = new Date('2026-11-24T00:00:00+08:00');
  await sql(
    `insert into reconciliations (id, pipeline, window_start, window_end, requester, state, progress, created_at)
     values ($1, 'p', $2, $3, $4::jsonb, 'done', $5::jsonb, $6)`,
    [
      String(house.app.clock.now),
      new Date(end.getTime() - days * day),
      end,
      JSON.stringify({ person }),
      JSON.stringify({ differences }),
      house.now(),
    ],
  );
}
const readTo = (at: Date) =>
  sql(`insert into watermarks (pipeline, route, ts, until, updated_at) values ('p', 'open', '1', $1, $1)`, [at]);
/** Every 10 minutes from 09:00 to 21:00, on the same weekday of some weeks before. */
const openHours = (weeks: number): number[] => {
  const midnight = Date.parse('2026-11-24T00:00:00+08:00');
  return Array.from({ length: weeks }, (_, week) =>
    Array.from(
      { length: 73 },
      (_, n) => house.app.clock.now - (midnight - (week + 1) * 7 * day + 9 * 3_600_000 + n * 10 * minute),
    ),
  ).flat();
};

test('nothing is wrong with an empty ledger', async () => {
  expect(await wrong()).toEqual([]);
});

test.each<[name: string, happens: () => Promise<unknown>, want: string[]]>([
  ['documents that failed', () => house.fail('material_missing', 3), ['material_missing 3 orders normal']],
  ['a credential, by documents', () => house.fail('session', 2), ['session 2 orders urgent']],
  ['a credential, by a run', () => house.run({ state: 'failed', error: auth }), ['session 1 runs urgent']],
  [
    'a credential by both is one cause',
    async () => {
      await house.fail('session', 2);
      await house.run({ state: 'failed', error: auth });
    },
    ['session 2 orders urgent'],
  ],
  [
    'a document whose save was never answered, and one whose retry was stopped',
    async () => {
      await house.fail('transport', 2);
      await sql(`update documents set state = 'sending' where key = (select min(key) from documents)`);
      await sql(`update documents set state = 'ready' where key = (select max(key) from documents)`);
    },
    ['transport 2 orders normal'],
  ],
  [
    'runs that failed, since the last that did not',
    async () => {
      await house.run({ state: 'failed', error: broken, at: ago(50 * minute) });
      await house.run({ state: 'succeeded', at: ago(40 * minute) });
      for (const before of [30, 20, 10]) await house.run({ state: 'failed', error: broken, at: ago(before * minute) });
    },
    ['run_failed 3 runs normal'],
  ],
  [
    'a run that failed and was made good',
    async () => {
      await house.run({ state: 'failed', error: broken, at: ago(30 * minute) });
      await house.run({ state: 'partial', at: ago(20 * minute) });
    },
    [],
  ],
  [
    'a run nobody carries out',
    () => house.run({ state: 'running', lease: ago(11 * minute) }),
    ['run_stuck 1 runs normal'],
  ],
  [
    'a run that waits for ten minutes',
    () => house.run({ state: 'queued', at: ago(11 * minute) }),
    ['run_stuck 1 runs normal'],
  ],
  [
    'ticks that were skipped, since the last run began',
    async () => {
      await house.run({ state: 'running', at: ago(30 * minute), lease: house.now() });
      for (const before of [40, 25, 20, 15])
        await sql(`insert into skipped_ticks (pipeline, at) values ('p', $1)`, [ago(before * minute)]);
    },
    ['run_skipped 3 runs normal'],
  ],
  ['the nightly reconciliation', () => reconciled(7, 37), ['reconcile_differs 37 orders normal']],
  [
    'the nightly reconciliation, and one by hand over fewer days or with differences of its own',
    async () => {
      await reconciled(7, 37);
      await reconciled(1, 0, 'feishu:ou_1');
      await reconciled(9, 4, 'feishu:ou_1');
    },
    ['reconcile_differs 37 orders normal'],
  ],
  [
    'the nightly reconciliation, and a later one over its days that came out even',
    async () => {
      await reconciled(7, 37);
      await reconciled(7, 0, 'feishu:ou_1');
    },
    [],
  ],
  [
    'a channel that is down',
    async () => {
      house.surroundings = { channels: [{ name: 'feishu', up: false, everUp: true }] };
    },
    ['channel_down_feishu 1 none normal'],
  ],
])('%s', async (_name, happens, want) => {
  await happens();
  expect(await wrong()).toEqual(want);
});

test('a tick that finds the run before it still on is kept, once for all processes; one that finds a run of its own minute is not', async () => {
  const { sync } = house.app;
  const pipeline = sync.defaultPipeline;
  const skipped = () => sql('select pipeline, at from skipped_ticks');
  await sql(
    `insert into runs (id, pipeline, kind, trigger, window_by, window_start, window_end, requester, state, lease_until, created_at)
     values ('on', $1, 'sync', 'schedule', 'changes', $2, $2, '{}', 'running', $3, $2)`,
    [pipeline, ago(10 * minute), new Date(house.app.clock.now + day)],
  );
  await tick(sync, pipeline, minute, house.now());
  await tick(sync, pipeline, minute, house.now());
  expect(await skipped()).toEqual([{ pipeline, at: house.now() }]);
  await sql(`update runs set created_at = $1`, [house.now()]);
  await sql('delete from skipped_ticks');
  await tick(sync, pipeline, minute, new Date(house.app.clock.now + 2000));
  expect(await skipped()).toEqual([]);
});

test('late: no run began within the interval and its grace, since the schedule stands', async () => {
  house.surroundings = scheduled;
  expect(await wrong()).toEqual([]); // just switched on
  house.app.clock.now += 9 * minute;
  expect(await wrong()).toEqual([]);
  house.app.clock.now += 2 * minute;
  expect(await wrong()).toEqual(['run_late 1 runs normal']);
  await house.run({ state: 'running', lease: new Date(house.app.clock.now + day) });
  expect(await wrong()).toEqual([]);
  await sql(`update runs set state = 'succeeded', finished_at = created_at`);
  house.app.clock.now += 11 * minute;
  expect(await wrong()).toEqual(['run_late 1 runs normal']);
  house.surroundings = {}; // switched off
  expect(await wrong()).toEqual([]);
});

test('backlog: more runs wait at each of five looks, a minute apart; fewer ends it', async () => {
  await wrong();
  for (let look = 0; look < 5; look++) {
    expect(await wrong()).toEqual([]);
    await house.run({ state: 'queued', by: 'io_date' });
    house.app.clock.now += minute;
  }
  expect(await wrong()).toEqual(['backlog_growing 5 runs normal']);
  await sql(`update runs set state = 'succeeded' where id = (select min(id) from runs)`);
  house.app.clock.now += minute;
  expect(await wrong()).toEqual([]);
});

test.each<[name: string, history: () => number[], last: number, read: number, want: string[]]>([
  ['silent for two hours of a busy afternoon', () => openHours(4), 120, 0, ['source_silent 1 none normal']],
  ['two weeks of history are enough', () => openHours(2), 120, 0, ['source_silent 1 none normal']],
  ['one week is not', () => openHours(1), 120, 0, []],
  ['twenty minutes are nothing', () => openHours(4), 20, 0, []],
  ['it has not been read since: who has not looked knows nothing', () => openHours(4), 120, 110, []],
  ['it has not been read for days', () => openHours(4), 3000, 2000, []],
])('%s', async (_name, history, last, read, want) => {
  await orders(...history(), last * minute);
  await readTo(ago(read * minute));
  expect(await wrong()).toEqual(want);
});

test('a night that is always quiet is no alarm, nor is a holiday two weeks ago', async () => {
  await house.reset('2026-11-24T05:00:00+08:00');
  const evening = Array.from({ length: 30 }, (_, n) => (8 + 7 * 24) * 60 * minute + n * 10 * minute);
  await orders(
    ...evening,
    ...evening.map((one) => one + 7 * day),
    ...evening.map((one) => one + 14 * day),
    8 * 60 * minute,
  );
  await readTo(house.now());
  expect(await wrong()).toEqual([]);
  await house.reset();
  const withoutOne = openHours(4).filter((distance) => Math.round(distance / (7 * day)) !== 2);
  await orders(...withoutOne, 120 * minute);
  await readTo(house.now());
  expect(await wrong()).toEqual([]);
});
