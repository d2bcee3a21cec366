import { afterEach, beforeEach, expect, test } from 'vitest';
import { report } from '../../src/reports/digest.ts';
import { retryRepaired } from '../../src/sync/repaired.ts';
import { pause, startApp, syncDays, type TestApp } from '../fakes/app.ts';

let app: TestApp;
beforeEach(async () => {
  app = await startApp();
});
afterEach(async () => await app.end());

const say = (text: string, conversation = 'terminal:a') =>
  app.assistant.answer({ person: 'terminal:a', conversation, text });
const yesterday = { start: new Date('2026-11-23T00:00:00+08:00'), end: new Date('2026-11-24T00:00:00+08:00') };
const cancel = (key: string) =>
  fetch(`${app.sandbox?.jushuitan.origin}/sandbox/orders/${key}`, { method: 'POST', body: '{"status":"Cancelled"}' });

/** All that anybody can see of documents and runs. */
async function traces(): Promise<object> {
  const pipeline = app.sync.defaultPipeline;
  const { sql } = app.store;
  for (let look = 0; look < 3; look++) {
    await app.alerts.evaluate();
    app.clock.now += 60_000;
  }
  return {
    failures: (await say('有哪些失败')).reply.text,
    open: await app.sync.outcomes.openFailures(pipeline),
    alerts: (await app.alerts.reports()).map(({ category }) => category),
    report: (await report(sql, { pipeline, audits: true, ...yesterday }, { by: 'shop', top: 20, now: app.ports.now() }))
      .reply.text,
    orders: (await say('列出昨天的单')).reply.text,
    progress: (await say('进度')).reply.text,
    retry: await retryRepaired({ sql, sync: app.sync, now: app.ports.now() }, pipeline),
    status: (await say('261123003 到哪一步了')).reply.text,
    rows: await sql.query('select count(*)::int as documents, (select count(*)::int from runs) as runs from documents'),
  };
}

test('a preview with orders that would fail, and one that is counted for a question, leave nothing behind', async () => {
  const before = await traces();
  expect(before).toMatchObject({ failures: '没有失败的出库单。', alerts: [], rows: [{ documents: 0, runs: 0 }] });
  const preview = await say('先预览昨天的');
  expect(preview.reply.text).toContain('会失败 3 单');
  expect((await say('同步昨天的订单', 'terminal:b')).decision.action).toBe('confirm');
  // Too many to count before the answer: counted behind it.
  expect((await say('同步 10.15 到 11.23 的', 'terminal:c')).reply.text).toContain('金额还在统计');
  await app.sync.stop();
  expect(await traces()).toEqual(before);
});

test('a preview changes nothing of what a run has found: what is written, failed or cancelled since', async () => {
  await syncDays(app, '2026-11-23');
  const before = await traces();
  await cancel('261123001');
  const asked = await say('同步昨天的订单');
  expect(JSON.stringify(asked.reply.card)).toContain('1 单已取消');
  await say('取消');
  await say('先预览昨天的');
  expect(await traces()).toEqual(before);
  const { run } = await say('同步昨天的订单').then(() => say('确认'));
  await app.sync.ended(run?.id ?? '', pause);
  expect((await say('有哪些失败')).reply.text).toContain('261123001'); // a run does take it in
});

test('two previews of one window at a time are both whole', async () => {
  const [one, other] = await Promise.all([say('先预览昨天的', 'terminal:a'), say('先预览昨天的', 'terminal:b')]);
  expect(one.reply.text).toBe(other.reply.text);
  expect(one.reply.text).toContain('将写 34 单');
});
