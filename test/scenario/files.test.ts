import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { dayWindow } from '../../src/sync/window.ts';
import type { TestApp } from '../fakes/app.ts';
import { type FakeDingtalk, startOnDingtalk } from '../fakes/dingtalk.ts';
import { type FakeFeishu, startOnFeishu } from '../fakes/feishu.ts';

const soon = { timeout: 15_000, interval: 20 };
const bytes = Buffer.from('PK\u0003\u0004 对账');
const alertsFile = join(mkdtempSync(join(tmpdir(), 'xiaoqing-')), 'alerts.yaml');
writeFileSync(alertsFile, 'nightly: ["feishu:oc_1"]');
let dingtalk: FakeDingtalk;
let feishu: FakeFeishu;
const apps: TestApp[] = [];
beforeAll(async () => {
  const onDingtalk = await startOnDingtalk({ DINGTALK_CARD_TEMPLATE_ID: '' });
  dingtalk = onDingtalk.gateway;
  const onFeishu = await startOnFeishu({ ALERTS_FILE: alertsFile });
  feishu = onFeishu.gateway;
  apps.push(onDingtalk.app, onFeishu.app);
});
afterAll(async () => {
  for (const app of apps) await app.end();
  await dingtalk.stop();
  await feishu.stop();
});
afterEach(() => {
  dingtalk.said.length = 0;
  feishu.said.length = 0;
});

const on = {
  dingtalk: { app: () => apps[0] as TestApp, said: () => dingtalk.said, conversation: 'dingtalk:cidG1' },
  feishu: { app: () => apps[1] as TestApp, said: () => feishu.said, conversation: 'feishu:oc_1' },
};

test.each([
  ['dingtalk', '对账.xlsx', ['/media/upload', '/v1.0/robot/groupMessages/send'], { msgKey: 'sampleFile' }],
  ['dingtalk', '对账.png', ['/media/upload', '/v1.0/robot/groupMessages/send'], { msgKey: 'sampleImageMsg' }],
  ['feishu', '对账.xlsx', ['/open-apis/im/v1/files', '/open-apis/im/v1/messages'], { msg_type: 'file' }],
  ['feishu', '对账.png', ['/open-apis/im/v1/images', '/open-apis/im/v1/messages'], { msg_type: 'image' }],
] as const)('%s: %s is uploaded and sent, and is kept no longer', async (channel, name, paths, message) => {
  const { app, said, conversation } = on[channel];
  await app().conversations.outbox.file(conversation, { name, bytes });
  await expect.poll(() => said().map(({ path }) => path), soon).toEqual(paths);
  expect(String(said()[0]?.body.form)).toContain('对账');
  expect(said()[1]?.body).toMatchObject(message);
  const kept = () => app().store.sql.query('select 1 from outbox_files');
  await expect.poll(kept, soon).toEqual([]);
});

test('a file that the platform will not have is told of, with where else it is', async () => {
  dingtalk.refuseUploads = true;
  const { app, conversation } = on.dingtalk;
  await app().conversations.outbox.file(conversation, { name: '对账.xlsx', bytes, link: 'https://x.example/f' });
  await expect.poll(() => JSON.stringify(dingtalk.said), soon).toMatch(/对账\.xlsx.*https:\/\/x\.example\/f/);
  dingtalk.refuseUploads = false;
});

test('a file is sent after what the platform could not take at first', async () => {
  const { app, conversation } = on.feishu;
  feishu.refuse = { code: 230020, times: 1 };
  await app().conversations.outbox.file(conversation, { name: '对账.xlsx', bytes });
  const later = () => {
    app().clock.now += 1000;
    return feishu.said.map(({ path }) => path);
  };
  await expect.poll(later, soon).toContain('/open-apis/im/v1/messages');
});

test('a reconciliation asked for in a chat ends in its card, and its workbook as a file', async () => {
  const { app, said, conversation } = on.feishu;
  await app().assistant.answer({ person: 'feishu:ou_1', conversation, text: '昨天对账' });
  await expect.poll(() => said().map(({ path }) => path), soon).toContain('/open-apis/im/v1/files');
  const upload = said().find(({ path }) => path === '/open-apis/im/v1/files');
  expect(String(upload?.body.form)).toContain('出库单对账 2026-11-23 至 2026-11-23.xlsx');
});

test('the verdict of the night goes to its group, with the workbook after it', async () => {
  const { app, said, conversation } = on.feishu;
  const { reconciler, sync } = app();
  const night = dayWindow('2026-11-17', '2026-11-23', new Date(app().clock.now));
  const { id } = await reconciler.begin(sync.defaultPipeline, night, { person: 'schedule', conversation: 'schedule' });
  await reconciler.carryOut(id);
  await expect.poll(() => said().map(({ path }) => path), soon).toContain('/open-apis/im/v1/files');
  // The file of the test before may be among what is sent.
  const [verdict] = said().filter(({ path, body }) => path === '/open-apis/im/v1/messages' && body.msg_type !== 'file');
  expect(`feishu:${verdict?.body.receive_id}`).toBe(conversation);
  expect(String(verdict?.body.content)).toContain('对账差');
});
