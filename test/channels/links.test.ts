import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Channel } from '../../src/channels/channel.ts';
import { createDingtalk } from '../../src/channels/dingtalk/channel.ts';
import { createFeishu } from '../../src/channels/feishu/channel.ts';
import { FakeDingtalk } from '../fakes/dingtalk.ts';
import { FakeFeishu } from '../fakes/feishu.ts';

const soon = { timeout: 20_000, interval: 10 };
const parts = { now: () => new Date(), onError: () => undefined };
let channel: Channel;
let heard: string[] = [];
/** Handlers fail so many times. */
let failures = 0;
const accept = async ({ message }: { message: { text: string } }): Promise<void> => {
  failures -= 1;
  if (failures >= 0) throw new Error('the store is away');
  heard.push(message.text);
};
beforeEach(() => {
  heard = [];
  failures = 0;
});

describe('DingTalk', () => {
  let gateway: FakeDingtalk;
  const times = { backoffMs: 20, maxBackoffMs: 50, pingMs: 50, deadMs: 200, openTimeoutMs: 200, lastFramesMs: 20 };
  const linked = () => expect.poll(() => gateway.sockets.size, soon).toBe(1);
  const cut = async (): Promise<void> => {
    gateway.drop();
    await expect.poll(() => gateway.knocks.length, soon).toBeGreaterThan(3);
  };
  beforeEach(async () => {
    gateway = new FakeDingtalk();
    gateway.redeliverMs = 100;
    await gateway.start();
    const { origin } = gateway;
    const settings = { clientId: 'c', clientSecret: 's', robotCode: 'r', apiBase: origin, oapiBase: origin, qps: 20 };
    channel = createDingtalk(settings, { ...parts, times });
  });
  afterEach(async () => {
    await channel.stop();
    await expect.poll(() => gateway.sockets.size, soon).toBe(0);
    await gateway.stop();
  });

  test.each<[string, () => Promise<void> | void]>([
    ['a link that only looks alive', () => gateway.silence()],
    ['a rotation that is announced', () => gateway.rotate(50)],
    ['frames that are no JSON', () => [...gateway.sockets].forEach((socket) => void socket.send('not json'))],
    ...([401, 500, 'hang'] as const).map((how): [string, () => Promise<void>] => [
      `an open call that ends in ${how}`,
      async () => {
        gateway.refuseOpen = how;
        await cut();
        gateway.refuseOpen = false;
      },
    ]),
    [
      'upgrades that are refused',
      async () => {
        gateway.refuseUpgrade = true;
        await cut();
        gateway.refuseUpgrade = false;
      },
    ],
  ])('%s: it comes back by itself, with one link, and what is said arrives', async (_what, breakIt) => {
    await channel.start(accept);
    await linked();
    await breakIt();
    gateway.say('在吗');
    await expect.poll(() => heard, soon).toContain('在吗');
    await linked();
  });

  test('a stop does not wait for an open call that hangs', async () => {
    gateway.refuseOpen = 'hang';
    const { origin } = gateway;
    const settings = { clientId: 'c', clientSecret: 's', robotCode: 'r', apiBase: origin, oapiBase: origin, qps: 20 };
    const patient = createDingtalk(settings, { ...parts, times: { ...times, openTimeoutMs: 600_000 } });
    await patient.start(accept);
    await expect.poll(() => gateway.knocks.length, soon).toBe(1);
    await patient.stop();
  });

  test('it works without REGISTERED, answers system pings with what they brought, and acknowledges only what is kept', async () => {
    gateway.registers = false;
    await channel.start(accept);
    await linked();
    gateway.ping();
    await expect.poll(() => gateway.echoes, soon).toBe(1);
    failures = 2;
    gateway.say('在吗', { id: 'm1' });
    await expect.poll(() => heard, soon).toEqual(['在吗']);
    await expect.poll(() => gateway.acked.length, soon).toBe(1);
  });
});

describe('Feishu', () => {
  let gateway: FakeFeishu;
  const linked = () => expect.poll(() => gateway.sockets.size, soon).toBeGreaterThan(0);
  beforeEach(async () => {
    gateway = new FakeFeishu();
    gateway.redeliverMs = 100;
    await gateway.start();
    channel = createFeishu(
      { appId: 'cli_0123456789abcdef', appSecret: 's', domain: gateway.origin, mode: 'websocket' },
      { ...parts, firstRetryMs: 50, pingTimeoutS: 0.2 },
    );
  });
  afterEach(async () => {
    await channel.stop();
    await expect.poll(() => gateway.sockets.size, soon).toBe(0);
    await gateway.stop();
  });

  test.each([
    ['system busy', { endpointCode: 1 }],
    ['forbidden', { endpointCode: 403 }],
    ['authentication failed', { endpointCode: 514 }],
    ['internal error', { endpointCode: 1000040343 }],
    ['too many connections', { endpointCode: 1000040350 }],
    ['a bad gateway', { endpointStatus: 503 }],
    ['no data', { endpointCode: 1, endpointData: false }],
  ])(
    'the endpoint says %s, at first and when the link has been lost: it goes on trying, and is back',
    async (_what, how) => {
      const trouble = async (): Promise<void> => {
        const before = gateway.knocks.length;
        await expect.poll(() => gateway.knocks.length, soon).toBeGreaterThan(before + 1);
        Object.assign(gateway, { endpointCode: 0, endpointStatus: 200, endpointData: true });
        await linked();
      };
      gateway.clientConfig.ReconnectInterval = 0.05;
      Object.assign(gateway, how);
      await channel.start(accept);
      await trouble();
      Object.assign(gateway, how);
      gateway.drop();
      await trouble();
      gateway.say('在吗');
      await expect.poll(() => heard, soon).toContain('在吗');
    },
  );

  test('a link that only looks alive is given up', async () => {
    Object.assign(gateway.clientConfig, { PingInterval: 0.3, ReconnectInterval: 0.05 });
    await channel.start(accept);
    await linked();
    gateway.silence();
    gateway.say('在吗');
    await expect.poll(() => heard, soon).toContain('在吗');
  });

  test('fragments are one message; what could not be kept comes again; a full pong changes nothing', async () => {
    gateway.pong = 'full';
    await channel.start(accept);
    await linked();
    failures = 1;
    gateway.push('im.message.receive_v1', gateway.message('很长的一句话'.repeat(100)), 'e1', 3);
    await expect.poll(() => heard, soon).toEqual(['很长的一句话'.repeat(100)]);
    expect(gateway.failed).toEqual(['e1']);
    await expect.poll(() => gateway.acked, soon).toEqual(['e1']);
    expect(gateway.knocks).toHaveLength(1);
  });
});
