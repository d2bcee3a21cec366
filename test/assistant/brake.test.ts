import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { Answer } from '../../src/assistant/assistant.ts';
import { understand } from '../../src/assistant/language/understand.ts';
import { pause, startApp, syncDays, type TestApp } from '../fakes/app.ts';

const dir = mkdtempSync(join(tmpdir(), 'xiaoqing-'));
let app: TestApp;
beforeAll(async () => {
  const file = join(dir, 'roles.yaml');
  writeFileSync(file, 'default: viewer\nusers: {"feishu:boss": admin, "feishu:op": operator}');
  app = await startApp({ ROLES_FILE: file });
  await syncDays(app, '2026-11-23');
  await app.store.sql.query(`insert into people values ('feishu:boss', '王磊')`);
});
afterAll(async () => {
  await app.end();
  rmSync(dir, { recursive: true, force: true });
});
afterEach(async () => void (await app.sync.brake.release('feishu:boss')));

const say = (text: string, person = 'feishu:boss'): Promise<Answer> =>
  app.assistant.answer({ person, conversation: 'feishu:g', text });
const press = (answer: Answer, label: RegExp, person = 'feishu:boss'): Promise<Answer> => {
  const button = answer.reply.card?.buttons.find((one) => label.test(one.label));
  if (!button) throw new Error(`no button ${label}`);
  return app.assistant.answer({ person, conversation: 'feishu:g', text: '', action: button.action });
};
const held = /写入停着：王磊 11-24 \d\d:\d\d 拉的急停/;

describe('pulling', () => {
  test.each(['停掉一切写入', '急停', '全部停下来别写了', '紧急停写，发票全开错了'])(
    '「%s」 holds at once, without a question',
    async (text) => {
      const { decision, reply } = await say(text);
      expect(decision).toMatchObject({ intent: 'stop_writes', action: 'run' });
      expect(reply.text).toMatch(held);
      expect(await app.sync.brake.held()).toMatchObject({ person: 'feishu:boss' });
    },
  );

  test.each(['别全停 就一家店错', '不用紧急停，我看错了', '要全停吗', '再错几单就全停', '老板喊全部停写'])(
    '「%s」 does not',
    async (text) => {
      expect(understand({ text, now: '2026-11-24T15:00:00+08:00' }).action).not.toBe('run');
    },
  );

  test('whoever may not is told who may', async () => {
    const { reply } = await say('停掉一切写入', 'feishu:op');
    expect(reply.text).toBe(
      '你的权限（操作员）不能做这件事，需要管理员。请找管理员（王磊）；说「我是谁」会给出要加的那几行',
    );
    expect(await app.sync.brake.held()).toBeNull();
  });
});

describe('while it holds', () => {
  test('what would write is refused, with who and since when, before anything is asked', async () => {
    const asked = await say('重试失败的');
    expect(asked.run).toBeDefined();
    if (asked.run) await app.sync.ended(asked.run.id, pause);
    const question = await say('撤掉 261123001');
    expect(question.decision.action).toBe('confirm');
    await say('急停');
    const refused = await Promise.all([
      press(question, /确认/),
      ...['同步前天的订单', '重试失败的', '撤掉 261123002', '补同步 261123001'].map((text) => say(text)),
    ]);
    for (const { reply, run } of refused) {
      expect(reply.text).toMatch(/^写入停着：王磊 从 11-24 \d\d:\d\d 起拉了急停。没有写任何单子/);
      expect(run).toBeUndefined();
    }
    expect((await say('先预览前天的')).reply.text).toMatch(/只是预览/);
  });

  test('a map may still be mended', async () => {
    await say('急停');
    const { decision } = await say('店铺 10037 对应客户 CUST0003');
    expect(decision.action).toBe('confirm');
    await say('取消');
  });

  test.each(['进度怎么样', '有哪些失败', '有哪些告警', '定时几点跑', '昨天的单量和金额'])(
    '「%s」 says so',
    async (text) => {
      expect((await say(text)).reply.text).not.toMatch(held);
      await say('急停');
      const { reply } = await say(text);
      expect(reply.text).toMatch(held);
      if (reply.card) expect(reply.card.note).toMatch(held);
    },
  );

  test('cards that stand somewhere say so until it is released', async () => {
    const moved: string[] = [];
    app.onCard((_conversation, { id, note = '' }) => void moved.push(`${id} ${note}`));
    const page = { person: 'web:x', conversation: 'web:x', text: '有哪些告警' };
    const { card } = (await app.assistant.answer(page)).reply;
    await say('急停');
    await app.alerts.evaluate();
    expect(moved.filter((one) => one.startsWith(card?.id ?? '?')).at(-1)).toMatch(held);
    await app.sync.brake.release('feishu:boss');
    await app.alerts.evaluate();
    expect(moved.filter((one) => one.startsWith(card?.id ?? '?')).at(-1)).not.toMatch(held);
  });
});

describe('releasing', () => {
  test('is asked about, and then told with what was stopped half-way', async () => {
    const { run } = await app.sync.start({
      pipeline: app.sync.defaultPipeline,
      kind: 'sync',
      trigger: 'chat',
      by: 'io_date',
      start: new Date('2026-11-20T00:00:00+08:00'),
      end: new Date('2026-11-21T00:00:00+08:00'),
      filters: {},
      requester: { person: 'feishu:boss', conversation: 'feishu:g' },
    });
    await app.sync.brake.pull('feishu:boss');
    const { run: ended } = await app.sync.ended(run.id, pause);
    expect(ended.state).toBe('cancelled');
    const question = await say('解除急停');
    expect(question.decision.action).toBe('confirm');
    expect(question.reply.text).toMatch(held);
    expect(await app.sync.brake.held()).not.toBeNull();
    const { reply } = await say('好');
    expect(await app.sync.brake.held()).toBeNull();
    expect(reply.text).toMatch(/^急停解除了.*1 次同步停在半路.*11-20（周五）00:00 → 24:00/);
  });

  test('its button asks, too, and where nothing holds there is nothing to release', async () => {
    const asked = await press(await say('急停'), /解除急停/);
    expect(asked.decision.action).toBe('confirm');
    expect(await app.sync.brake.held()).not.toBeNull();
    await press(asked, /确认/);
    expect((await say('解除急停')).reply.text).toBe('没有拉急停，写入是放开的。');
  });
});
