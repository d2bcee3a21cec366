import { rmSync } from 'node:fs';
import { openStore } from '../../src/store/open.ts';
import { scratchDatabase } from '../fakes/database.ts';
import { FakeDingtalk } from '../fakes/dingtalk.ts';
import { FakeFeishu } from '../fakes/feishu.ts';
import { dataFolder } from '../fakes/folder.ts';
import { type Answered, type Judgement, judged, slope } from './storm-judge.ts';
import type { NodeOrders } from './storm-node.ts';
import { StormProcess } from './storm-process.ts';

export interface StormAsk {
  platform: NodeOrders['platform'];
  /** A PostgreSQL server that nodes share, each a process of its own; without it, all in one process on the embedded store. */
  server?: string | undefined;
  messages: number;
  conversations: number;
  nodes: number;
  disconnects: number;
  restarts: number;
  kills: number;
}

export interface StormResult extends Judgement {
  platform: string;
  store: 'postgres' | 'embedded';
  messages: number;
  deliveries: number;
  disconnects: number;
  restarts: number;
  kills: number;
  crashes: string[];
  /** Timers and sockets that are left when everything has stopped, and links the platform still sees. */
  leftOver: Record<string, number>;
  linksLeft: number;
  /** MB of heap after a collection, at each quarter; and what a thousand messages add, in KB. */
  heapMb: number[];
  heapKbPerThousand: number;
  ackP99Ms: number;
  seconds: number;
}

/** A second of the platforms takes so many ms here, and the nodes' clock goes as much faster. */
const second = 100;
const speed = 1000 / second;
/** The gateway, and what was answered on it; what was read is forgotten, so that memory shows the nodes' alone. */
function platformOf(name: NodeOrders['platform']) {
  const gateway = name === 'dingtalk' ? new FakeDingtalk() : new FakeFeishu();
  gateway.redeliverMs = 500;
  gateway.second = second;
  const answered: Answered[] = [];
  return {
    gateway,
    answered,
    say(n: number, conversation: number): void {
      const person = `p${conversation}`;
      if (gateway instanceof FakeDingtalk) gateway.say(`${n}`, { id: `m${n}`, person, group: `c${conversation}` });
      else gateway.say(`${n}`, { id: `om_${n}`, person, chat: `c${conversation}` });
    },
    read(): void {
      for (const { body, at } of gateway.said.splice(0)) {
        const text = JSON.stringify(body.markdown ?? body.content ?? '');
        const n = /(\d+)\W*$/.exec(text)?.[1];
        if (n !== undefined) answered.push({ n: Number(n), at });
      }
    },
  };
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/**
 * Messages from many conversations, each delivered one to four times over several nodes that lose their links, are restarted and are
 * killed now and then. The limits of the platform hold, and everything that has to do with time is scaled alike.
 */
export async function storm(ask: StormAsk): Promise<StormResult> {
  const dataDirs: string[] = [];
  const database = ask.server ? await scratchDatabase(ask.server) : null;
  const { gateway, answered, say, read } = platformOf(ask.platform);
  await gateway.start();
  const epoch = Date.now();
  const folder = (): string => {
    const dir = dataFolder();
    dataDirs.push(dir);
    return dir;
  };
  const [own] = [folder()];
  const begin = (dataDir: string): Promise<StormProcess> =>
    StormProcess.start({
      platform: ask.platform,
      origin: gateway.origin,
      dataDir,
      databaseUrl: database?.url,
      nodes: database ? 1 : ask.nodes,
      speed,
      epoch,
      answerMs: 0,
    });
  const homes = database ? Array.from({ length: ask.nodes }, folder) : [own];
  const processes = await Promise.all(homes.map(begin));
  const began = Date.now();
  while (gateway.sockets.size < ask.nodes) await pause(10);

  const kills: number[] = [];
  const heap: number[] = [];
  const crashes: string[] = [];
  let busy: Promise<unknown> = Promise.resolve();
  const one = (n: number): [index: number, process: StormProcess] => {
    const index = n % processes.length;
    return [index, processes[index] as StormProcess];
  };
  const restart = async (n: number): Promise<void> => {
    const [, process] = one(n);
    await process.tell({ do: 'restart', node: database ? 0 : n % ask.nodes });
  };
  const kill = async (n: number): Promise<void> => {
    const [index, process] = one(n);
    kills.push(Date.now());
    await process.end('SIGKILL');
    processes[index] = await begin(homes[index] as string);
  };
  const measure = async (): Promise<void> => {
    const used = await Promise.all(processes.map((process) => process.tell<number>({ do: 'heap' })));
    heap.push(used.reduce<number>((sum, bytes) => sum + (bytes ?? 0), 0) / 1e6);
  };
  const settled = async (count: number): Promise<void> => {
    for (let waited = 0; waited < 120_000; waited += 20) {
      read();
      if (new Set(answered.map(({ n }) => n)).size >= count) return;
      await pause(20);
    }
  };
  /** Whether the next of so many events, spread evenly, falls on message `n`. */
  const due = (n: number, events: number): boolean =>
    events > 0 &&
    n > 0 &&
    n % Math.floor(ask.messages / (events + 1)) === 0 &&
    n / Math.floor(ask.messages / (events + 1)) <= events;

  let deliveries = 0;
  let restarts = 0;
  for (let n = 0; n < ask.messages; n++) {
    if (due(n, ask.disconnects)) gateway.drop(1);
    if (due(n + 7, ask.restarts)) {
      restarts += 1;
      const which = restarts;
      busy = busy.then(() => restart(which));
    }
    if (due(n + 3, ask.kills)) busy = busy.then(() => kill(kills.length));
    while (gateway.sockets.size === 0) await pause(5);
    const copies = 1 + (n % 4);
    for (let copy = 0; copy < copies; copy++) say(n, n % ask.conversations);
    deliveries += copies;
    if (n % 10 === 9) await pause(10);
    if (n % Math.ceil(ask.messages / 4) === Math.ceil(ask.messages / 4) - 1 || n === ask.messages - 1) {
      await busy;
      await settled(n + 1);
      await measure();
    }
  }
  await busy;
  await pause(2 * gateway.redeliverMs); // whatever is delivered once more has been by now
  read();
  const left = await Promise.all(processes.map((process) => process.tell<Record<string, number>>({ do: 'stop' })));
  for (let tries = 0; gateway.sockets.size > 0 && tries < 100; tries++) await pause(10);
  const linksLeft = gateway.sockets.size;
  for (const process of processes) {
    if (process.crashed !== null) crashes.push(process.crashed);
    await process.end('SIGTERM');
  }
  const ackMs = gateway.ackMs.toSorted((a, b) => a - b);
  await gateway.stop();
  const order = await arrivals(own as string, database?.url);
  for (const dir of dataDirs) rmSync(dir, { recursive: true, force: true });
  await database?.drop();
  const leftOver: Record<string, number> = {};
  for (const counts of left)
    for (const [name, count] of Object.entries(counts ?? {})) leftOver[name] = (leftOver[name] ?? 0) + count;
  return {
    platform: ask.platform,
    store: database ? 'postgres' : 'embedded',
    messages: ask.messages,
    deliveries,
    ...judged(ask, answered, order, kills),
    disconnects: ask.disconnects,
    restarts,
    kills: kills.length,
    crashes,
    leftOver,
    linksLeft,
    heapMb: heap.map((mb) => Math.round(mb * 10) / 10),
    heapKbPerThousand: ask.kills > 0 ? 0 : slope(heap, ask.messages),
    ackP99Ms: Math.round(ackMs[Math.floor(ackMs.length * 0.99)] ?? 0),
    seconds: Math.round((Date.now() - began) / 100) / 10,
  };
}

/** Message number → its place among all that arrived. */
async function arrivals(dataDir: string, databaseUrl: string | undefined): Promise<Map<number, number>> {
  const store = await openStore({ dataDir, databaseUrl });
  const rows = await store.sql.query<{ id: string }>('select message_id as id from inbox order by seq');
  await store.close();
  return new Map(rows.map(({ id }, index) => [Number(id.replace(/\D/g, '')), index]));
}
