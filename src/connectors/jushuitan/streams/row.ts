import { createHash } from 'node:crypto';
import { excerpt } from '../../../format.ts';
import { fromWall } from '../../../shanghai.ts';
import type { RowFault, SourceLine, SourceOrder } from '../../../sync/connector.ts';
import { clean } from '../clean.ts';

type Row = Record<string, unknown>;
/** A row after cleaning, with its lines. */
export type Raw = Row & { items: SourceLine[] };

/** The official spelling of a line's money, and the canonical one. */
const canonical: Readonly<Record<string, string>> = {
  sale_amount: 'amount',
  sale_price: 'price',
  sale_base_price: 'base_price',
};

/** What a document can be asked for by: 聚水潭's own numbers are whole ones. */
export const isId = (text: string): boolean => /^\d{1,19}$/.test(text);

const isRow = (value: unknown): value is Row => value !== null && typeof value === 'object' && !Array.isArray(value);
const isEmpty = (value: unknown): boolean => value === undefined || value === null || value === '';

function line(row: Row): SourceLine {
  const kept = Object.entries(row).filter(([name]) => !(name in canonical));
  const official = Object.entries(canonical).flatMap(([name, ours]): [string, unknown][] =>
    isEmpty(row[name]) ? [] : [[ours, row[name]]],
  );
  return Object.fromEntries([...kept, ...official]);
}

/** Which fields of a row make what the core knows a document by. */
export interface RowShape {
  /** The field of its own number. */
  key: string;
  /** Put before the number where two kinds of rows count separately. */
  prefix?: string;
  /** The fields of its own time, the first that holds one. */
  businessTime: readonly string[];
  /** Brings a row into the shape that the stream's catalogue lists. */
  refine?: (raw: Raw) => Raw;
}

/**
 * A row as a record: canonical names, ids and numbers as text, without personal data. One that is not as the document says is a
 * record with faults, so that it fails by itself; without a usable number it goes by what it holds. An archived document (归档) is a
 * shipped one.
 */
export function toRecord(row: unknown, shape: RowShape): SourceOrder {
  const { value, faults, cleaned } = clean(row);
  const fault = (field: string, wrong: unknown): void => {
    if (!faults.some((known) => known.field === field)) faults.push({ field, value: excerpt(wrong) });
  };
  const read = isRow(value) ? value : {};
  const items = isEmpty(read.items) ? [] : [read.items].flat();
  if (!isEmpty(read.items) && !Array.isArray(read.items)) fault('items', read.items);
  for (const item of items) if (!isRow(item)) fault('items', item);
  const number = numberOf(row, read, shape.key, faults);
  const whole: Raw = { ...read, [shape.key]: number, items: items.map((item) => (isRow(item) ? line(item) : {})) };
  const raw = shape.refine?.(whole) ?? whole;
  const text = (field: string): string => {
    const found = raw[field];
    if (typeof found === 'string') return found;
    if (!isEmpty(found)) fault(field, found);
    return '';
  };
  const instant = (...fields: readonly string[]): string => {
    const [found = ''] = fields.map((field) => text(field).slice(0, 19)).filter((wall) => fromWall(wall));
    return found;
  };
  const ts = text('ts');
  const status = text('status') === 'Archive' ? 'Confirmed' : text('status');
  return {
    key: `${shape.prefix ?? ''}${number}`,
    status,
    modified: instant('modified'),
    ioDate: instant(...shape.businessTime) || null,
    ts: /^\d{1,30}$/.test(ts) ? ts : null,
    shopId: text('shop_id'),
    shopName: text('shop_name'),
    raw: { ...raw, ...(raw.status === 'Archive' ? { status } : {}) },
    ...(faults.length > 0 ? { faults } : {}),
    ...(cleaned.length > 0 ? { cleaned } : {}),
  };
}

function numberOf(row: unknown, raw: Row, field: string, faults: RowFault[]): string {
  const number = raw[field];
  const refused = faults.some((fault) => fault.field === field);
  if (typeof number === 'string' && isId(number) && !refused) return number;
  if (!refused) {
    const nothing = isRow(row) && isEmpty(number);
    faults.push({ field, value: nothing ? null : excerpt(isRow(row) ? number : row) });
  }
  return `no-id-${createHash('sha256')
    .update(String(JSON.stringify(row)))
    .digest('hex')
    .slice(0, 12)}`;
}
