import { afterAll, beforeAll, expect, test } from 'vitest';
import { reconciliationCard } from '../../src/assistant/cards/reconciliation.ts';
import { AppError } from '../../src/errors.ts';
import type { Source, SourceQuery, Target } from '../../src/sync/connector.ts';
import type { Reconciliation } from '../../src/sync/reconcile/reconciliation.ts';
import { Reconciler } from '../../src/sync/reconcile.ts';
import { dayWindow } from '../../src/sync/window.ts';
import { startApp, syncDays, type TestApp } from '../fakes/app.ts';

let app: TestApp;
const requester = { person: 'terminal:t', conversation: 'terminal:t' };
beforeAll(async () => {
  app = await startApp();
  await syncDays(app, '2026-11-21', '2026-11-23');
}, 60_000);
afterAll(async () => await app.end());

/** A reconciler of its own, as another process would have it, whose systems do what is said here. */
function reconcilerWith(
  owner: string,
  page: (source: Source) => Source['page'],
  count: (source: Source, query: SourceQuery) => Promise<number | null> = (source, query) => source.count(query),
  beforeTarget: () => Promise<void> = async () => undefined,
): Reconciler {
  const pipelines = new Map(
    [...app.sync.pipelines].map(([id, parts]) => {
      const { source, target } = parts;
      const list: Target['list'] = async function* (first, last) {
        await beforeTarget();
        yield* target.list(first, last);
      };
      return [
        id,
        {
          ...parts,
          source: { ...source, page: page(source), count: (query: SourceQuery) => count(source, query) },
          target: { ...target, list },
        },
      ];
    }),
  );
  const quiet = { now: app.ports.now, onProgress: () => undefined, onError: () => undefined };
  return new Reconciler({ sql: app.store.sql, pipelines, ...quiet }, owner);
}
const begin = (from: string, to = from) =>
  app.reconciler.begin(app.sync.defaultPipeline, dayWindow(from, to, app.ports.now()), requester);
const finish = async (id: string): Promise<Reconciliation> => {
  const done = await app.reconciler.carryOut(id);
  if (done?.state !== 'done') throw new Error(JSON.stringify(done));
  return done;
};
const kindsOf = async (done: Reconciliation) =>
  new Map((await app.reconciler.report(done))?.differences.map(({ key, kind }) => [key, kind]));
const change = (key: string, body: object) =>
  fetch(`${app.sandbox?.jushuitan.origin}/sandbox/orders/${key}`, { method: 'POST', body: JSON.stringify(body) });

test('a day the ledger has seen whole is counted, not read; what changed since is found all the same', async () => {
  const first = await finish((await begin('2026-11-23')).id);
  expect(first.days).toMatchObject([{ day: '2026-11-23', from: 'ledger', orders: 37 }]);
  expect(first.progress).toMatchObject({ source: 37, saved: 1, savedDays: 1, calls: 4 }); // the calls are those for changes
  const known = await kindsOf(first);
  const written = await app.store.sql.query<{ key: string; bill: string }>(
    `select key, bill_number as bill from documents where state = 'done' and io_date >= '2026-11-23T00:00:00+08:00' order by key`,
  );
  const [cancelled, edited] = written.map(({ key }) => key) as [string, string];
  const [{ key: movedIn }] = (await app.store.sql.query<{ key: string }>(
    `select key from documents where state = 'done' and io_date < '2026-11-22T00:00:00+08:00' order by key limit 1`,
  )) as [{ key: string }];
  // One left and one came: the source counts as many as before, and the bill of the other is where its old date was.
  await change(cancelled, { status: 'Cancelled' });
  await change(movedIn, { io_date: '2026-11-23 12:00:00' });
  app.clock.now += 1000;
  const bill = { number: `JST${edited}`, price: 4321 };
  await fetch(`${app.sandbox?.kingdee.origin}/sandbox/bills`, { method: 'POST', body: JSON.stringify(bill) });
  const second = await finish((await begin('2026-11-23')).id);
  expect(second.days).toMatchObject([{ from: 'ledger' }]);
  const fresh = [...(await kindsOf(second))].filter(([key]) => !known.has(key));
  expect(new Map(fresh)).toEqual(
    new Map([
      [cancelled, 'cancelled_at_source'],
      [edited, 'amount'],
    ]),
  );
  // An order that moved out of a window is no difference of that window either; its bill there has its order.
  expect((await kindsOf(await finish((await begin('2026-11-21')).id))).get(movedIn)).toBeUndefined();
});

test('orders that two routes have both are counted twice: a day is read in full until it is known how many these are', async () => {
  const counting = reconcilerWith(
    'counting',
    (source) => source.page,
    async (source, query) => {
      const count = await source.count(query);
      return count === null ? null : count + 1;
    },
  );
  const from: (string | undefined)[] = [];
  for (let round = 0; round < 2; round++) {
    const done = await counting.carryOut((await begin('2026-11-22')).id);
    from.push(done?.days[0]?.from);
  }
  expect(from).toEqual(['source', 'ledger']);
});

test('a reconciliation whose process died goes on at its next page elsewhere, and comes to the same end', async () => {
  const whole = await finish((await begin('2026-11-10', '2026-11-12')).id);
  const { id } = await begin('2026-11-10', '2026-11-12');
  const asked: string[] = [];
  let reached: () => void = () => undefined;
  const third = new Promise<void>((resolve) => {
    reached = resolve;
  });
  const dying = reconcilerWith('dying', (source) => async (query, cursor) => {
    asked.push(`${query.start.toISOString()} ${cursor?.slice(0, 18)}`);
    if (asked.length === 3) {
      reached();
      await new Promise(() => undefined); // it never comes back
    }
    return await source.page(query, cursor);
  });
  void dying.carryOut(id);
  await third;
  expect(await app.reconciler.carryOut(id)).toBeNull(); // its lease still holds
  expect((await begin('2026-11-10', '2026-11-12')).id).toBe(id); // who asks again gets the one that is on
  app.clock.now += 60_000;
  const again: string[] = [];
  const heir = reconcilerWith('heir', (source) => async (query, cursor) => {
    if (query.by === 'io_date' && !query.keys) again.push(`${query.start.toISOString()} ${cursor?.slice(0, 18)}`);
    return await source.page(query, cursor);
  });
  const done = await heir.carryOut(id);
  expect(done?.state).toBe('done');
  expect(again[0]).toBe(asked[2]);
  expect(again).not.toContain(asked[1]);
  expect(await kindsOf(done as Reconciliation)).toEqual(await kindsOf(whole));
});

test('an outage is waited out, not the end of it; what does not pass by itself is', async () => {
  const { id } = await begin('2026-11-10', '2026-11-12');
  let broken: AppError | null = new AppError('http.unreachable', 'transient', { category: 'transport' });
  const suffering = reconcilerWith('suffering', (source) => async (query, cursor) => {
    if (broken && query.start > new Date('2026-11-11T00:00:00+08:00')) throw broken;
    return await source.page(query, cursor);
  });
  expect(await suffering.carryOut(id)).toMatchObject({ state: 'running', place: { stage: 'source' }, error: null });
  expect(await suffering.carryOut(id)).toBeNull(); // not yet
  broken = null;
  app.clock.now += 61_000;
  expect(await suffering.carryOut(id)).toMatchObject({ state: 'done' });
  const other = await begin('2026-11-10', '2026-11-12');
  broken = new AppError('jushuitan.token', 'auth', { category: 'session' });
  expect(await suffering.carryOut(other.id)).toMatchObject({ state: 'failed', error: { message: broken.message } });
});

test('it can be stopped: no verdict, nothing left behind, and the card says so', async () => {
  const { id } = await begin('2026-11-10', '2026-11-12');
  const stopping = reconcilerWith('stopping', (source) => async (query, cursor) => {
    await app.assistant.answer({
      person: 'web:a',
      conversation: 'web:a',
      text: '',
      action: { name: 'stop-reconciliation', args: { reconciliation: id } },
    });
    return await source.page(query, cursor);
  });
  const stopped = await stopping.carryOut(id);
  expect(stopped?.error).toBeNull();
  expect(stopped?.state).toBe('stopped');
  expect((await reconciliationCard(app.reconciler.findings, stopped as Reconciliation)).title).toMatch(
    /^出库单对账已停/,
  );
  const [left] = await app.store.sql.query(
    'select (select count(*) from reconcile_source) as source, (select count(*) from reconcile_target) as target',
  );
  expect(left).toEqual({ source: 0, target: 0 });
});

test('the card says how long it will take, by the limits before it reads and by what calls took after', async () => {
  const texts: string[] = [];
  const { pipelines } = app.sync;
  let at = app.clock.now;
  const { id } = await begin('2026-11-10', '2026-11-12');
  const watched = new Reconciler(
    {
      sql: app.store.sql,
      pipelines,
      now: () => {
        at += 1000;
        return new Date(at);
      },
      onProgress: async (reconciliation) => {
        if (reconciliation.state !== 'running') return;
        const [block] = (await reconciliationCard(app.reconciler.findings, structuredClone(reconciliation))).blocks;
        texts.push(block?.type === 'progress' ? block.text : '');
      },
      onError: () => undefined,
    },
    'watched',
  );
  await watched.carryOut(id);
  expect(texts[0]).toMatch(/^正在数 \d+ 天各有多少单 · 约还要 \d+ 秒$/);
  expect(texts).toContainEqual(expect.stringMatching(/^聚水潭已读 \d+ \/ \d+ 单 · 约还要 \d+ 秒$/));
  expect(texts.at(-1)).toMatch(/正在逐单比对$/);
});

test('what is cancelled while the target is read, which may take hours, is no difference', async () => {
  const [{ key }] = (await app.store.sql.query<{ key: string }>(
    `select key from documents where state = 'done' and io_date >= '2026-11-22T00:00:00+08:00' order by key limit 1`,
  )) as [{ key: string }];
  const during = async (): Promise<void> => {
    app.clock.now += 3_600_000;
    await change(key, { status: 'Cancelled' });
    const bill = { number: `JST${key}`, remove: true };
    await fetch(`${app.sandbox?.kingdee.origin}/sandbox/bills`, { method: 'POST', body: JSON.stringify(bill) });
    app.clock.now += 1000;
  };
  const { id } = await begin('2026-11-22');
  const slow = reconcilerWith('slow', ({ page }) => page, undefined, during);
  await slow.carryOut(id);
  expect((await kindsOf((await app.reconciler.find(id)) as Reconciliation)).get(key)).toBeUndefined();
});
