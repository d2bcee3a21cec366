import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Answer } from '../../src/assistant/assistant.ts';
import { pause, startApp, syncDays, type TestApp } from '../fakes/app.ts';

let app: TestApp;
let conversation = '';
beforeAll(async () => {
  app = await startApp();
  await syncDays(app, '2026-11-23');
}, 60_000);
afterAll(() => app.end());
beforeEach(({ task }) => {
  conversation = `terminal:${task.id}`;
});
const say = (text: string): Promise<Answer> => {
  app.clock.now += 1000;
  return app.assistant.answer({ person: 'terminal:me', conversation, text });
};

describe('the words alone, without a card, hold the conclusion', () => {
  test.each([
    ['10 月各店铺单量', /10-01.*10-31.*还没有同步过/],
    ['缺哪些物料', /物料不存在 1 单.*A-1093/],
    ['列出昨天的单', /37 单.*261123005/],
    ['昨天的日报', /最多的是 青禾\S+ \d+ 单/],
    ['昨天抖音多少单', /抖音 · 出库单 5 单/],
    ['谁在处理', /物料不存在（没有人接手）/],
    ['10 月同步了吗', /10-01.*10-31.*还没有同步过/],
    ['定时几点跑', /每 10 分钟/],
    ['客户怎么来的', /店铺 → 客户/],
    ['没有对照的有哪些', /没有对照/],
    ['261123005 到哪了', /：失败。金蝶里没有这个物料/],
    ['下周一开始自动同步', /^没读懂：「下周一开始」.*要(?:恢复|改).*吗/s],
    ['同步 2026-11-20 到 2026-11-18', /开始在结束之后/],
    ['帮助', /对账[\s\S]*告警/],
  ])('%s', async (text, said) => expect((await say(text)).reply.text).toMatch(said));

  test('no code of ours is said for a map', async () => {
    const { reply } = await say('没有对照的有哪些');
    expect(JSON.stringify(reply.card?.blocks)).toContain('「店铺 → 客户」里没有 10037');
  });

  test('a retry is of orders, not of a range', async () => {
    const { run, reply } = await say('重试');
    expect(reply.text).toMatch(/^开始同步 出库单 261123005/);
    if (run) await app.sync.ended(run.id, pause);
    expect((await say('进度')).reply.text).toMatch(/^出库单 261123005/);
  });
});

describe('a yes is to the question that was asked last', () => {
  test('not to one before it', async () => {
    await say('同步昨天的订单');
    await say('撤掉 261123001');
    expect((await say('取消')).decision.action).toBe('none');
    expect((await say('好')).run).toBeUndefined();
  });

  test('a pressed button means its own question', async () => {
    const first = await say('同步昨天的订单');
    await say('撤掉 261123001');
    const button = first.reply.card?.buttons.find(({ action }) => action.name === 'reject');
    const pressed = { person: 'terminal:me', conversation, text: '', ...(button ? { action: button.action } : {}) };
    expect((await app.assistant.answer(pressed)).reply.text).toBe('好，不做了。');
  });

  test('「算了」 takes the question back', async () => {
    await say('店铺 10037 对应客户 CUST0003');
    await say('算了');
    expect((await say('确认')).reply.text).toContain('没有等你确认');
  });
});

test('looking at a day again does not take its failures off the list', async () => {
  const before = (await say('有哪些失败')).reply.text;
  expect(before).toContain('还有 6 单没进金蝶');
  await say('先预览昨天的');
  expect((await say('有哪些失败')).reply.text).toBe(before);
});
