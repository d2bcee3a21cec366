import { afterAll, beforeAll, expect, test } from 'vitest';
import { startApp, type TestApp } from '../fakes/app.ts';

let app: TestApp;
beforeAll(async () => {
  app = await startApp();
});
afterAll(async () => await app.end());

let talks = 0;
const say = async (...texts: string[]): Promise<string> => {
  talks += 1;
  let text = '';
  for (const said of texts) {
    const { reply } = await app.assistant.answer({ person: 'web:a', conversation: `web:${talks}`, text: said });
    text = reply.text;
  }
  return text;
};
const inForce = async () => (await app.settings.schedules()).get(app.sync.defaultPipeline);

test.each([
  ['定时先停到明早9点', '2026-11-25T01:00:00.000Z'],
  ['自动同步停两个小时', '2026-11-24T09:00:00.000Z'],
  ['今天先别自动跑了', '2026-11-24T16:00:00.000Z'],
  ['turn off auto sync until 27 Nov 08:00', '2026-11-27T00:00:00.000Z'],
])('「%s」 pauses until then, and runs again by itself', async (text, until) => {
  const { now } = app.clock;
  await say('每天早上8点自动同步', '确认');
  expect(await say(text)).toContain('到时自己接着跑');
  expect(await inForce()).toEqual({ cron: '0 8 * * *', enabled: false, pausedUntil: new Date(until) });
  app.clock.now = Date.parse(until);
  expect(await inForce()).toEqual({ cron: '0 8 * * *', enabled: true });
  app.clock.now = now;
});

test('one that is off stays off, and a pause for good has no end', async () => {
  const { now } = app.clock;
  await say('每天早上8点自动同步', '确认');
  await say('暂停定时');
  expect(await say('定时先停到明早9点')).toContain('要恢复请说「恢复出库单定时」');
  app.clock.now += 7 * 86_400_000;
  expect(await inForce()).toMatchObject({ enabled: false });
  app.clock.now = now;
});

test('a time it has no place for is asked about', async () => {
  await say('每天早上8点自动同步', '确认');
  expect(await say('今晚先不要自动跑')).toContain('「今晚」');
  expect(await inForce()).toMatchObject({ enabled: true });
});
