import { Decimal, round2, toDecimal } from '../decimal.ts';
import { AppError } from '../errors.ts';
import { fromWall } from '../shanghai.ts';
import type { Sql } from '../store/sql.ts';
import type { SourceLine, SourceOrder } from './connector.ts';
import type { CompiledMapping } from './mapping.ts';
import type { PipelineParts } from './parts.ts';
import type { Pipeline } from './pipeline.ts';

/** What documents go back on: a return on the shipment it returns. */
export interface Upstream {
  /**
   * A record at the prices of the bill it goes back on. Code: `sync.upstream_missing`, while that bill is not written and the wait
   * that the pipeline file grants is not over.
   */
  priced(record: SourceOrder, now: Date): SourceOrder;
}

interface Known {
  order: SourceOrder;
  state: string;
}

const asIs: Upstream = { priced: (record) => record };

/** The upstream documents of these, as the ledger has them. */
export async function upstreamOf(
  { sql, pipelines, pipeline }: { sql: Sql; pipelines: ReadonlyMap<string, PipelineParts>; pipeline: Pipeline },
  documents: readonly { order: SourceOrder }[],
): Promise<Upstream> {
  const { upstream } = pipeline;
  const mapping = upstream && pipelines.get(upstream.pipeline)?.mapping;
  if (!upstream || !mapping) return asIs;
  const references = documents.flatMap(({ order }) => referenceOf(order, upstream.by) ?? []);
  const rows = await sql.query<Known & { reference: string }>(
    `select raw as "order", state, raw -> 'raw' ->> $2 as reference from documents
     where pipeline = $1 and raw -> 'raw' ->> $2 = any($3) order by key`,
    [upstream.pipeline, upstream.by, [...new Set(references)]],
  );
  const known = Map.groupBy(rows, ({ reference }) => reference);
  return {
    priced(record, now) {
      const reference = referenceOf(record, upstream.by);
      if (reference === null) return record;
      const written = (known.get(reference) ?? []).filter(({ state }) => state === 'done');
      if (written.length > 0)
        return atPricesOf(
          record,
          written.map(({ order }) => order),
          mapping,
        );
      const since = record.ioDate === null ? null : fromWall(record.ioDate);
      if (since && now.getTime() - since.getTime() >= upstream.wait) return record;
      throw new AppError('sync.upstream_missing', 'data', {
        category: 'upstream_missing',
        params: { reference, days: Math.ceil(upstream.wait / 86_400_000) },
        subjects: [reference],
      });
    },
  };
}

function referenceOf({ raw }: SourceOrder, by: string): string | null {
  const value = raw[by];
  return typeof value === 'string' && value !== '' && value !== '0' ? value : null;
}

/** Each line at what a piece of it was billed at; goods that were not on those bills keep their own price. */
function atPricesOf(record: SourceOrder, written: readonly SourceOrder[], mapping: CompiledMapping): SourceOrder {
  const billed = new Map<string, { amount: Decimal; qty: Decimal }>();
  for (const line of written.flatMap((order) => mapping.lines(order))) {
    const sku = String(line.sku_id);
    const { amount, qty } = billed.get(sku) ?? { amount: new Decimal(0), qty: new Decimal(0) };
    billed.set(sku, { amount: amount.plus(line.amount), qty: qty.plus(line.qty) });
  }
  const items = record.raw.items.map((line): SourceLine => {
    const known = billed.get(String(line.sku_id));
    const qty = toDecimal(line.qty);
    if (!known || !qty) return line;
    const amount = round2(known.amount.times(qty).div(known.qty));
    return { ...line, amount: amount.toFixed(), is_gift: amount.isZero() };
  });
  return { ...record, raw: { ...record.raw, items } };
}
