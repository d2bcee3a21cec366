import { excerpt } from '../../format.ts';
import { storable } from '../../json.ts';
import type { RowFault } from '../../sync/connector.ts';

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
const flags = new Set(['is_gift', 'is_cod', 'is_presale', 'is_order_pay']);
/** A number of something: what is left of one that had to be cleaned would be another's. */
const isNumberOf = /_id$/;
/** Rows have two levels, items and payments; what lies deeper is no data of theirs. */
const deepest = 6;

export interface Cleaned {
  value: unknown;
  faults: RowFault[];
  cleaned: string[];
}

/** A row without personal data, with numbers and flags in one form, and with nothing in it that no database holds. */
export function clean(row: unknown): Cleaned {
  const faults: RowFault[] = [];
  const cleaned = new Set<string>();
  const walk = (value: unknown, path: string, depth: number): unknown => {
    if (value !== null && typeof value === 'object') {
      if (depth === deepest) {
        cleaned.add(path);
        return null;
      }
      if (Array.isArray(value)) return value.map((item) => walk(item, path, depth + 1));
      return Object.fromEntries(
        Object.entries(value).flatMap(([spelled, inner]) => {
          const name = storable(spelled);
          const at = path ? `${path}.${name}` : name;
          if (personal.has(name)) return [];
          if (name !== spelled) cleaned.add(at);
          return [[name, walk(inner, at, depth + 1)]];
        }),
      );
    }
    const name = path.slice(path.lastIndexOf('.') + 1);
    if (flags.has(name)) return value === true || value === 'true' || value === '1' || value === 1;
    if (typeof value === 'number') return String(value);
    if (typeof value !== 'string') return value;
    const kept = storable(value);
    if (kept === value) return value;
    if (isNumberOf.test(name)) faults.push({ field: path, value: excerpt(kept) });
    else cleaned.add(path);
    return kept;
  };
  return { value: walk(row, '', 0), faults, cleaned: [...cleaned] };
}
