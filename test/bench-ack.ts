import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { scratchDatabase } from './fakes/database.ts';
import { FakeDingtalk } from './fakes/dingtalk.ts';
import { FakeFeishu } from './fakes/feishu.ts';
import { StormProcess } from './scenario/storm-process.ts';

export interface AckFigures {
  messages: number;
  unacknowledged: number;
  p50Ms: number;
  p99Ms: number;
}

const perSecond = 500;
const seconds = 6;

/** From push to acknowledgement as the platform sees it, through the real SDK, while every answer takes three seconds. */
export async function ackUnderLoad(platform: 'dingtalk' | 'feishu', server?: string): Promise<AckFigures> {
  const gateway = await (platform === 'dingtalk' ? new FakeDingtalk() : new FakeFeishu()).start();
  gateway.redeliverMs = 60_000;
  const dataDir = mkdtempSync(join(tmpdir(), 'xiaoqing-bench-'));
  const database = server ? await scratchDatabase(server) : null;
  const node = await StormProcess.start({
    platform,
    origin: gateway.origin,
    dataDir,
    databaseUrl: database?.url,
    nodes: 1,
    speed: 1,
    epoch: Date.now(),
    answerMs: 3000,
  });
  const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
  while (gateway.sockets.size === 0) await pause(10);
  const say = (id: string, n: number): void => {
    const place = `c${n % 200}`;
    if (gateway instanceof FakeDingtalk) gateway.say(id, { id, group: place });
    else gateway.say(id, { id: `om_${id}`, chat: place });
  };
  say('first', 0);
  const answered = (): boolean => gateway.said.some(({ body }) => JSON.stringify(body).includes('first'));
  while (!answered()) await pause(10); // what is loaded once is loaded by now
  gateway.ackMs.length = 0;
  const messages = perSecond * seconds;
  const began = performance.now();
  for (let n = 0; n < messages; ) {
    for (; n < messages && n < ((performance.now() - began) / 1000) * perSecond; n++) say(`m${n}`, n);
    await pause(2);
  }
  for (let tries = 0; gateway.ackMs.length < messages && tries < 200; tries++) await pause(20);
  await node.end('SIGKILL');
  await gateway.stop();
  await database?.drop();
  rmSync(dataDir, { recursive: true, force: true });
  const waits = gateway.ackMs.toSorted((a, b) => a - b);
  const at = (share: number): number => Math.round((waits[Math.floor(waits.length * share)] ?? 0) * 10) / 10;
  return { messages, unacknowledged: messages - waits.length, p50Ms: at(0.5), p99Ms: at(0.99) };
}
