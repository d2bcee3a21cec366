import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parseRules } from '../../src/alerts/rules.ts';
import type { Attachment } from '../../src/channels/channel.ts';
import { feishuCard } from '../../src/channels/feishu/card.ts';
import type { Block, Button } from '../../src/channels/message.ts';
import { report } from '../../src/reports/digest.ts';
import { keepTimetable } from '../../src/timetable.ts';
import { problemsOf } from '../channels/feishu-json.ts';
import { startApp, syncDays, type TestApp } from '../fakes/app.ts';

let app: TestApp;
beforeAll(async () => {
  app = await startApp();
  await syncDays(app, '2026-11-21', '2026-11-23');
}, 30_000);
afterAll(async () => await app.end());

const ask = async (text: string, conversation = 'web:a') => {
  const { reply } = await app.assistant.answer({ person: 'web:a', conversation, text });
  if (reply.card) expect(problemsOf(feishuCard(reply.card))).toEqual([]);
  const blocks = reply.card?.blocks ?? [];
  const find = <Type extends Block['type']>(type: Type) =>
    blocks.find((block): block is Extract<Block, { type: Type }> => block.type === type);
  return {
    title: reply.card?.title ?? '',
    text: reply.text,
    rows: find('table')?.rows ?? [],
    omitted: find('table')?.omitted ?? 0,
    chart: find('chart'),
    counts: find('counts')?.counts.map(({ value }) => value) ?? [],
    fields: find('fields')?.fields.map(({ label }) => label) ?? [],
    buttons: reply.card?.buttons ?? [],
  };
};
const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

test.each([
  ['昨天各店铺出库单量', '按店铺', 'bar'],
  ['最近四天每天的单量', '按天', 'line'],
  ['最近三天每天的单量', '按天', 'bar'],
  ['昨天按仓库统计', '按仓库', 'bar'],
  ['昨天卖得最好的前5个sku', '按商品', 'bar'],
])('%s', async (text, by, kind) => {
  const { title, rows, chart } = await ask(text);
  expect(title).toContain(by);
  expect(chart?.kind).toBe(kind);
  expect(rows.length).toBeGreaterThan(1);
  expect(chart?.labels).toEqual(rows.map(([label]) => label));
  expect(Math.max(...rows.map((row) => row.length))).toBeLessThan(5);
});

test('the figures of the groups add up to the total, and the failed ones are those of the ledger', async () => {
  const { text, chart, counts, fields } = await ask('昨天各店铺出库单量');
  expect(sum(chart?.values ?? [])).toBe(37);
  expect(counts).toEqual([37, 31, 6]);
  expect(text).toContain('共 37 单');
  expect(text).toContain('失败 6 单');
  expect(fields).toEqual(['金额', '已进金蝶', '成功率', '同步用时', '失败原因']);
  expect((await ask('最近三天每天的单量')).fields).toContain('店铺排行');
  const best = await ask('昨天卖得最好的前5个sku');
  expect(best.chart?.values).toHaveLength(5);
  expect(best.omitted).toBeGreaterThan(0);
});

describe('every figure can be asked', () => {
  test('by words that follow, narrowed to a shop or to what was written', async () => {
    const { chart } = await ask('昨天各店铺出库单量', 'web:follow');
    const all = await ask('这 37 单是哪些', 'web:follow');
    expect(all.title).toContain('37 单');
    expect(all.rows.length + all.omitted).toBe(37);
    expect(all.rows[0]).toEqual([
      expect.stringMatching(/^\d+$/),
      expect.stringMatching(/^¥/),
      expect.stringMatching(/^失败 · /),
    ]);
    expect((await ask('成功的31单是哪些', 'web:follow')).title).toContain('31 单');
    const [shop, count] = [chart?.labels[0] ?? '', chart?.values[0] ?? 0];
    expect((await ask(`${shop}的${count}单是哪些`, 'web:follow')).title).toContain(`${shop} · 出库单 ${count} 单`);
    const missing = await ask('物料不存在的那1单是哪些', 'web:follow');
    expect(missing.rows.map(([, , state]) => state)).toEqual(['失败 · 物料不存在']);
    expect((await ask('失败的6单是哪些', 'web:follow')).title).toContain('还有 6 单');
  });

  test('by its button and by the words of its button, in another conversation', async () => {
    const { buttons } = await ask('昨天各店铺出库单量');
    expect(buttons.map(({ label }) => label)).toEqual(['这 37 单是哪些', '失败的 6 单是哪些']);
    for (const [index, title] of ['37 单', '还有 6 单'].entries()) {
      const { action, say } = buttons[index] as Button;
      const message = { person: 'web:b', conversation: 'web:b', text: '' };
      const pressed = await app.assistant.answer({ ...message, action });
      expect(pressed.reply.card?.title).toContain(title);
      expect((await ask(say, 'web:b')).title).toBe(pressed.reply.card?.title);
    }
  });

  test('after a digest that nobody asked for', async () => {
    const asked = {
      pipeline: app.sync.defaultPipeline,
      audits: true,
      start: new Date('2026-11-22T00:00:00+08:00'),
      end: new Date('2026-11-23T00:00:00+08:00'),
    };
    const { reply } = await report(app.store.sql, asked, { by: 'shop', top: 20, now: app.ports.now() });
    await app.store.sql.query(
      `insert into sent_cards (channel, conversation, card_id, handle, card, at) values ('feishu', 'feishu:oc_1', $1, '{}', '{}', $2)`,
      [reply.card?.id ?? '', new Date()],
    );
    const listed = await ask('这些单是哪些', 'feishu:oc_1');
    expect(listed.title).toContain('11-22');
  });
});

test('the clock: a digest a day and a reconciliation a night, once whoever looks', async () => {
  const sent: string[] = [];
  let down = false;
  const look = () =>
    keepTimetable({
      sql: app.store.sql,
      now: () => new Date(app.clock.now),
      sync: app.sync,
      reconciler: app.reconciler,
      alerts: app.alerts,
      outbox: {
        enqueue: async (_tx: unknown, conversation: string, { reply }: { reply: { text: string } }) => {
          if (down) throw new Error('the store is down');
          sent.push(`${conversation} ${reply.text}`);
        },
        wake: () => undefined,
        file: async (conversation: string, { name, bytes }: Attachment) =>
          void sent.push(`${conversation} ${name} ${bytes.subarray(1, 4)}`),
      } as never,
      rules: () => parseRules('digests: [{to: ["feishu:oc_1", "dingtalk:cid1"], cron: "0 9 * * *"}]', 'alerts.yaml'),
      scheduled: async () => [app.sync.defaultPipeline],
    });
  await look();
  expect(sent).toEqual([]); // it begins with the next tick
  app.clock.now += 24 * 3_600_000;
  await syncDays(app, '2026-11-24');
  down = true;
  await expect(look()).rejects.toThrow();
  down = false;
  await look();
  await look();
  expect(sent).toEqual([
    expect.stringContaining('feishu:oc_1 11-24'),
    expect.stringContaining('dingtalk:cid1 11-24'),
    expect.stringMatching(/^dingtalk:cid1 \S+\.png PNG$/), // where the platform draws no charts
  ]);
  const nights = () =>
    app.store.sql.query(`select state from reconciliations where requester ->> 'person' = 'schedule'`);
  await expect.poll(nights, { timeout: 20_000 }).toEqual([{ state: 'done' }]);
});
