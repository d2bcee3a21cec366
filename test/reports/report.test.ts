import { afterAll, beforeAll, expect, test } from 'vitest';
import { parseRules } from '../../src/alerts/rules.ts';
import { keepTimetable } from '../../src/timetable.ts';
import { startApp, syncDays, type TestApp } from '../fakes/app.ts';

let app: TestApp;
beforeAll(async () => {
  app = await startApp();
  await syncDays(app, '2026-11-22', '2026-11-23');
}, 30_000);
afterAll(async () => await app.end());

const ask = async (text: string) => {
  const { reply } = await app.assistant.answer({ person: 'web:a', conversation: 'web:a', text });
  const table = reply.card?.blocks.find((block) => block.type === 'table');
  return { title: reply.card?.title ?? '', text: reply.text, rows: table?.type === 'table' ? table.rows : [] };
};

test.each([
  ['昨天各店铺出库单量', '按店铺'],
  ['最近三天每天的单量', '按天'],
  ['昨天按仓库统计', '按仓库'],
  ['昨天卖得最好的前5个sku', '按商品'],
])('%s', async (text, by) => {
  const { title, rows } = await ask(text);
  expect(title).toContain(by);
  expect(rows.length).toBeGreaterThan(0);
});

test('the figures of the groups add up to the total, and the failed ones are those of the ledger', async () => {
  const { text, rows } = await ask('昨天各店铺出库单量');
  expect(rows.reduce((sum, row) => sum + Number(row[1]), 0)).toBe(37);
  expect(text).toContain('共 37 单');
  expect(text).toContain('失败 6 单');
  expect((await ask('昨天卖得最好的前5个sku')).rows).toHaveLength(5);
});

test('the clock: a digest a day and a reconciliation a night, once whoever looks', async () => {
  const sent: string[] = [];
  const look = () =>
    keepTimetable({
      sql: app.store.sql,
      now: () => new Date(app.clock.now),
      sync: app.sync,
      reconciler: app.reconciler,
      outbox: {
        put: async (conversation: string, { reply }: { reply: { text: string } }) =>
          void sent.push(`${conversation} ${reply.text}`),
      } as never,
      rules: () => parseRules('digests: [{to: ["feishu:oc_1"], cron: "0 9 * * *"}]', 'alerts.yaml'),
      scheduled: async () => [app.sync.defaultPipeline],
    });
  await look();
  expect(sent).toEqual([]); // it begins with the next tick
  app.clock.now += 24 * 3_600_000;
  await look();
  await look();
  expect(sent).toEqual([expect.stringContaining('feishu:oc_1 11-24')]);
  const nights = await app.store.sql.query(
    `select state from reconciliations where requester ->> 'person' = 'schedule'`,
  );
  expect(nights).toEqual([{ state: 'done' }]);
});
