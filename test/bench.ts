// `npm run bench [-- --json]`: figures of this machine, each measured on its own, the best of three rounds.
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { understand } from '../src/assistant/language/understand.ts';
import { WebhookVerifier } from '../src/channels/feishu/webhook.ts';
import { Inbox } from '../src/channels/inbox.ts';
import { jushuitanCatalogue } from '../src/connectors/jushuitan/catalogue.ts';
import { toOrder } from '../src/connectors/jushuitan/row.ts';
import { kingdeeCatalogue } from '../src/connectors/kingdee/catalogue.ts';
import { projectRoot } from '../src/root.ts';
import { openStore } from '../src/store/open.ts';
import { compileMapping } from '../src/sync/mapping.ts';
import { loadMaps } from '../src/sync/maps.ts';
import { parsePipeline } from '../src/sync/pipeline.ts';
import { webhookCall } from './fakes/feishu.ts';

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
const mapping = compileMapping(pipeline, jushuitanCatalogue(), kingdeeCatalogue(), loadMaps(join(folder, 'maps')));
const order = toOrder({
  io_id: '1',
  shop_id: '10001',
  wms_co_id: '20001',
  status: 'Confirmed',
  io_date: '2026-10-19 10:00:00',
  modified: '2026-10-19 10:00:00',
  items: [1, 2, 3].map((n) => ({ sku_id: `A${n}`, qty: String(n), amount: '100.00' })),
});
const mapPerSecond = await best(3000, () => mapping.apply(order));

// Both sides in one run: ours over raw bytes, and what the SDK hashes, the body parsed and written again.
const call = webhookCall({ message: { message_id: 'om_1', content: 'x'.repeat(500) } });
const raw = Buffer.from(call.body);
const header = (name: string): string => call.headers[name] ?? '';
const verifyPerSecond = await best(5000, () =>
  new WebhookVerifier({ encryptKey: 'encrypt', verificationToken: 'v' }, () => new Date()).verify({ raw, header }),
);
const sdkHashPerSecond = await best(5000, () =>
  createHash('sha256')
    .update(`${header('x-lark-request-timestamp')}encrypt${JSON.stringify(JSON.parse(call.body))}`)
    .digest('hex'),
);

const dir = mkdtempSync(join(tmpdir(), 'xiaoqing-bench-'));
const store = await openStore({ dataDir: dir });
const inbox = new Inbox(store.sql, () => new Date());
const waits: number[] = [];
const messages = 2000;
const began = Date.now();
await Promise.all(
  Array.from({ length: messages }, async (_, n) => {
    await new Promise((resolve) => setTimeout(resolve, n * 2)); // 500 a second
    const from = performance.now();
    const message = { person: 'feishu:p', conversation: `feishu:${n % 50}`, text: 'x' };
    await inbox.accept('feishu', { id: `m${n}`, message, handle: {} });
    waits.push(performance.now() - from);
  }),
);
const ackP99 = waits.sort((a, b) => a - b)[Math.floor(messages * 0.99)] ?? 0;
const inboxPerSecond = Math.round(messages / ((Date.now() - began) / 1000));
await store.close();
rmSync(dir, { recursive: true, force: true });

const figures = {
  understandPerSecond,
  mapPerSecond,
  verifyPerSecond,
  sdkHashPerSecond,
  inboxPerSecond,
  ackP99Ms: Math.round(ackP99 * 10) / 10,
};
process.stdout.write(`${JSON.stringify(figures, null, process.argv.includes('--json') ? 0 : 2)}\n`);
process.exit(0);
