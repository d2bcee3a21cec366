// `npm run bench:reconcile [-- 300000]`: a window of so many documents with known differences, both sides generated, no limits.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { jushuitanCatalogue } from '../src/connectors/jushuitan/catalogue.ts';
import { toOrder } from '../src/connectors/jushuitan/row.ts';
import { kingdeeCatalogue } from '../src/connectors/kingdee/catalogue.ts';
import { Decimal } from '../src/decimal.ts';
import { projectRoot } from '../src/root.ts';
import { openStore } from '../src/store/open.ts';
import type { ListedEntry, Source, Target } from '../src/sync/connector.ts';
import { compileMapping } from '../src/sync/mapping.ts';
import { loadMaps } from '../src/sync/maps.ts';
import type { PipelineParts } from '../src/sync/parts.ts';
import { parsePipeline } from '../src/sync/pipeline.ts';
import { Reconciler } from '../src/sync/reconcile.ts';

const documents = Number(process.argv.find((text) => /^\d+$/.test(text)) ?? 300_000);
const start = new Date('2026-10-01T00:00:00+08:00');
const end = new Date('2026-11-01T00:00:00+08:00');
const days = 31;
const folder = join(projectRoot, 'pipelines');
const file = 'jushuitan-saleout-to-kingdee.yaml';
const pipeline = parsePipeline(readFileSync(join(folder, file), 'utf8'), file);
const catalogues = [jushuitanCatalogue(), kingdeeCatalogue()] as const;
const mapping = compileMapping(pipeline, ...catalogues, loadMaps(join(folder, 'maps')));

const dayOf = (n: number): string => `2026-10-${String((n % days) + 1).padStart(2, '0')}`;
/** One of each kind in every 50,000. */
const oddity = (n: number): number => (n % 50_000 < 6 ? n % 50_000 : -1);
const page = 500;
/** Where a real page waits for the network, others get their turn. */
const turn = () => new Promise((resolve) => setImmediate(resolve));
const source = {
  maxWindowDays: 31,
  routes: ['generated'],
  async page(_query: unknown, cursor: string | null) {
    await turn();
    const from = Number(cursor ?? 0);
    const orders = Array.from({ length: Math.min(page, documents - from) }, (_, offset) => {
      const n = from + offset;
      return toOrder({
        io_id: String(1_000_000 + n),
        shop_id: '10001',
        wms_co_id: '20001',
        status: oddity(n) === 5 ? 'Cancelled' : 'Confirmed',
        io_date: `${dayOf(n)} 10:00:00`,
        modified: `${dayOf(n)} 10:00:00`,
        items: [{ sku_id: 'A', qty: '2', amount: '19.90' }],
      });
    });
    return { orders, next: from + page < documents ? String(from + page) : null, total: documents };
  },
} as unknown as Source;
const target = {
  async *list(day: string): AsyncIterable<ListedEntry[]> {
    let entries: ListedEntry[] = [];
    for (let n = Number(day.slice(8)) - 1; n < documents; n += days) {
      const odd = oddity(n);
      if (odd === 0) continue;
      entries.push({
        id: String(n),
        number: `JST${odd === 1 ? 9_000_000 + n : 1_000_000 + n}`,
        status: odd === 4 ? 'B' : 'C',
        day,
        amount: new Decimal(odd === 2 ? '18.90' : '19.90'),
        quantity: new Decimal(odd === 3 ? 3 : 2),
      });
      if (entries.length === 2000) {
        await turn();
        yield entries;
        entries = [];
      }
    }
    yield entries;
  },
  find: async () => new Map(),
} as unknown as Target;

const dir = mkdtempSync(join(tmpdir(), 'xiaoqing-scale-'));
const url = process.env.TEST_DATABASE_URL;
const store = await openStore({ dataDir: dir, ...(url ? { databaseUrl: url } : {}) });
const reconciler = new Reconciler({
  sql: store.sql,
  pipelines: new Map([['p', { pipeline, mapping, source, target } as PipelineParts]]),
  now: () => new Date(),
  onProgress: () => undefined,
});
globalThis.gc?.();
const before = process.memoryUsage();
let heap = 0;
let rss = 0;
const waits: number[] = [];
const watch = setInterval(() => {
  heap = Math.max(heap, process.memoryUsage().heapUsed);
  rss = Math.max(rss, process.memoryUsage().rss);
  const from = performance.now();
  void store.sql.query('select 1').then(() => waits.push(performance.now() - from));
}, 100);
const began = Date.now();
const done = await reconciler.carryOut(await reconciler.begin('p', { start, end }, { person: 'b', conversation: 'b' }));
const seconds = (Date.now() - began) / 1000;
const kinds = Object.fromEntries((await reconciler.countsByKind(done)).map(({ kind, count }) => [kind, count]));
clearInterval(watch);
waits.sort((a, b) => a - b);
process.stdout.write(
  `${JSON.stringify({
    documents,
    store: url ? 'PostgreSQL' : 'PGlite',
    state: done.state,
    seconds,
    kinds,
    heapGrowthMb: Math.round((heap - before.heapUsed) / 1e6),
    rssMb: Math.round(rss / 1e6),
    queryP99Ms: Math.round(waits[Math.floor(waits.length * 0.99)] ?? 0),
  })}\n`,
);
await store.close();
rmSync(dir, { recursive: true, force: true });
process.exit(done.state === 'done' ? 0 : 1);
