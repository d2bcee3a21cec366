import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Answer } from '../../src/assistant/assistant.ts';
import type { ButtonAction, Reply } from '../../src/channels/message.ts';
import { startApp, syncDays, type TestApp } from '../fakes/app.ts';
import { fieldsOf, rowsOf } from '../fakes/reply.ts';

let app: TestApp;
const say = (text: string): Promise<Answer> => app.assistant.answer({ person: 'web:me', conversation: 'web:c', text });
const press = (action: ButtonAction | undefined): Promise<Answer> =>
  app.assistant.answer({ person: 'web:me', conversation: 'web:c', text: '', ...(action ? { action } : {}) });
/** What is said of the first of them. */
const first = ({ card, ...reply }: Reply): Record<string, string> =>
  fieldsOf({ ...reply, ...(card ? { card: { ...card, blocks: card.blocks.slice(0, 2) } } : {}) });
beforeAll(async () => {
  app = await startApp();
}, 60_000);
afterAll(() => app.end());

test('which there are, with source, target, timer, maps and the last run', async () => {
  const { decision, reply } = await say('有哪些集成方案');
  expect(decision).toMatchObject({ intent: 'list_pipelines', action: 'reply' });
  expect(reply.text).toMatch(
    /^现在有 9 个集成方案\n聚水潭·奇门 销售出库 → .*：定时停着（每 10 分钟）；还没有跑过\n[\s\S]*聚水潭 销售退货 → /,
  );
  expect(first(reply)).toMatchObject({
    取数: expect.stringMatching(/^聚水潭 jushuitan.saleout.list.query · .*奇门.* · 只取 Confirmed$/),
    写入: '金蝶 SAL_OUTSTOCK · 单据编号 JST + 聚水潭单号 · 写完提交再审核',
    对照表: expect.stringContaining('店铺 → 客户 4 条（maps/shop_to_customer.csv）'),
  });
});

test('what was changed in chat, and the last run, show', async () => {
  await app.settings.setMapEntry({ map: 'shop_to_customer', source: '10037', target: 'CUST0003' }, 'web:me');
  await syncDays(app, '2026-11-23');
  await press({ name: 'resume-schedule', args: {} });
  const fields = first((await say('方案列表')).reply);
  expect(fields.对照表).toContain('店铺 → 客户 5 条（maps/shop_to_customer.csv，其中 1 条是聊天里改的）');
  expect(fields.上次).toBe('11-24 15:00 同步 11-23（周一） 的出库单，做完了但有失败');
  expect(fields.定时).toBe('开着，每 10 分钟，下一次 11-24 15:10');
});

test('how one is set, field by field, as it is explained', async () => {
  const list = await say('有哪些方案');
  const button = list.reply.card?.buttons[0];
  const pressed = await press(button?.action);
  const { reply } = await say('出库单的方案怎么配的');
  expect(reply).toEqual(pressed.reply);
  const rows = rowsOf(reply);
  const rules = app.sync.pipelines.get(app.sync.defaultPipeline)?.mapping.rules ?? [];
  expect(rows).toHaveLength(rules.length);
  expect(rows).toContainEqual([
    '含税单价 FTaxPrice',
    '按 line.amount / line.qty 计算，保留 6 位小数（明细金额 ÷ 数量）',
  ]);
  expect(rows).toContainEqual(['客户 FCustomerID', '取聚水潭的 shop_id，用对照表「店铺 → 客户」换成金蝶编码']);
  expect(fieldsOf(reply)).toMatchObject({
    前置条件: "order.status == 'Confirmed'",
    文件: expect.stringMatching(/^pipelines\/jushuitan-saleout-to-kingdee.yaml · 映射版本 [0-9a-f]{8}$/),
  });
  expect((await say('含税单价怎么来的')).reply.text).toContain('按 line.amount / line.qty 计算，保留 6 位小数');
});
