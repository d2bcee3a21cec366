import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Answer } from '../../src/assistant/assistant.ts';
import { reconciliationCard } from '../../src/assistant/cards/reconciliation.ts';
import type { ButtonAction } from '../../src/channels/message.ts';
import { retryRepaired } from '../../src/sync/repaired.ts';
import type { RunView } from '../../src/sync/run.ts';
import { pause, startApp, type TestApp } from '../fakes/app.ts';
import { fieldsOf } from '../fakes/reply.ts';

const returns = 'jushuitan-return-to-kingdee';
const saleout = 'jushuitan-saleout-to-kingdee';
/** A receipt of the day, and the order that it is of, as is another. */
const [receipt, order] = ['12611230020', '266120006'];
/** Goods that came back of nobody's order. */
const stray = '12611230110';
const who = { person: 'web:me', conversation: 'web:c' };

let app: TestApp;
beforeAll(async () => {
  app = await startApp();
}, 60_000);
afterAll(() => app.end());

const say = (text: string): Promise<Answer> => app.assistant.answer({ ...who, text });
const press = (action: ButtonAction | undefined): Promise<Answer> =>
  app.assistant.answer({ ...who, text: '', ...(action ? { action } : {}) });
const ended = ({ run }: Answer): Promise<RunView> => app.sync.ended(run?.id ?? '', pause);
/** Bills of returns that 金蝶 has. */
const bills = async (): Promise<string[]> => {
  const all = (await (await fetch(`${app.sandbox?.kingdee.origin}/sandbox/bills`)).json()) as { number: string }[];
  return all.flatMap(({ number }) => (number.startsWith('JTH') ? [number] : [])).sort();
};
const reconciled = async ({ reconciliation = '' }: Answer): Promise<string> => {
  await expect.poll(async () => (await app.reconciler.find(reconciliation))?.state, { timeout: 30_000 }).toBe('done');
  const found = await app.reconciler.find(reconciliation);
  return found ? (await reconciliationCard(app.reconciler.findings, found)).title : '';
};
const yesterday = '11-23（周一）';

test('a preview and a sync are of the document that is named', async () => {
  const preview = await say('先预览昨天的退货单');
  expect(preview.decision.slots).toMatchObject({ dryRun: true, document: returns });
  expect(preview.reply.card?.title).toBe(`预览 ${yesterday} 的退货单`);
  const asked = await say('同步昨天的退货单');
  expect(asked.run?.pipeline).toBe(returns);
  expect(asked.reply.card?.title).toBe(`正在同步 ${yesterday} 的退货单`);
  expect((await ended(asked)).counts).toMatchObject({ fetched: 15, written: 0, failed: 11, skipped: 4 });
  expect(await bills()).toEqual([]);
});

test('what failed is told by the document, and of another one that it did', async () => {
  expect((await say('有哪些失败')).reply.text).toBe(
    '没有失败的出库单。退货单另有 11 单没进金蝶，说「有哪些退货单失败」看。',
  );
  const { reply } = await say('有哪些退货单失败');
  expect(reply.card?.title).toMatch(/^退货单还有 11 单没进金蝶/);
  expect(reply.text).toContain('等原单 10 单');
  expect(fieldsOf(reply).退货单).toContain(stray);
  expect((await say('导出')).reply.text).toContain('没进金蝶的退货单');
});

test('what they wait for is synced by a button, and they follow by themselves', async () => {
  const { reply } = await say('有哪些退货单失败');
  const button = reply.card?.buttons.find(({ label }) => label === '先同步那几单');
  const started = await press(button?.action);
  expect(started.run?.pipeline).toBe(saleout);
  expect((await ended(started)).counts).toMatchObject({ written: 9, failed: 0 });
  expect(await retryRepaired({ sql: app.store.sql, sync: app.sync, now: app.ports.now() }, returns)).toBe(true);
  const [follows] = await app.sync.runs.active();
  expect((await app.sync.ended(follows?.id ?? '', pause)).counts).toMatchObject({ written: 10, failed: 0 });
  expect(await bills()).toHaveLength(10);
  expect((await press(button?.action)).reply.text).toBe('没有在等别的单子的了。');
});

test('a retry without a word goes on with what was listed', async () => {
  await say('有哪些退货单失败');
  expect((await say('重试')).decision).toMatchObject({ action: 'confirm', slots: { document: returns } });
  const retried = await say('确认');
  expect(retried.run?.pipeline).toBe(returns);
  expect((await ended(retried)).counts).toMatchObject({ fetched: 1, failed: 1 });
});

test('a number says which document is meant, and of two it is asked', async () => {
  const one = await say(`JTH${receipt} 到哪了`);
  expect(one.reply.text).toMatch(new RegExp(`^退货单 ${receipt}（.+）→ 金蝶 JTH${receipt}：已写入并审核。$`));
  const both = (await say(`订单 ${order} 到哪了`)).reply.text.split('\n');
  expect(both).toEqual([
    expect.stringContaining(`退货单 ${receipt}`),
    expect.stringContaining('退货单 12611230021'),
    expect.stringContaining('出库单 261120006'),
  ]);
  const which = await say(`撤掉订单 ${order}`);
  expect(which.decision.action).toBe('clarify');
  expect(which.reply.card?.buttons.slice(0, 3).map(({ say }) => say)).toEqual([
    `撤掉JTH${receipt}`,
    '撤掉JTH12611230021',
    '撤掉JST261120006',
  ]);
  expect((await say(`JTH${receipt} 的含税单价怎么来的`)).reply.text).toContain(`pipelines/${returns}.yaml`);
  expect((await say('含税单价怎么来的')).reply.text).toContain(`pipelines/${saleout}.yaml`);
});

test('one is withdrawn, stays out, and is put back', async () => {
  const asked = await say(`撤掉 JTH${receipt}`);
  expect(asked.reply.text).toContain(`要把退货单 ${receipt} 在金蝶的单据 JTH${receipt}`);
  expect((await ended(await say('确认'))).counts.undone).toBe(1);
  expect(await bills()).not.toContain(`JTH${receipt}`);
  expect((await say(`JTH${receipt} 到哪了`)).reply.text).toContain('已从金蝶撤下');
  expect((await ended(await say('同步昨天的退货单'))).counts).toMatchObject({ written: 0, existing: 9, skipped: 5 });
  expect(fieldsOf((await say(`把 JTH${receipt} 放回来照常同步`)).reply)).toMatchObject({ 退货单: receipt });
  expect((await ended(await say('确认'))).counts.written).toBe(1);
  expect(await bills()).toContain(`JTH${receipt}`);
  expect((await say('谁撤过退货单')).reply.text).toContain('撤单');
});

test('both sides come out even, and a repeat writes nothing', async () => {
  expect(await reconciled(await say('昨天退货单对账'))).toMatch(/^退货单对账差 1 单/);
  const body = JSON.stringify({ status: 'Cancelled' });
  await fetch(`${app.sandbox?.jushuitan.origin}/sandbox/received/${stray}`, { method: 'POST', body });
  const before = await bills();
  const again = await ended(await say('同步昨天的退货单'));
  expect(again.counts).toMatchObject({ fetched: 15, written: 0, existing: 10, failed: 0, skipped: 5 });
  expect(await bills()).toEqual(before);
  expect(await reconciled(await say('昨天退货单对账'))).toBe(`✅ 退货单对账平 · ${yesterday}`);
});

test('figures and lists are of the document, and what there is not is answered with what there is', async () => {
  const report = await say('昨天退货单的单量和金额');
  expect(report.reply.text).toMatch(/^11-23（周一） 退货单（按店铺）。共 10 单 .*已进金蝶 10 单/);
  const which = report.reply.card?.buttons.find(({ label }) => label === '这 10 单是哪些');
  expect((await press(which?.action)).orders).toContain(receipt);
  expect((await say(which?.say ?? '')).orders).toContain(receipt);
  expect((await say('最近跑了什么')).reply.text).toContain(`同步 ${yesterday} 的退货单`);
  const other = await say('同步昨天的付款单');
  expect(other.decision.action).toBe('clarify');
  expect(other.reply.text).toMatch(/现在能做的是.*出库单.*退货单/);
});
