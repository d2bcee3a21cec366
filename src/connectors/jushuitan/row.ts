import { AppError } from '../../errors.ts';
import type { SourceLine, SourceOrder } from '../../sync/connector.ts';

/** Personal data of buyers and receivers: never stored, logged or shown. State, city and district stay. */
const personal = new Set([
  'receiver_name',
  'receiver_phone',
  'receiver_mobile',
  'receiver_address',
  'receiver_town',
  'receiver_zip',
  'shop_buyer_id',
  'buyer_id',
  'buyer_account',
  'buyer_tax_no',
  'invoice_title',
  'open_id',
  'oaid',
  'referrer_id',
  'referrer_name',
]);

/** The official spelling of a line's money, and the canonical one. */
const canonical: Readonly<Record<string, string>> = {
  sale_amount: 'amount',
  sale_price: 'price',
  sale_base_price: 'base_price',
};
const flags = new Set(['is_gift', 'is_cod', 'is_presale', 'is_order_pay']);

function clean(value: unknown, key = ''): unknown {
  if (Array.isArray(value)) return value.map((item) => clean(item));
  if (value !== null && typeof value === 'object') {
    return Object.fromEntries(
      Object.entries(value)
        .filter(([name]) => !personal.has(name))
        .map(([name, inner]) => [name, clean(inner, name)]),
    );
  }
  if (flags.has(key)) return value === true || value === 'true' || value === '1' || value === 1;
  return typeof value === 'number' ? String(value) : value;
}

function line(row: Record<string, unknown>): SourceLine {
  const result: SourceLine = {};
  for (const [name, value] of Object.entries(row)) if (!(name in canonical)) result[name] = value;
  for (const [official, name] of Object.entries(canonical)) {
    const value = row[official];
    if (value !== undefined && value !== null && value !== '') result[name] = value;
  }
  return result;
}

const text = (value: unknown): string => (value === undefined || value === null ? '' : String(value));

/** A row of either route as an order: canonical names, ids and numbers as text, without personal data. Code: `jushuitan.row`. */
export function toOrder(row: Record<string, unknown>): SourceOrder {
  const raw = clean(row) as Record<string, unknown>;
  const key = text(raw.io_id);
  if (key === '') throw new AppError('jushuitan.row', 'data', { category: 'source_data' });
  const items = Array.isArray(raw.items) ? raw.items.map((item) => line(item as Record<string, unknown>)) : [];
  return {
    key,
    status: text(raw.status),
    modified: text(raw.modified).slice(0, 19),
    ioDate: text(raw.io_date ?? raw.send_date).slice(0, 19) || null,
    ts: text(raw.ts) || null,
    shopId: text(raw.shop_id),
    shopName: text(raw.shop_name),
    raw: { ...raw, io_id: key, items },
  };
}
