import { afterEach, expect, test } from 'vitest';
import { loadTools } from '../../src/assistant/tools/load.ts';
import { hasPhrase } from '../../src/phrases.ts';
import { startApp, startPage, syncDays, type TestApp } from '../fakes/app.ts';
import { startOnDingtalk } from '../fakes/dingtalk.ts';
import { startOnFeishu } from '../fakes/feishu.ts';

const soon = { timeout: 15_000, interval: 20 };
const at = (time: string): Date => new Date(`2026-11-${time}:00+08:00`);
let close: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const end of close) await end();
  close = [];
});

test('DingTalk: 「今天」 is the day it was said, and what comes hours later is asked about', async () => {
  const { gateway, app } = await startOnDingtalk();
  close = [() => app.end(), () => gateway.stop()];
  gateway.say('同步今天的订单', { more: { createAt: at('23T23:58').getTime() } });
  const cards = () =>
    gateway.said
      .filter(({ path }) => path.startsWith('/v1.0/card'))
      .map(
        ({ body }): Record<string, string> => ({
          outTrackId: String(body.outTrackId),
          ...(body.cardData as { cardParamMap: Record<string, string> }).cardParamMap,
        }),
      );
  await expect.poll(() => cards()[0]?.title, soon).toBe('要把这些出库单写进金蝶吗？');
  const [question] = cards();
  expect(question?.markdown).toContain('11-23（周一）00:00 → 24:00');
  expect(question?.note).toContain('11-23 23:58 说的');
  gateway.press(question?.outTrackId ?? '', 0);
  await expect.poll(() => cards().at(-1)?.title, soon).toMatch(/同步完成/);
  const [run] = await app.sync.runs.recent(1);
  expect(run?.start).toEqual(at('23T00:00'));
  expect(run?.end).toEqual(at('24T00:00'));
});

test('Feishu: a setting that was asked for six hours ago waits for a yes', async () => {
  const { gateway, app } = await startOnFeishu();
  close = [() => app.end(), () => gateway.stop()];
  const schedules = async () => (await app.settings.schedules()).get(app.sync.defaultPipeline);
  gateway.say('每天早上8点自动同步', { more: { create_time: String(at('24T09:00').getTime()) } });
  await expect.poll(() => JSON.stringify(gateway.said), soon).toContain('11-24 09:00 说的');
  expect(await schedules()).toBeUndefined();
  gateway.say('确认', { more: { create_time: String(at('24T15:00').getTime()) } });
  await expect.poll(schedules, soon).toMatchObject({ cron: '0 8 * * *', enabled: true });
});

test('what is said and delivered at once is carried out at once', async () => {
  const { gateway, app } = await startOnFeishu();
  close = [() => app.end(), () => gateway.stop()];
  gateway.say('先别自动跑了', { more: { create_time: String(at('24T14:55').getTime()) } });
  const schedules = async () => (await app.settings.schedules()).get(app.sync.defaultPipeline);
  await expect.poll(schedules, soon).toMatchObject({ enabled: false });
});

test('the API: `said_at` is the time of the words; one that is none is refused', async () => {
  const app = await startApp();
  const http = await startPage(app, 'secret-token');
  close = [() => http.close(), () => app.end()];
  await syncDays(app, '2026-11-23');
  const say = async (more: object) => {
    const answer = await fetch(`${http.url}/api/v1/messages`, {
      method: 'POST',
      headers: { authorization: 'Bearer secret-token' },
      body: JSON.stringify({ person: 'dingtalk:a', conversation: 'dingtalk:g', ...more }),
    });
    return { status: answer.status, body: await answer.json() };
  };
  expect(await say({ text: '重试物料不存在的', said_at: '2026-11-24T14:49+08:00' })).toMatchObject({
    body: { decision: { action: 'confirm' }, reply: { text: expect.stringContaining('11-24 14:49 说的') } },
  });
  expect(await say({ text: '昨天失败的', said_at: '2026-11-22T10:00:00Z' })).toMatchObject({
    body: { decision: { intent: 'list_failures', slots: { start: '2026-11-21T00:00:00+08:00' } } },
  });
  // A clock that is ahead makes no day later than today.
  expect(await say({ text: '昨天失败的', said_at: '2026-12-22T10:00:00Z' })).toMatchObject({
    body: { decision: { slots: { start: '2026-11-23T00:00:00+08:00' } } },
  });
  expect((await say({ text: '帮助', said_at: 'yesterday' })).status).toBe(400);
});

const ask = async (app: TestApp, text: string, saidAt?: Date) =>
  await app.assistant.answer({ person: 'web:a', conversation: 'web:g', text, ...(saidAt ? { saidAt } : {}) });

test('a yes that was said before the question is no yes to it', async () => {
  const app = await startApp();
  close = [() => app.end()];
  await ask(app, '同步昨天的订单');
  expect((await ask(app, '确认', at('24T14:50'))).run).toBeUndefined();
  await ask(app, '同步昨天的订单');
  expect((await ask(app, '确认', at('24T15:00'))).run).toBeDefined();
});

test('a button that waited in the inbox for half an hour asks first, a range among its arguments as a range', async () => {
  const app = await startApp();
  close = [() => app.end()];
  await syncDays(app, '2026-11-23');
  const args = { start: '2026-11-22T16:00:00Z', end: '2026-11-23T16:00:00Z' };
  const message = { person: 'web:a', conversation: 'web:g', text: '', action: { name: 'retry-failures', args } };
  const { decision, reply } = await app.assistant.answer({ ...message, saidAt: at('24T14:30') });
  expect(decision.action).toBe('confirm');
  expect(reply.card?.blocks).toContainEqual({
    type: 'fields',
    fields: expect.arrayContaining([{ label: '范围', value: '11-23（周一）00:00 → 24:00' }]),
  });
});

test('everything that writes has a name to ask about it by', async () => {
  for (const { name, writes, asks } of (await loadTools()).values())
    if (writes && !asks) expect([`tools.${name}`, `tools.asked.${name}`].some(hasPhrase), name).toBe(true);
});
