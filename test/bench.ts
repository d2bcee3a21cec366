// `npm run bench [-- --json]`: figures of this machine, each measured on its own, the best of three rounds.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { understand } from '../src/assistant/language/understand.ts';
import { saleout } from '../src/connectors/jushuitan/streams/saleout.ts';
import { salOutstock } from '../src/connectors/kingdee/forms/sal-outstock.ts';
import { projectRoot } from '../src/root.ts';
import { compileMapping } from '../src/sync/mapping.ts';
import { loadMaps } from '../src/sync/maps.ts';
import { parsePipeline } from '../src/sync/pipeline.ts';
import { ackUnderLoad } from './bench-ack.ts';
import { boltWebhook, ourWebhook, ourWebhookKept } from './bench-webhook.ts';
import { answers } from './fakes/database.ts';

async function best(count: number, work: () => unknown): Promise<number> {
  let most = 0;
  for (let round = 0; round < 3; round++) {
    const began = process.hrtime.bigint();
    for (let n = 0; n < count; n++) await work();
    most = Math.max(most, count / (Number(process.hrtime.bigint() - began) / 1e9));
  }
  return Math.round(most);
}

const now = '2026-10-20T14:10:00+08:00';
const sentences = readFileSync(join(import.meta.dirname, 'assistant/cases/sentences.txt'), 'utf8')
  .split('\n')
  .filter((line) => line && !line.startsWith('#'))
  .map((line) => line.split(' ; ').at(-1)?.split(' // ').at(-1) ?? '');
let at = 0;
const understandPerSecond = await best(20_000, () =>
  understand({ text: sentences[at++ % sentences.length] ?? '', now }),
);

const folder = join(projectRoot, 'pipelines');
const file = 'jushuitan-saleout-to-kingdee.yaml';
const pipeline = parsePipeline(readFileSync(join(folder, file), 'utf8'), file);
const mapping = compileMapping(pipeline, saleout.catalogue, salOutstock, loadMaps(join(folder, 'maps')));
const order = (saleout.open as NonNullable<typeof saleout.open>).record({
  io_id: '1',
  shop_id: '10001',
  wms_co_id: '20001',
  status: 'Confirmed',
  io_date: '2026-10-19 10:00:00',
  modified: '2026-10-19 10:00:00',
  items: [1, 2, 3].map((n) => ({ sku_id: `A${n}`, qty: String(n), amount: '100.00' })),
});
const mapPerSecond = await best(3000, () => mapping.apply(order));

const count = 20_000;
const server = process.env.TEST_DATABASE_URL ?? 'postgres://root@127.0.0.1:5432/test';
const shared = await answers(server);
// Side by side: Bolt's receiver, and ours up to the event handed in; then ours with the row that is committed before the answer.
const webhook = {
  bolt: await boltWebhook(count),
  ours: await ourWebhook(async () => undefined, count),
  oursKeptEmbedded: await ourWebhookKept(undefined, count),
  ...(shared ? { oursKeptPostgres: await ourWebhookKept(server, count) } : {}),
};
const ack = {
  dingtalkEmbedded: await ackUnderLoad('dingtalk'),
  feishuEmbedded: await ackUnderLoad('feishu'),
  ...(shared
    ? { dingtalkPostgres: await ackUnderLoad('dingtalk', server), feishuPostgres: await ackUnderLoad('feishu', server) }
    : {}),
};

const figures = { understandPerSecond, mapPerSecond, webhook, ackAt500PerSecond: ack };
process.stdout.write(`${JSON.stringify(figures, null, process.argv.includes('--json') ? 0 : 2)}\n`);
process.exit(0);
