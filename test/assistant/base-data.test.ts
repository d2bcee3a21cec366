import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Answer } from '../../src/assistant/assistant.ts';
import { startApp, type TestApp } from '../fakes/app.ts';
import { rowsOf } from '../fakes/reply.ts';

let app: TestApp;
const say = (text: string): Promise<Answer> => app.assistant.answer({ person: 'web:me', conversation: 'web:c', text });
const byHand = (path: string, given: object) =>
  fetch(`${app.sandbox?.kingdee.origin}/sandbox/${path}`, { method: 'POST', body: JSON.stringify(given) });
beforeAll(async () => {
  app = await startApp();
}, 60_000);
afterAll(() => app.end());

test('all of a kind, with what organisations may use it', async () => {
  const { decision, reply } = await say('金蝶里有哪些仓库');
  expect(decision).toMatchObject({ intent: 'master_data', action: 'reply' });
  expect(reply.text).toMatch(/^金蝶里的仓库有 3 个\nCK001 杭州主仓（组织 100、101 可用）\nCK002/);
  expect(rowsOf(reply)).toHaveLength(3);
});

test.each([
  ['金蝶里有没有叫青禾的客户', /含「青禾」的客户有 4 个\nCUST0001 青禾天猫旗舰店/],
  ['金蝶里有没有 CUST0003 这个客户', /^金蝶里编码或名称含「CUST0003」的客户有 1 个\nCUST0003 青禾京东自营店/],
  ['查金蝶里带“龙井”的物料', /含「龙井」的物料有 2 个\nQH-TEA-100 明前龙井 100g/],
  ['金蝶里有 QH-POT-02 吗', /含「QH-POT-02」的物料有 1 个\nQH-POT-02 紫砂小壶/],
  ['会员定制礼金蝶里有没有', /QH-VIP-88 会员定制礼（组织 999 可用，没有分配到组织 100、101）/],
  ['金蝶里有没有 B-20', /^金蝶里没有编码或名称含「B-20」的客户、仓库、物料。$/],
  ['看看金蝶的供应商有哪些', /^金蝶里的供应商有 2 个\nSUP001 西湖茶厂（组织 100、101 可用）\nSUP002/],
  ['看看金蝶的业务员有哪些', /^金蝶里还没有业务员。$/],
])('%s', async (text, said) => expect((await say(text)).reply.text).toMatch(said));

test('what no bill takes is marked', async () => {
  await byHand('customers', { code: 'OLD-1', name: '旧客户一', forbidden: true });
  await byHand('customers', { code: 'NEW-1', name: '旧客户二', status: 'A' });
  expect(rowsOf((await say('金蝶里有没有叫“旧客户”的客户')).reply)).toEqual([
    ['NEW-1', '旧客户二', '未审核，组织 100、101 可用'],
    ['OLD-1', '旧客户一', '已禁用，组织 100、101 可用'],
  ]);
});

test('the first twenty, and how many more', async () => {
  for (let index = 10; index < 35; index++) await byHand('materials', { code: `MANY-${index}` });
  const { reply } = await say('金蝶里有 MANY-1 吗');
  expect(rowsOf(reply)).toHaveLength(10);
  const { reply: all } = await say('金蝶里带“MANY”的物料');
  expect(rowsOf(all)).toHaveLength(20);
  expect(all.text).toMatch(/有 25 个\n.*还有 20 个，说编码或名称的一部分/s);
  expect(all.card?.blocks).toMatchObject([{ type: 'table', omitted: 5 }]);
});

test('without a kind and a name it asks which', async () => {
  const gate = await app.assistant.gate.use(
    { person: 'web:me', conversation: 'web:c', text: '' },
    { tool: 'base-data', args: {}, intent: 'base_data', slots: {} },
  );
  expect(gate.decision.action).toBe('clarify');
  expect(gate.reply.card?.buttons.map(({ label }) => label)).toContain('金蝶里有哪些仓库');
});
