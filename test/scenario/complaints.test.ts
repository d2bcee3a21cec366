import { rmSync } from 'node:fs';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { Conversations } from '../../src/channels/conversations.ts';
import { createDingtalk } from '../../src/channels/dingtalk/channel.ts';
import { createFeishu } from '../../src/channels/feishu/channel.ts';
import { Inbox } from '../../src/channels/inbox.ts';
import type { Block, Card, Message, Reply } from '../../src/channels/message.ts';
import { openStore, type Store } from '../../src/store/open.ts';
import { pause } from '../fakes/app.ts';
import { FakeDingtalk } from '../fakes/dingtalk.ts';
import { FakeFeishu } from '../fakes/feishu.ts';
import { dataFolder } from '../fakes/folder.ts';

const soon = { timeout: 20_000, interval: 10 };
/** Our own limits go so much faster than the platforms', so that theirs are run into. */
const pace = 0.1;
const card = (title: string, blocks: Block[] = []): Card => ({ id: 'c1', title, tone: 'neutral', blocks, buttons: [] });
const rows = Array.from({ length: 60 }, (_, n) => [`原因${n}`, '很长的一段话']);
const large = card(
  '大',
  Array.from({ length: 9 }, () => ({ type: 'table' as const, columns: ['原因', '说明'], rows })),
);

let store: Store;
let dir: string;
let node: Conversations;
/** Answers wait for it. */
let gate: Promise<void>;
let asked: string[];

async function answer({ text }: Message): Promise<Reply> {
  asked.push(text);
  await gate;
  if (text === '大') return { text, card: large };
  return text === '卡' ? { text, card: card('开始') } : { text };
}

beforeAll(async () => {
  dir = dataFolder();
  store = await openStore({ dataDir: dir });
});
afterAll(async () => {
  await store.close();
  rmSync(dir, { recursive: true, force: true });
});
beforeEach(() => {
  gate = Promise.resolve();
  asked = [];
});

describe.each(['dingtalk', 'feishu'] as const)('%s', (platform) => {
  const gatewayOf = () => (platform === 'dingtalk' ? new FakeDingtalk() : new FakeFeishu());
  let gateway: FakeDingtalk | FakeFeishu;
  const parts = { now: () => new Date(), onError: () => undefined, pace };
  beforeAll(async () => {
    gateway = await gatewayOf().start();
    const { origin } = gateway;
    const ding = { clientId: 'c', clientSecret: 's', robotCode: 'r', apiBase: origin, oapiBase: origin, qps: 20 };
    const lark = { appId: 'cli_0123456789abcdef', appSecret: 's', domain: origin, mode: 'websocket' as const };
    const channel =
      platform === 'dingtalk' ? createDingtalk({ ...ding, cardTemplateId: 't' }, parts) : createFeishu(lark, parts);
    node = new Conversations({ ...parts, sql: store.sql, channels: [channel], answer, sorry: '', embedded: true });
    await node.start();
    while (gateway.sockets.size === 0) await pause();
  });
  afterAll(async () => {
    await node.stop();
    await gateway.stop();
  });
  afterEach(() => {
    for (const kept of [gateway.said, gateway.refused, gateway.acked]) kept.length = 0;
    gateway.second = null;
  });
  const say = (text: string, id: string, place: string): void => {
    if (gateway instanceof FakeDingtalk) gateway.say(text, { id, group: place });
    else gateway.say(text, { id: `om_${id}`, chat: place });
  };
  /** What people were shown, in order: sends and updates, not reactions. */
  const shown = () =>
    gateway.said.filter(({ path }) => !path.includes('reactions')).map(({ body }) => JSON.stringify(body));
  const updates = () => gateway.said.filter(({ method }) => method === 'PUT' || method === 'PATCH');

  test('10,000 steps of progress are an update in two seconds, and the last state arrives', async () => {
    say('卡', 'steps', 'a');
    await expect.poll(() => shown().join(), soon).toContain('开始');
    const began = Date.now();
    for (let done = 1; done <= 10_000; done++) {
      const text = `${done} 单`;
      node.move(`${platform}:a`, card('正在', [{ type: 'progress', done, total: 10_000, text }]));
      if (done % 500 === 0) await pause();
    }
    node.move(`${platform}:a`, card('完成'));
    await expect.poll(() => shown().at(-1), { ...soon, timeout: 60_000 }).toContain('完成');
    expect(updates().length).toBeLessThanOrEqual((Date.now() - began) / (2000 * pace) + 2);
  });

  test('updates that fail leave no card on 正在: its last state comes as soon as it can', async () => {
    say('卡', 'stuck', 'b');
    await expect.poll(() => shown().join(), soon).toContain('开始');
    if (gateway instanceof FakeDingtalk)
      gateway.refuseCards = { status: 403, code: 'Forbidden.AccessDenied.QpsLimitForApi' };
    else gateway.refuse = { code: 230020, times: 1000, status: 400 };
    node.move(`${platform}:b`, card('正在'));
    node.move(`${platform}:b`, card('完成'));
    await expect.poll(() => gateway.refused.length, soon).toBeGreaterThan(0);
    if (gateway instanceof FakeDingtalk) gateway.refuseCards = null;
    else gateway.refuse = null;
    await expect.poll(() => shown().at(-1), soon).toContain('完成');
  });

  test('over the platform’s limit: what was refused is said later, each once and in order', async () => {
    gateway.second = 1000;
    for (let n = 0; n < 30; n++) say(`句${n}。`, `often${n}`, `c${n % 3}`);
    const said = () => shown().flatMap((text) => /句(\d+)。/.exec(text)?.[1] ?? []);
    await expect.poll(() => said().length, { ...soon, timeout: 40_000 }).toBe(30);
    for (const place of [0, 1, 2]) {
      const own = said().filter((n) => Number(n) % 3 === place);
      expect(own).toEqual(own.toSorted((a, b) => Number(a) - Number(b)));
    }
    if (platform === 'feishu') expect(gateway.refused.length).toBeGreaterThan(0);
  });

  test('a card with too many and too large tables arrives, and nothing of it is refused', async () => {
    say('大', 'large', 'd');
    await expect.poll(() => shown().join(), soon).toContain('原因1');
    expect(gateway.refused).toEqual([]);
  });

  test('an answer that takes longer than the platform waits is given once, however often it asks again', async () => {
    let open = (): void => undefined;
    gate = new Promise((resolve) => {
      open = resolve;
    });
    for (let n = 0; n < 4; n++) {
      say('慢', 'slow', 'e');
      await expect.poll(() => gateway.acked.length, soon).toBe(n + 1); // acknowledged while nothing is answered
    }
    expect(asked).toEqual(['慢']);
    open();
    say('快', 'quick', 'e');
    await expect.poll(() => shown().at(-1), soon).toContain('快');
    expect(shown().filter((text) => text.includes('慢'))).toHaveLength(1);
  });
});

describe('who works on a message', () => {
  let clock = Date.parse('2026-11-24T15:00:00+08:00');
  const inbox = () => new Inbox(store.sql, () => new Date(clock));
  test('keeps it as long as it says so; a dead one loses it, and of two only one has answered', async () => {
    const [slow, other] = [inbox(), inbox()];
    const message = { person: 'feishu:p', conversation: 'feishu:1', text: 'x' };
    await slow.accept('feishu', { id: 'm1', message, handle: {} });
    const held = await slow.claim();
    for (let minutes = 0; minutes < 5; minutes++) {
      clock += 20_000;
      await slow.renew();
      expect(await other.claim()).toBeNull();
    }
    clock += 31_000; // it was stopped for too long
    const taken = await other.claim();
    expect(taken?.seq).toBe(held?.seq);
    expect(await store.sql.transaction((tx) => other.done(tx, taken?.seq ?? 0))).toBe(true);
    expect(await store.sql.transaction((tx) => slow.done(tx, held?.seq ?? 0))).toBe(false);
  });
});
