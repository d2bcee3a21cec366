import { afterEach, expect, test } from 'vitest';
import { pause, startApp, type TestApp } from '../fakes/app.ts';
import { FakeDingtalk } from '../fakes/dingtalk.ts';
import { FakeFeishu } from '../fakes/feishu.ts';

const soon = { timeout: 40_000, interval: 20 };
const tenMinutes = 600_000;
let gateway: FakeDingtalk | FakeFeishu;
let app: TestApp;
afterEach(async () => {
  await app.end();
  await gateway.stop();
});

const platforms = {
  dingtalk: {
    make: () => new FakeDingtalk(),
    env: (origin: string): Record<string, string> => ({
      DINGTALK_CLIENT_ID: 'd',
      DINGTALK_CLIENT_SECRET: 's',
      DINGTALK_API_BASE: origin,
      DINGTALK_OAPI_BASE: origin,
      DINGTALK_CARD_TEMPLATE_ID: 't',
    }),
    breaks: { refuseOpen: true, refuseTokens: true, down: 503 },
    mends: { refuseOpen: false, refuseTokens: false, down: null },
  },
  feishu: {
    make: () => new FakeFeishu(),
    env: (origin: string): Record<string, string> => ({
      FEISHU_APP_ID: 'cli_0123456789abcdef',
      FEISHU_APP_SECRET: 's',
      FEISHU_DOMAIN: origin,
    }),
    breaks: { endpointStatus: 503, refuseTokens: true, down: 503 },
    mends: { endpointStatus: 200, refuseTokens: false, down: null },
  },
};

test.each([
  ['dingtalk', 'failing', 500],
  ['feishu', 'refused', 403],
] as const)(
  '%s down for ten minutes while a run is on, then back with cards %s: the sync goes on, at most a knock a second, and the result comes as text',
  async (platform, _how, status) => {
    const { make, env, breaks, mends } = platforms[platform];
    gateway = await make().start();
    app = await startApp(env(gateway.origin));
    await app.conversations.start();
    while (gateway.sockets.size === 0) await pause();
    gateway.say('同步昨天的订单');
    await expect.poll(() => JSON.stringify(gateway.said), soon).toContain('确认同步');

    gateway.say('确认');
    await expect.poll(() => gateway.acked.length, soon).toBe(2);
    Object.assign(gateway, breaks);
    gateway.knocks.length = 0;
    gateway.drop();
    await expect.poll(async () => (await app.sync.runs.recent(1))[0]?.state, soon).toMatch(/partial|succeeded/);
    await expect.poll(() => gateway.knocks.length, soon).toBeGreaterThan(1);
    app.clock.now += tenMinutes;
    const gaps = gateway.knocks.slice(1).map((at, index) => at - (gateway.knocks[index] ?? 0));
    expect(Math.min(...gaps)).toBeGreaterThan(900);

    gateway.said.length = 0;
    Object.assign(gateway, mends, { refuseCards: { status, code: platform === 'feishu' ? 230099 : 'Forbidden' } });
    const later = () => {
      app.clock.now += 60_000;
      app.conversations.look();
      return JSON.stringify(gateway.said);
    };
    await expect.poll(later, soon).toContain('同步完成');
    await expect.poll(() => gateway.sockets.size, soon).toBe(1);
  },
  120_000,
);
