import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createFeishu } from '../../src/channels/feishu/channel.ts';
import { FakeFeishu, webhookCall } from '../fakes/feishu.ts';

const soon = { timeout: 10_000, interval: 10 };
let gateway: FakeFeishu;
beforeEach(async () => {
  gateway = await new FakeFeishu().start();
});
afterEach(async () => {
  vi.useRealTimers();
  await gateway.stop();
});
const channel = (mode: 'websocket' | 'webhook') =>
  createFeishu(
    { appId: 'cli_0123456789abcdef', appSecret: 's', domain: gateway.origin, mode, encryptKey: 'encrypt' },
    { now: () => new Date(), onError: () => undefined, firstRetryMs: 50 },
  );

test('a press is answered in time though the store is slow, and is kept all the same', async () => {
  const feishu = channel('webhook');
  let kept = '';
  let storeAnswers = (): void => undefined;
  await feishu.start(async (incoming) => {
    await new Promise<void>((resolve) => {
      storeAnswers = resolve;
    });
    kept = incoming.message.action?.args.button ?? '';
  });
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  const { body, headers } = webhookCall({
    operator: { open_id: 'ou_1' },
    action: { value: { card: 'c1', button: '1' } },
    context: { open_message_id: 'om_1', open_chat_id: 'oc_1' },
  });
  const answered = feishu.webhook({ raw: Buffer.from(body), header: (name) => headers[name] ?? '' });
  await vi.advanceTimersByTimeAsync(2900);
  expect(await answered).toMatchObject({ status: 200, body: { toast: { type: 'info' } } });
  storeAnswers();
  await vi.waitFor(() => expect(kept).toBe('1'));
  await feishu.stop();
});

test('a call that could not be kept is taken when it comes again as it was; then no more', async () => {
  const feishu = channel('webhook');
  let failures = 1;
  await feishu.start(async () => {
    failures -= 1;
    if (failures >= 0) throw new Error('the store is away');
  });
  const { body, headers } = webhookCall(gateway.message('在吗'));
  const come = () => feishu.webhook({ raw: Buffer.from(body), header: (name) => headers[name] ?? '' });
  await expect(come()).rejects.toThrow('the store is away');
  expect(await come()).toMatchObject({ status: 200 });
  expect(await come()).toMatchObject({ status: 401 });
  await feishu.stop();
});

test.each([
  ['refused for good, as the SDK thinks', () => Object.assign(gateway, { endpointCode: 514 })],
  ['an answer without data', () => Object.assign(gateway, { endpointData: false })],
  ['the gateway fails', () => Object.assign(gateway, { endpointStatus: 500 })],
])('%s: it comes back, with one link', async (_what, fail) => {
  fail();
  const feishu = channel('websocket');
  await feishu.start(async () => undefined);
  await expect.poll(() => gateway.knocks.length, soon).toBeGreaterThan(2);
  expect(feishu.status()).toEqual({ up: false, everUp: false });
  Object.assign(gateway, { endpointCode: 0, endpointData: true, endpointStatus: 200 });
  await expect.poll(() => feishu.status().up, soon).toBe(true);
  await expect.poll(() => gateway.sockets.size, soon).toBe(1);
  await feishu.stop();
  await expect.poll(() => gateway.sockets.size, soon).toBe(0);
});
