import { afterAll, beforeAll, expect, test } from 'vitest';
import { runCard } from '../../src/assistant/cards/cards.ts';
import { reconciliationCard } from '../../src/assistant/cards/reconciliation.ts';
import { loadTools } from '../../src/assistant/tools/load.ts';
import { retryRepaired } from '../../src/sync/repaired.ts';
import { tick } from '../../src/sync/scheduler.ts';
import { dayWindow } from '../../src/sync/window.ts';
import { pause, startApp, syncDays, type TestApp } from '../fakes/app.ts';

const day = '2026-11-23';
const order = '261123001';
let app: TestApp;
/** How the withdrawal ended. */
let card: string;
beforeAll(async () => {
  app = await startApp();
  await app.store.sql.query(`insert into people (person, name) values ('feishu:ou_1', '王敏')`);
  await syncDays(app, day);
  await say(`撤掉 ${order}`);
  const { run } = await say('确认');
  const undone = await app.sync.ended(run?.id ?? '', pause);
  expect(undone.counts.undone).toBe(1);
  expect(await inTarget()).toBe(false);
  card = JSON.stringify(runCard(undone, app.ports.now()));
});
afterAll(async () => await app.end());

const who = { person: 'feishu:ou_1', conversation: 'feishu:oc_1' };
const say = (text: string) => app.assistant.answer({ ...who, text });
const press = (name: string, args: Record<string, unknown>) =>
  app.assistant.answer({ ...who, text: '', action: { name, args: args as Record<string, string> } });
const inTarget = async (key = order): Promise<boolean> => {
  const bills = (await (await fetch(`${app.sandbox?.kingdee.origin}/sandbox/bills`)).json()) as { number: string }[];
  return bills.some(({ number }) => number === `JST${key}`);
};
const cardOf = (id: string) => app.sync.view(id).then((view) => JSON.stringify(runCard(view, app.ports.now())));
const reconciled = async (id: string | undefined) => {
  await expect.poll(async () => (await app.reconciler.find(id ?? ''))?.state, { timeout: 30_000 }).toBe('done');
  const found = await app.reconciler.find(id ?? '');
  if (!found) throw new Error('gone');
  return { found, card: JSON.stringify(await reconciliationCard(app.reconciler.findings, found)) };
};

test('it says after the withdrawal, and of the order, that it stays out, who said so, and how it comes back', async () => {
  expect(card).toContain('同步、定时和重试都不会再写');
  expect((await say(`${order} 到哪一步了`)).reply.text).toMatch(
    /已从金蝶撤下.*王敏 11-24 15:\d\d 撤下的.*「放回 261123001」/,
  );
});

test('a sync of its day, of its number, of what changed, a retry and an automatic one leave it out and say so', async () => {
  const { run, counts } = await syncDays(app, day);
  expect(counts).toMatchObject({ fetched: 37, written: 0, existing: 30, failed: 6, skipped: 1 });
  expect(await cardOf(run.id)).toContain('其中 1 单是王敏撤下的，没有写：261123001');

  expect((await say(`同步单号 ${order}`)).reply.text).toContain('都是王敏撤下的，不会写');
  expect((await say(`重试 ${order}`)).reply.text).toContain('1 单是王敏撤下的，不重试：261123001');

  await tick(app.sync, app.sync.defaultPipeline, 3_600_000, app.ports.now());
  const [first] = await app.sync.runs.active();
  await app.sync.ended(first?.id ?? '', pause);
  app.clock.now += 600_000;
  await fetch(`${app.sandbox?.jushuitan.origin}/sandbox/orders/${order}`, {
    method: 'POST',
    body: '{"status":"Confirmed"}',
  });
  await tick(app.sync, app.sync.defaultPipeline, 3_600_000, app.ports.now());
  const [second] = await app.sync.runs.active();
  const followed = await app.sync.ended(second?.id ?? '', pause);
  expect(followed.withdrawn.map(({ key }) => key)).toEqual([order]);

  await retryRepaired({ sql: app.store.sql, sync: app.sync, now: app.ports.now() }, app.sync.defaultPipeline);
  for (const { id } of await app.sync.runs.active()) await app.sync.ended(id, pause);
  expect(await inTarget()).toBe(false);
  expect((await say('有哪些失败')).reply.text).not.toContain(order);
});

test('a preview and a question count it out, and say who', async () => {
  expect((await say('先预览昨天的')).reply.text).toContain('王敏撤下的 1 单不写');
  const { reply } = await say('同步昨天的订单');
  expect(reply.text).toContain('王敏撤下的 1 单不写');
  expect(reply.text).not.toContain('跳过');
  expect(JSON.stringify(reply.card)).toContain('1 单是王敏撤下的，不写');
});

test('a reconciliation does not miss it; one that did before it was withdrawn does not bring it back', async () => {
  const { found, card: verdict } = await reconciled((await say('昨天对账')).reconciliation);
  const kinds = (await app.reconciler.report(found))?.differences.filter(({ key }) => key === order);
  expect(kinds).toEqual([]);
  expect(verdict).toContain('另有 1 单是王敏撤下的，不算差，也不补：261123001');

  const other = '261123002';
  await fetch(`${app.sandbox?.kingdee.origin}/sandbox/bills`, {
    method: 'POST',
    body: JSON.stringify({ number: `JST${other}`, remove: true }),
  });
  const missing = (await reconciled((await say('昨天对账')).reconciliation)).found;
  await say(`撤掉 ${other}`);
  const { run } = await say('确认');
  await app.sync.ended(run?.id ?? '', pause);
  const answer = await press('resync-missing', { reconciliation: missing.id });
  expect(answer.reply.text).toContain('1 单是王敏撤下的，不补：261123002');
  await app.sync.ended(answer.run?.id ?? '', pause);
  expect(await inTarget(other)).toBe(false);
});

test('what was read before it was withdrawn is not written after', async () => {
  const { sync, store, ports } = app;
  const { run } = await sync.runs.create(
    {
      pipeline: sync.defaultPipeline,
      kind: 'sync',
      trigger: 'cli',
      by: 'io_date',
      ...dayWindow(day, day, ports.now()),
      filters: {},
      requester: { person: 'terminal:t', conversation: 'terminal:t' },
    },
    // Read, and killed before it wrote.
    async (id, tx) => {
      await tx.query(`update runs set state = 'running', checkpoint = '{"slice": 1}' where id = $1`, [id]);
      await tx.query(`insert into run_documents (run_id, key, outcome) values ($1, $2, 'pending')`, [id, order]);
    },
  );
  const { counts, withdrawn } = await sync.ended(run.id, pause);
  expect(counts).toMatchObject({ fetched: 1, skipped: 1, written: 0 });
  expect(withdrawn).toHaveLength(1);
  expect(await inTarget()).toBe(false);
  expect(await store.sql.query('select state from documents where key = $1', [order])).toEqual([
    { state: 'withdrawn' },
  ]);
});

test('somebody puts it back, after a yes, and it is written', async () => {
  expect((await press('put-back', {})).reply.text).toContain('撤下的有：261123001、261123002');
  expect((await press('put-back', { orders: ['261123003'] })).reply.text).toContain('没有撤下');
  const asked = await press('put-back', { orders: [order, '261123003'] });
  expect(asked.decision.action).toBe('confirm');
  expect(JSON.stringify(asked.reply.card)).toContain('要把撤下的 1 单放回去');
  expect(await inTarget()).toBe(false);
  const { run } = await say('确认');
  const { counts } = await app.sync.ended(run?.id ?? '', pause);
  expect(counts).toMatchObject({ fetched: 1, written: 1 });
  expect(await inTarget()).toBe(true);
  expect((await say(`${order} 到哪一步了`)).reply.text).toContain('已写入并审核');
  expect((await press('put-back', {})).reply.text).toContain('撤下的有：261123002。');
});

test('the tool answers the intent put_back, for whom may withdraw', async () => {
  const tools = await loadTools();
  const tool = tools.get('put-back');
  expect(tool?.answers?.put_back?.({ orders: [order] })).toEqual({ orders: [order] });
  expect(tool?.least).toBe(tools.get('undo-order')?.least);
});
