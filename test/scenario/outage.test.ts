import { afterEach, expect, test } from 'vitest';
import { startApp, type TestApp } from '../fakes/app.ts';
import { FakeDingtalk } from '../fakes/dingtalk.ts';

const soon = { timeout: 20_000, interval: 20 };
let gateway: FakeDingtalk;
let app: TestApp;
afterEach(async () => {
  await app.end();
  await gateway.stop();
});

test('everything of the platform fails while a run is on: the sync goes on, few attempts, and the result arrives as text', async () => {
  gateway = await new FakeDingtalk().start();
  app = await startApp({
    DINGTALK_CLIENT_ID: 'd',
    DINGTALK_CLIENT_SECRET: 's',
    DINGTALK_API_BASE: gateway.origin,
    DINGTALK_OAPI_BASE: gateway.origin,
    DINGTALK_CARD_TEMPLATE_ID: 't',
  });
  await app.conversations.start();
  while (gateway.sockets.size === 0) await new Promise((resolve) => setTimeout(resolve, 10));
  gateway.say('同步昨天的订单');
  await expect.poll(() => JSON.stringify(gateway.said), soon).toContain('确认同步');

  gateway.refuseOpen = true;
  gateway.refuseTokens = true;
  gateway.refuseCards = { status: 500, code: 'system' };
  gateway.sessionError = 500;
  gateway.say('确认');
  await expect.poll(async () => (await app.sync.runs.recent(1))[0]?.state, soon).toMatch(/partial|succeeded/);
  for (const socket of gateway.sockets) socket.terminate();
  const before = gateway.opens;
  const began = Date.now();
  await expect.poll(() => gateway.opens, soon).toBeGreaterThan(before + 1);
  expect((gateway.opens - before) / ((Date.now() - began) / 1000)).toBeLessThanOrEqual(2);

  gateway.said.length = 0;
  Object.assign(gateway, { refuseOpen: false, refuseTokens: false, sessionError: 0 });
  gateway.refuseCards = { status: 403, code: 'Forbidden' };
  const later = () => {
    app.clock.now += 5000;
    return JSON.stringify(gateway.said);
  };
  await expect.poll(later, soon).toMatch(/同步完成/);
  expect(gateway.said.some(({ path }) => path.startsWith('/v1.0/card'))).toBe(false);
}, 90_000);
