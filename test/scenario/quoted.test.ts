import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Card } from '../../src/channels/message.ts';
import { syncDays, type TestApp } from '../fakes/app.ts';
import { carrierOf } from '../fakes/dingtalk/api.ts';
import { type FakeDingtalk, startOnDingtalk } from '../fakes/dingtalk.ts';
import { type FakeFeishu, startOnFeishu } from '../fakes/feishu.ts';

const soon = { timeout: 15_000, interval: 20 };
const retries = async (app: TestApp) => (await app.sync.runs.recent(20)).filter(({ kind }) => kind === 'retry');
const card = (id: string, more: Partial<Card> = {}): Card => ({
  id,
  title: '一张卡',
  tone: 'neutral',
  blocks: [],
  buttons: [],
  ...more,
});
const named = (orders: string): Card['blocks'] => [{ type: 'text', text: `缺物料：${orders}` }];
const retryButton = (args: Record<string, string>): Card['buttons'][number] => ({
  label: '重试',
  style: 'primary',
  say: '重试',
  action: { name: 'retry-failures', args },
});

describe('DingTalk, by its real SDK', () => {
  let gateway: FakeDingtalk;
  let app: TestApp;
  let failed: string[];
  beforeAll(async () => {
    ({ gateway, app } = await startOnDingtalk());
    await syncDays(app, '2026-11-23');
    failed = (await app.sync.outcomes.openFailures(app.sync.defaultPipeline)).flatMap(({ orders }) => orders);
  });
  afterAll(async () => {
    await app.end();
    await gateway.stop();
  });
  beforeEach(() => {
    gateway.said.length = 0;
  });
  afterEach(async () => {
    await app.store.sql.query('truncate keyv'); // nobody remembers the test before
  });
  const quoting = (content: string, repliedMsg: object, more: object = {}) =>
    gateway.say(content, { more: { text: { content: ` ${content}`, isReplyMsg: true, repliedMsg }, ...more } });
  const heard = () => JSON.stringify(gateway.said);
  const sent = async (what: Card): Promise<string> => {
    await app.conversations.outbox.put('dingtalk:cidG1', { reply: { text: '', card: what } });
    await app.conversations.outbox.flush();
    return String(gateway.said.at(-1)?.body.outTrackId);
  };

  test.each([
    ['content.text', (order: string) => ({ msgType: 'text', content: { text: `${order} 客户催了` } })],
    ['content.content', (order: string) => ({ msgType: 'text', content: { content: `${order} 客户催了` } })],
    ['JSON', (order: string) => ({ msgType: 'text', content: JSON.stringify({ content: `${order} 客户催了` }) })],
    [
      'rich text',
      (order: string) => ({
        msgType: 'richText',
        content: {
          richText: [
            { msgType: 'text', content: '客户催了' },
            { msgType: 'text', content: order },
          ],
        },
      }),
    ],
    [
      'a card’s elements',
      (order: string) => ({
        msgType: 'interactiveCard',
        content: { cardContent: { elementType: 'BOX', children: [{ elementType: 'TEXT', value: order }] } },
      }),
    ],
  ])('「这单」 is the order that is quoted in %s', async (_shape, replied) => {
    const order = failed[0] ?? '';
    quoting('这单为什么没进金蝶', replied(order));
    await expect.poll(heard, soon).toContain(`出库单 ${order}`);
    expect(heard()).not.toContain(failed[1]);
  });

  test('「重试这个」 tries the quoted order and no other', async () => {
    const before = (await retries(app)).length;
    quoting('重试这个', { msgType: 'text', content: { content: failed[1] } });
    await expect.poll(async () => (await retries(app)).length, soon).toBe(before + 1);
    expect((await retries(app))[0]?.filters.keys).toEqual([failed[1]]);
  });

  test('a quote alone is answered about what it quotes; what would write is asked about', async () => {
    quoting(' ', { msgType: 'text', content: { text: `${failed[0]} 客户催了` } });
    await expect.poll(heard, soon).toContain(`出库单 ${failed[0]}`);
    const before = (await app.sync.runs.recent(50)).length;
    quoting(' ', { msgType: 'text', content: { text: '同步前天的订单' } });
    await expect.poll(heard, soon).toContain('要把这些出库单写进金蝶吗？');
    expect(heard()).toContain('11-22（周日）00:00 → 24:00');
    expect((await app.sync.runs.recent(50)).length).toBe(before);
  });

  test.each(['确认', '今天吃什么', '好的'])('a quoted 「%s」 alone does nothing', async (words) => {
    quoting('同步前天的订单', { msgType: 'text', content: { text: 'x' } });
    await expect.poll(heard, soon).toContain('写进金蝶吗');
    const before = (await app.sync.runs.recent(50)).length;
    gateway.said.length = 0;
    quoting(' ', { msgType: 'text', content: { text: words } });
    await expect.poll(() => gateway.said.some(({ path }) => path.includes('Session')), soon).toBe(true);
    expect((await app.sync.runs.recent(50)).length).toBe(before);
  });

  const unreadable = { msgType: 'interactiveCard', msgId: 'q', senderId: '$:bot' };
  test.each(['这单为什么没进金蝶', '重试', '撤掉它'])(
    '「%s」 with a quote nobody can read: asked which',
    async (words) => {
      const before = (await app.sync.runs.recent(50)).length;
      quoting(words, unreadable);
      await expect.poll(heard, soon).toContain('读不出是哪一单');
      quoting(' ', unreadable);
      await expect.poll(heard, soon).toContain('我读不到');
      expect((await app.sync.runs.recent(50)).length).toBe(before);
    },
  );

  test('a card of ours is known by the key it was sent with: its orders, and its button', async () => {
    const about = await sent(card('c-one', { blocks: named(failed[0] ?? '') }));
    quoting('这单怎么回事', unreadable, { originalProcessQueryKey: carrierOf(about) });
    await expect.poll(heard, soon).toContain(`出库单 ${failed[0]}`);
    const before = (await retries(app)).length;
    const cause = await sent(card('c-cause', { buttons: [retryButton({ category: 'material_missing' })] }));
    quoting('重试', unreadable, { originalProcessQueryKey: carrierOf(cause) });
    await expect.poll(async () => (await retries(app)).length, soon).toBe(before + 1);
    const groups = await app.sync.outcomes.openFailures(app.sync.defaultPipeline);
    const { orders = [] } = groups.find(({ category }) => category === 'material_missing') ?? {};
    expect((await retries(app))[0]?.filters.keys?.toSorted()).toEqual(orders.toSorted());
  });

  test('a quoted question is the one that is answered, not the last', async () => {
    gateway.say('同步 11.20 的订单');
    const questions = () =>
      gateway.said
        .filter(({ path }) => path.endsWith('createAndDeliver'))
        .filter(({ body }) => JSON.stringify(body).includes('写进金蝶吗'));
    await expect.poll(() => questions().length, soon).toBe(1);
    gateway.say('同步 11.21 的订单');
    await expect.poll(() => questions().length, soon).toBe(2);
    quoting('取消', unreadable, { originalProcessQueryKey: carrierOf(String(questions()[0]?.body.outTrackId)) });
    await expect.poll(heard, soon).toContain('好，不做了');
    const open = await app.store.sql.query<{ args: { start: string } }>(
      'select args from confirmations where claimed_at is null order by created_at desc limit 1',
    );
    expect(open[0]?.args.start).toContain('2026-11-21');
  });

  test('words with a number, a range or everything in them are about that, whatever is quoted', async () => {
    const replied = { msgType: 'text', content: { text: failed[0] } };
    quoting(`${failed[2]} 怎么样`, replied);
    await expect.poll(heard, soon).toContain(`出库单 ${failed[2]}`);
    expect(heard()).not.toContain(`出库单 ${failed[0]}`);
    quoting('有哪些失败', replied);
    await expect.poll(heard, soon).toMatch(/还有 \d+ 单没进金蝶/);
  });

  test('of several buttons that do it one has to be chosen', async () => {
    const buttons = [retryButton({ category: 'material_missing' }), retryButton({ category: 'negative_stock' })];
    const several = await sent(card('c-several', { blocks: named(failed[0] ?? ''), buttons }));
    const before = (await retries(app)).length;
    quoting('重试', unreadable, { originalProcessQueryKey: carrierOf(several) });
    await expect.poll(heard, soon).toContain('好几个这样的按钮');
    expect((await retries(app)).length).toBe(before);
  });
});

describe('Feishu, by its real SDK', () => {
  let gateway: FakeFeishu;
  let app: TestApp;
  let failed: string[];
  beforeAll(async () => {
    ({ gateway, app } = await startOnFeishu());
    await syncDays(app, '2026-11-23');
    failed = (await app.sync.outcomes.openFailures(app.sync.defaultPipeline)).flatMap(({ orders }) => orders);
  });
  afterAll(async () => {
    await app.end();
    await gateway.stop();
  });
  beforeEach(() => {
    gateway.said.length = 0;
    gateway.lacks.clear();
  });
  afterEach(async () => {
    await app.store.sql.query('truncate keyv');
  });
  const heard = () => JSON.stringify(gateway.said.filter(({ method }) => method === 'POST'));
  const quoting = (words: string, parent: string, more: object = {}) =>
    gateway.say(words, { more: { parent_id: parent, root_id: parent, ...more } });

  test('the parent message is read: 「这单」 is its order', async () => {
    gateway.message(`${failed[0]} 客户催了`, { id: 'om_q', mention: '' });
    quoting('这单为什么没进金蝶', 'om_q');
    await expect.poll(heard, soon).toContain(`出库单 ${failed[0]}`);
    quoting('', 'om_q');
    await expect.poll(() => heard().split(`出库单 ${failed[0]}`).length, soon).toBe(3);
  });

  test.each([
    ['is gone', () => undefined],
    ['may not be read', () => gateway.lacks.set('/open-apis/im/v1/messages/om_gone', 'im:message:readonly')],
  ])('a parent that %s: asked which, never about everything', async (_why, spoil) => {
    spoil();
    quoting('这单为什么没进金蝶', 'om_gone');
    await expect.poll(heard, soon).toContain('读不出是哪一单');
    expect(heard()).not.toContain('没有失败');
  });

  test('a card of ours is looked up here', async () => {
    await app.conversations.outbox.put('feishu:oc_1', {
      reply: { text: '', card: card('c1', { blocks: named(failed[1] ?? '') }) },
    });
    await app.conversations.outbox.flush();
    const [id = ''] = [...gateway.shown].at(-1) ?? [];
    gateway.said.length = 0;
    quoting('这单为什么没进金蝶', id);
    await expect.poll(heard, soon).toContain(`出库单 ${failed[1]}`);
    expect(gateway.said.some(({ method }) => method === 'GET')).toBe(false);
  });

  test('a card of somebody else is read by its words', async () => {
    gateway.message('', { id: 'om_card', mention: '' });
    gateway.shown.set(
      'om_other',
      JSON.stringify({ schema: '2.0', body: { elements: [{ tag: 'markdown', content: `单号 ${failed[2]}` }] } }),
    );
    quoting('这单为什么没进金蝶', 'om_other');
    await expect.poll(heard, soon).toContain(`出库单 ${failed[2]}`);
  });

  test('in a thread every message has a parent: only words that point mean it', async () => {
    gateway.message(`${failed[0]} 客户催了`, { id: 'om_root', mention: '' });
    const thread = { thread_id: 'omt_1' };
    quoting('有哪些失败', 'om_root', thread);
    await expect.poll(heard, soon).toMatch(/还有 \d+ 单没进金蝶/);
    quoting('这单呢', 'om_root', thread);
    await expect.poll(heard, soon).toContain(`出库单 ${failed[0]}`);
  });
});
