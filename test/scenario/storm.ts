import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Conversations } from '../../src/channels/conversations.ts';
import { createDingtalk } from '../../src/channels/dingtalk/channel.ts';
import { openStore } from '../../src/store/open.ts';
import { FakeDingtalk } from '../fakes/dingtalk.ts';

export interface StormResult {
  messages: number;
  deliveries: number;
  answered: number;
  missing: number;
  repeated: number;
  outOfOrder: number;
  disconnects: number;
  /** Bytes of heap at the end beyond those at the start. */
  heapGrowth: number;
  seconds: number;
}

/**
 * Messages from many conversations, each delivered one to four times over several nodes that lose their links now and then. Limits
 * of time are scaled: what takes DingTalk a minute takes half a second here.
 */
export async function messageStorm(ask: {
  messages: number;
  conversations: number;
  nodes: number;
  disconnects: number;
}): Promise<StormResult> {
  const dir = mkdtempSync(join(tmpdir(), 'xiaoqing-storm-'));
  const gateway = await new FakeDingtalk().start();
  gateway.redeliverMs = 500;
  const store = await openStore({ dataDir: dir });
  const times = { backoffMs: 50, maxBackoffMs: 500, pingMs: 1000, deadMs: 3000, openTimeoutMs: 1000, lastFramesMs: 50 };
  const settings = {
    clientId: 'c',
    clientSecret: 's',
    robotCode: 'r',
    apiBase: gateway.origin,
    oapiBase: gateway.origin,
    qps: 20,
  };
  const pace = 0.01;
  const parts = { now: () => new Date(), onError: () => undefined };
  const nodes = Array.from(
    { length: ask.nodes },
    () =>
      new Conversations({
        ...parts,
        sql: store.sql,
        channels: [createDingtalk(settings, { ...parts, times, pace })],
        answer: async ({ text }) => ({ text }),
        sorry: 'sorry',
        embedded: false,
      }),
  );
  const pause = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));
  const before = process.memoryUsage().heapUsed;
  const began = Date.now();
  for (const node of nodes) await node.start();
  while (gateway.sockets.size < ask.nodes) await pause(10);

  let deliveries = 0;
  const every = Math.ceil(ask.messages / (ask.disconnects + 1));
  for (let n = 0; n < ask.messages; n++) {
    const conversation = n % ask.conversations;
    const said = { id: `m${n}`, person: `p${conversation}`, group: `cid${conversation}` };
    const copies = 1 + (n % 4);
    if (n % every === every - 1) for (const socket of [...gateway.sockets].slice(0, 1)) socket.terminate();
    while (gateway.sockets.size === 0) await pause(5);
    gateway.say(`${n}`, said);
    for (let copy = 1; copy < copies; copy++) gateway.say(`${n}`, said);
    deliveries += copies;
    if (n % 20 === 0) await pause(10);
  }
  const answers = (): string[] =>
    gateway.said
      .filter(({ path }) => path === '/robot/sendBySession')
      .map(({ body }) => (body.markdown as { text: string }).text);
  for (let waited = 0; answers().length < ask.messages && waited < 120_000; waited += 50) await pause(50);
  await pause(700); // whatever is delivered once more has been by now
  const all = answers();
  // Order is the order of arrival: what a broken link lost comes later, and is answered later.
  const arrived = await store.sql.query<{ id: string }>('select message_id as id from inbox order by seq');
  const place = new Map(arrived.map(({ id }, index) => [id.slice(1), index]));
  for (const node of nodes) await node.stop();
  await store.close();
  await gateway.stop();
  rmSync(dir, { recursive: true, force: true });

  const seen = new Map<string, number>();
  const last = new Map<string, number>();
  let outOfOrder = 0;
  for (const text of all) {
    const [, person = '', number = ''] = /^@(\S+) (\d+)/.exec(text) ?? [];
    seen.set(number, (seen.get(number) ?? 0) + 1);
    const own = place.get(number) ?? -1;
    if (own < (last.get(person) ?? -1)) outOfOrder += 1;
    last.set(person, own);
  }
  return {
    messages: ask.messages,
    deliveries,
    answered: seen.size,
    missing: ask.messages - seen.size,
    repeated: [...seen.values()].filter((times) => times > 1).length,
    outOfOrder,
    disconnects: ask.disconnects,
    heapGrowth: process.memoryUsage().heapUsed - before,
    seconds: (Date.now() - began) / 1000,
  };
}
