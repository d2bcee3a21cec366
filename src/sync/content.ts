import { createHash } from 'node:crypto';
import { toDecimal } from '../decimal.ts';
import type { SourceOrder } from './connector.ts';
import type { Pipeline } from './pipeline.ts';

/**
 * A hash of what the source holds that decides a bill: day, shop, warehouse, goods in whatever order, freight where it is billed, and
 * the fields that a map turns into something of the bill.
 */
export function contentOf(
  { ioDate, shopId, raw }: SourceOrder,
  { freight_material }: Pipeline,
  decidedBy: readonly string[],
): string {
  const goods = raw.items.map(({ sku_id, qty, amount, price }) =>
    [String(sku_id), plain(qty), plain(amount) || plain(price)].join('\t'),
  );
  const freight = freight_material ? plain(raw.freight) : '';
  const text = JSON.stringify([
    ioDate?.slice(0, 10),
    shopId,
    raw.wms_co_id,
    goods.sort(),
    freight,
    ...decidedBy.map((path) => raw[path]),
  ]);
  return createHash('sha256').update(text).digest('hex').slice(0, 16);
}

/** `12.50` and `12.5` are one amount. */
const plain = (value: unknown): string => toDecimal(value)?.toFixed() ?? '';
