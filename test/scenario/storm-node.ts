// A process of the storm: so many nodes over one store, until it is told to stop, or killed.
import { Conversations } from '../../src/channels/conversations.ts';
import { createDingtalk } from '../../src/channels/dingtalk/channel.ts';
import { createFeishu } from '../../src/channels/feishu/channel.ts';
import { openStore } from '../../src/store/open.ts';

export interface NodeOrders {
  platform: 'dingtalk' | 'feishu';
  origin: string;
  dataDir: string;
  databaseUrl?: string | undefined;
  nodes: number;
  /** How fast its clock goes: leases, back-off and what its senders hold to are scaled with the limits of the platform. */
  speed: number;
  epoch: number;
  /** How long an answer takes, ms. */
  answerMs: number;
}

export type Order = { do: 'restart'; node: number } | { do: 'heap' } | { do: 'stop' };

const orders = JSON.parse(process.argv[2] ?? '') as NodeOrders;
const { platform, origin, epoch, speed, answerMs } = orders;
const now = (): Date => new Date(epoch + (Date.now() - epoch) * speed);
const parts = { now, onError: () => undefined, pace: 1 / speed };
const resources = (): Record<string, number> =>
  Object.fromEntries(
    Object.entries(Object.groupBy(process.getActiveResourcesInfo(), (name) => name)).map(([name, all]) => [
      name,
      all?.length ?? 0,
    ]),
  );

const times = {
  backoffMs: 50,
  maxBackoffMs: 500,
  pingMs: 1000,
  deadMs: 3000,
  openTimeoutMs: 1000,
  lastFramesMs: 100,
};
const channel = () =>
  platform === 'dingtalk'
    ? createDingtalk(
        { clientId: 'c', clientSecret: 's', robotCode: 'r', apiBase: origin, oapiBase: origin, qps: 20 },
        { ...parts, times },
      )
    : createFeishu(
        { appId: 'cli_0123456789abcdef', appSecret: 's', domain: origin, mode: 'websocket' },
        { ...parts, firstRetryMs: 100 },
      );

process.on('message', ({ id, order }: { id: number; order: Order }) => {
  void obey(order).then((answer) => process.send?.({ id, answer }));
});
process.on('disconnect', () => process.exit(0));
const before = resources();
const { sql, embedded, close } = await openStore(orders);
let first = embedded; // only the first may free what a dead process held
async function startNode(): Promise<Conversations> {
  const node = new Conversations({
    ...parts,
    sql,
    channels: [channel()],
    answer: async ({ text }) => {
      if (answerMs > 0) await new Promise((resolve) => setTimeout(resolve, answerMs));
      return { text };
    },
    sorry: 'sorry',
    embedded: first,
  });
  first = false;
  await node.start();
  return node;
}
const nodes: Conversations[] = [];
for (let n = 0; n < orders.nodes; n++) nodes.push(await startNode());

/** What still keeps the process alive, beyond what did at the start; sockets get a moment to close. */
async function leftOver(): Promise<Record<string, number>> {
  for (let tries = 0; ; tries++) {
    const left = Object.fromEntries(
      Object.entries(resources()).flatMap(([name, count]) => {
        const more = count - (before[name] ?? 0);
        return more > 0 ? [[name, more]] : [];
      }),
    );
    if (Object.keys(left).length === 0 || tries > 40) return left;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

async function obey(order: Order): Promise<unknown> {
  if (order.do === 'heap') {
    globalThis.gc?.();
    return process.memoryUsage().heapUsed;
  }
  if (order.do === 'restart') {
    await nodes[order.node]?.stop();
    nodes[order.node] = await startNode();
    return true;
  }
  await Promise.all(nodes.map((node) => node.stop()));
  await close();
  return await leftOver();
}
process.send?.('ready');
