import { createHash } from 'node:crypto';
import { excerpt } from '../../format.ts';
import { fromWall } from '../../shanghai.ts';
import type { RowFault, SourceLine, SourceOrder } from '../../sync/connector.ts';
import { clean } from './clean.ts';

type Row = Record<string, unknown>;

/** The official spelling of a line's money, and the canonical one. */
const canonical: Readonly<Record<string, string>> = {
  sale_amount: 'amount',
  sale_price: 'price',
  sale_base_price: 'base_price',
};

/** What an order can be asked for by: its documents know whole numbers only. */
export const isKey = (text: string): boolean => /^\d{1,19}$/.test(text);

const isRow = (value: unknown): value is Row => value !== null && typeof value === 'object' && !Array.isArray(value);
const isEmpty = (value: unknown): boolean => value === undefined || value === null || value === '';

function line(row: Row): SourceLine {
  const kept = Object.entries(row).filter(([name]) => !(name in canonical));
  const official = Object.entries(canonical).flatMap(([name, ours]): [string, unknown][] =>
    isEmpty(row[name]) ? [] : [[ours, row[name]]],
  );
  return Object.fromEntries([...kept, ...official]);
}

/**
 * A row of either route as an order: canonical names, ids and numbers as text, without personal data. One that is not as the
 * document says is an order with faults, so that it fails by itself; without a usable number it goes by what it holds.
 */
export function toOrder(row: unknown): SourceOrder {
  const { value, faults, cleaned } = clean(row);
  const raw = isRow(value) ? value : {};
  const fault = (field: string, wrong: unknown): void => {
    if (!faults.some((known) => known.field === field)) faults.push({ field, value: excerpt(wrong) });
  };
  const text = (field: string): string => {
    const found = raw[field];
    if (typeof found === 'string') return found;
    if (!isEmpty(found)) fault(field, found);
    return '';
  };
  const instant = (...fields: string[]): string => {
    const [found = ''] = fields.map((field) => text(field).slice(0, 19)).filter((wall) => fromWall(wall));
    return found;
  };
  const key = keyOf(row, raw, faults);
  const items = isEmpty(raw.items) ? [] : [raw.items].flat();
  if (!isEmpty(raw.items) && !Array.isArray(raw.items)) fault('items', raw.items);
  for (const item of items) if (!isRow(item)) fault('items', item);
  const ts = text('ts');
  return {
    key,
    status: text('status'),
    modified: instant('modified'),
    ioDate: instant('io_date', 'send_date') || null,
    ts: /^\d{1,30}$/.test(ts) ? ts : null,
    shopId: text('shop_id'),
    shopName: text('shop_name'),
    raw: { ...raw, io_id: key, items: items.map((item) => (isRow(item) ? line(item) : {})) },
    ...(faults.length > 0 ? { faults } : {}),
    ...(cleaned.length > 0 ? { cleaned } : {}),
  };
}

function keyOf(row: unknown, raw: Row, faults: RowFault[]): string {
  const { io_id } = raw;
  const refused = faults.some(({ field }) => field === 'io_id');
  if (typeof io_id === 'string' && isKey(io_id) && !refused) return io_id;
  if (!refused) {
    const nothing = isRow(row) && isEmpty(io_id);
    faults.push({ field: 'io_id', value: nothing ? null : excerpt(isRow(row) ? io_id : row) });
  }
  return `no-id-${createHash('sha256')
    .update(String(JSON.stringify(row)))
    .digest('hex')
    .slice(0, 12)}`;
}
