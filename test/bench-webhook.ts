import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { App, HTTPReceiver, LogLevel } from '@slack/bolt';
import type { Incoming } from '../src/channels/channel.ts';
import { createFeishu } from '../src/channels/feishu/channel.ts';
import { Inbox } from '../src/channels/inbox.ts';
import { openStore } from '../src/store/open.ts';
import { startApp, startPage } from './fakes/app.ts';
import { scratchDatabase } from './fakes/database.ts';
import { FakeFeishu } from './fakes/feishu.ts';

export interface WebhookFigures {
  perSecond: number;
  p50Ms: number;
  p99Ms: number;
  refused: number;
  /** Processor time of the server a call, µs: it holds on a busy machine, too. */
  cpuMicros: number;
}

const now = (): Date => new Date();

/** The best of three rounds of the generator, which is a process of its own. */
async function driven(platform: 'feishu' | 'slack', url: string, count: number): Promise<WebhookFigures> {
  let best: WebhookFigures | null = null;
  for (let round = 0; round < 3; round++) {
    const before = process.cpuUsage();
    const { stdout } = await promisify(execFile)(process.execPath, [
      join(import.meta.dirname, 'load.ts'),
      platform,
      url,
      String(count),
    ]);
    const { user, system } = process.cpuUsage(before);
    const figures = { ...(JSON.parse(stdout) as WebhookFigures), cpuMicros: Math.round((user + system) / count) };
    if (figures.refused > 0) throw new Error(`${figures.refused} of ${count} were refused`);
    if (!best || figures.perSecond > best.perSecond) best = figures;
  }
  return best as WebhookFigures;
}

/** Our whole way of a webhook call: HTTP, verified, decrypted, read, and handed to `accept`. */
export async function ourWebhook(
  accept: (incoming: Incoming) => Promise<void>,
  count: number,
): Promise<WebhookFigures> {
  const gateway = await new FakeFeishu().start();
  const app = await startApp();
  const feishu = createFeishu(
    {
      appId: 'cli_0123456789abcdef',
      appSecret: 's',
      domain: gateway.origin,
      mode: 'webhook',
      encryptKey: 'encrypt',
      verificationToken: 'v',
    },
    { now, onError: () => undefined },
  );
  await feishu.start(accept);
  const http = await startPage({ ...app, feishu }, 't');
  try {
    return await driven('feishu', `${http.url}/webhooks/feishu/event`, count);
  } finally {
    await feishu.stop();
    await http.close();
    await app.end();
    await gateway.stop();
  }
}

/** The same with a row in the inbox before the answer, on the embedded store or on a PostgreSQL server. */
export async function ourWebhookKept(server: string | undefined, count: number): Promise<WebhookFigures> {
  const dir = mkdtempSync(join(tmpdir(), 'xiaoqing-bench-'));
  const database = server ? await scratchDatabase(server) : null;
  const store = await openStore({ dataDir: dir, databaseUrl: database?.url });
  const inbox = new Inbox(store.sql, now);
  try {
    return await ourWebhook((incoming) => inbox.accept('feishu', incoming), count);
  } finally {
    await store.close();
    await database?.drop();
    rmSync(dir, { recursive: true, force: true });
  }
}

/** Bolt's HTTP receiver: signature verified, event parsed, matched by a listener and acknowledged. */
export async function boltWebhook(count: number): Promise<WebhookFigures> {
  const receiver = new HTTPReceiver({ signingSecret: 'secret', logLevel: LogLevel.ERROR });
  const app = new App({
    receiver,
    authorize: async () => ({ botToken: 'xoxb-1', botId: 'B1', botUserId: 'U0' }),
    logLevel: LogLevel.ERROR,
  });
  app.event('app_mention', async () => undefined);
  const server = (await app.start({ port: 0, host: '127.0.0.1' })) as Server;
  const { port } = server.address() as AddressInfo;
  try {
    return await driven('slack', `http://127.0.0.1:${port}/slack/events`, count);
  } finally {
    await app.stop();
  }
}
