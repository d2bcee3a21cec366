import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { pause, startApp, type TestApp } from '../fakes/app.ts';
import { FakeDingtalk } from '../fakes/dingtalk.ts';
import { FakeFeishu } from '../fakes/feishu.ts';

const dir = mkdtempSync(join(tmpdir(), 'xiaoqing-routes-'));
const soon = { timeout: 30_000, interval: 20 };
let dingtalk: FakeDingtalk;
let feishu: FakeFeishu;
let app: TestApp;
beforeAll(async () => {
  const file = join(dir, 'alerts.yaml');
  writeFileSync(
    file,
    `runs:
  - { to: ["feishu:oc_ops"], triggers: [chat] }
  - { to: ["feishu:oc_failed"], only: failed }
  - { to: ["feishu:oc_night"], triggers: [schedule] }
routes:
  - { to: ["feishu:oc_ops", "dingtalk:cidG1"] }`,
  );
  dingtalk = await new FakeDingtalk().start();
  feishu = await new FakeFeishu().start();
  app = await startApp({
    DINGTALK_CLIENT_ID: 'ding1',
    DINGTALK_CLIENT_SECRET: 's',
    DINGTALK_API_BASE: dingtalk.origin,
    DINGTALK_OAPI_BASE: dingtalk.origin,
    DINGTALK_CARD_TEMPLATE_ID: 'tpl.schema',
    FEISHU_APP_ID: 'cli_0123456789abcdef',
    FEISHU_APP_SECRET: 's',
    FEISHU_DOMAIN: feishu.origin,
    ALERTS_FILE: file,
  });
  await app.conversations.start();
  while (dingtalk.sockets.size === 0 || feishu.sockets.size === 0) await pause();
});
afterAll(async () => {
  await app.end();
  await dingtalk.stop();
  await feishu.stop();
  rmSync(dir, { recursive: true });
});

/** What stands in a Feishu group: the cards sent there, each with every state it was shown in. */
function onFeishu(chat: string): string[][] {
  const cards = new Map<string, string[]>();
  const groups = new Map<string, string>();
  let last = 0;
  for (const { method, path, body } of feishu.said) {
    if (!path.includes('/messages') || typeof body.content !== 'string') continue;
    const title = (JSON.parse(body.content) as { header?: { title: { content: string } } }).header?.title.content ?? '';
    last += method === 'POST' ? 1 : 0;
    const id = method === 'PATCH' ? (path.split('/').at(-1) ?? '') : `om_${String(body.uuid ?? last)}`;
    if (method === 'POST') groups.set(id, String(body.receive_id ?? ''));
    cards.set(id, [...(cards.get(id) ?? []), title]);
  }
  return [...cards].filter(([id]) => groups.get(id) === chat).map(([, titles]) => titles);
}
const onDingtalk = (): Record<string, string>[] =>
  dingtalk.said
    .filter(({ path }) => path.startsWith('/v1.0/card'))
    .map(({ body }) => ({
      id: String(body.outTrackId),
      ...(body.cardData as { cardParamMap: Record<string, string> }).cardParamMap,
    }));

test('a run asked for in DingTalk is reported to Feishu groups, too: sent once each, both cards moving to the end', async () => {
  dingtalk.say('同步昨天的订单');
  await expect.poll(() => onDingtalk().at(-1)?.title, soon).toMatch(/写进金蝶吗/);
  dingtalk.press(onDingtalk().at(-1)?.id ?? '', 0);
  await expect.poll(() => onDingtalk().at(-1)?.title, soon).toMatch(/同步完成，有失败/);
  await expect.poll(() => onFeishu('oc_ops').flat().at(-1), soon).toMatch(/同步完成，有失败/);
  await expect.poll(() => onFeishu('oc_failed').flat().at(-1), soon).toMatch(/同步完成，有失败/);
  expect(onFeishu('oc_ops')).toHaveLength(1);
  expect(onFeishu('oc_failed')).toHaveLength(1);
  expect(onFeishu('oc_night')).toEqual([]);
}, 90_000);

test('an alert stands on both platforms; taken on one it is yellow on both, and 「有哪些告警」 says who has it', async () => {
  dingtalk.said.length = 0;
  const alerts = () => onDingtalk().filter(({ title }) => /个告警|🔴|🟡/.test(title ?? ''));
  const look = async () => {
    app.clock.now += 10_000;
    await app.alerts.evaluate();
    return alerts().length >= 3 && onFeishu('oc_ops').length >= 4;
  };
  await expect.poll(look, soon).toBe(true);
  feishu.say('我来处理', { chat: 'oc_ops' });
  await expect.poll(() => alerts().filter(({ title }) => /^🟡/.test(title ?? '')).length, soon).toBe(3);
  await expect.poll(() => onFeishu('oc_ops').filter((titles) => /^🟡/.test(titles.at(-1) ?? '')).length, soon).toBe(3);
  dingtalk.say('谁在处理');
  await expect.poll(() => onDingtalk().at(-1)?.title, soon).toMatch(/5 个告警，都有人管/);
  expect(onDingtalk().at(-1)?.markdown).toContain('飞书同事 在处理');
}, 90_000);
