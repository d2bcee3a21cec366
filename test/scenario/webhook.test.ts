import { type ChildProcess, spawn } from 'node:child_process';
import { rmSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { projectRoot } from '../../src/root.ts';
import { challengeCall, FakeFeishu, sign, type WebhookCall, webhookCall } from '../fakes/feishu.ts';
import { dataFolder } from '../fakes/folder.ts';

const secrets = { FEISHU_APP_SECRET: 'app-s3cret', FEISHU_ENCRYPT_KEY: 'encrypt', FEISHU_VERIFICATION_TOKEN: 'tok3n' };
const token = 'tok3n';
const soon = { timeout: 20_000, interval: 20 };
let gateway: FakeFeishu;
let dir: string;
let service: ChildProcess;
let url = '';
let log = '';

function run(env: Record<string, string>): ChildProcess {
  const child = spawn(process.execPath, ['src/entry.mjs', 'start'], {
    cwd: projectRoot,
    env: { ...process.env, PORT: '0', DATA_DIR: dir, FEISHU_MODE: 'webhook', FEISHU_APP_ID: 'cli_1', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  for (const stream of [child.stdout, child.stderr])
    stream?.on('data', (chunk: Buffer) => {
      log += String(chunk);
    });
  return child;
}
const ended = (child: ChildProcess): Promise<number | null> => new Promise((resolve) => child.once('exit', resolve));

async function start(): Promise<void> {
  service = run({ ...secrets, FEISHU_DOMAIN: gateway.origin, LOG_LEVEL: 'trace' });
  url = await new Promise<string>((resolve, reject) => {
    service.stdout?.on('data', (chunk: Buffer) => {
      const address = /http:\S+/.exec(String(chunk))?.[0];
      if (address) resolve(address);
    });
    service.once('exit', (code) => reject(new Error(`ended with ${code}: ${log}`)));
  });
}

beforeAll(async () => {
  dir = dataFolder();
  gateway = await new FakeFeishu().start();
  await start();
});
afterAll(async () => {
  service.kill('SIGKILL');
  await gateway.stop();
  rmSync(dir, { recursive: true, force: true });
});

const post = async ({ body, headers }: { body: string | ReadableStream; headers: Record<string, string> }) =>
  await fetch(`${url}/webhooks/feishu/event`, {
    method: 'POST',
    body,
    headers,
    ...(typeof body === 'string' ? {} : { duplex: 'half' as const }),
  });
const event = (id: string) => gateway.message('帮助', { id });
const good = (id: string): WebhookCall => webhookCall(event(id), { token });
const answers = () => gateway.said.filter(({ path }) => path.endsWith('/reply'));
const large = 'x'.repeat(16_000_000);

test.each<[string, () => { body: string | ReadableStream; headers: Record<string, string> }, number]>([
  ['forged', () => webhookCall(event('om_forged'), { token, key: 'guessed' }), 401],
  ['unsigned', () => ({ ...good('om_unsigned'), headers: {} }), 401],
  ['changed on the way', () => ({ ...good('om_a'), headers: good('om_b').headers }), 401],
  ['stale', () => webhookCall(event('om_stale'), { token, at: Date.now() - 360_000 }), 401],
  ['dated ahead', () => webhookCall(event('om_ahead'), { token, at: Date.now() + 360_000 }), 401],
  ['wrongly encrypted', () => webhookCall(event('om_cipher'), { token, cipher: 'other' }), 401],
  ['cut short', () => ({ ...good('om_short'), body: good('om_short').body.slice(0, 80) }), 401],
  [
    'plaintext, signed',
    () => sign(JSON.stringify({ schema: '2.0', header: { token }, event: event('om_plain') })),
    401,
  ],
  ['with another token', () => webhookCall(event('om_token'), { token: 'guessed' }), 401],
  ['a challenge with another token', () => challengeCall({ token: 'guessed' }), 401],
  ['nothing', () => ({ body: '', headers: {} }), 401],
  ['too large', () => sign(large), 413],
  ['too large, and not saying so', () => ({ body: new Blob([large]).stream(), headers: sign(large).headers }), 413],
])('%s: refused, and nothing comes of it', async (_what, call, status) => {
  expect((await post(call())).status).toBe(status);
});

test('what is true is answered once: replayed at once, after a new start, and by another node; the challenge, too', async () => {
  const call = good('om_true');
  expect((await post(call)).status).toBe(200);
  await expect.poll(() => answers().length, soon).toBe(1);
  expect((await post(call)).status).toBe(401);

  service.kill('SIGKILL');
  await ended(service);
  await start();
  expect((await post(call)).status).toBe(200); // fresh, signed, and new to this process: the inbox knows it
  expect((await post(good('om_after'))).status).toBe(200);
  await expect.poll(() => answers().map(({ path }) => path.split('/').at(-2)), soon).toEqual(['om_true', 'om_after']);
  expect(await (await post(challengeCall({ token }))).json()).toEqual({ challenge: 'abc' });
  for (const secret of [...Object.values(secrets), '帮助', 'ou_1']) expect(log).not.toContain(secret);
});

test('without an encrypt key it does not start: a sentence, and exit 2', async () => {
  log = '';
  const child = run({ FEISHU_APP_SECRET: 's' });
  expect(await ended(child)).toBe(2);
  expect(log).toContain('FEISHU_ENCRYPT_KEY');
});
