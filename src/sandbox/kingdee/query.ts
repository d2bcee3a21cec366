import { Decimal } from '../../decimal.ts';
import { type Books, type Datum, linesOf } from './books.ts';

interface Query {
  FormId?: string;
  FieldKeys?: string;
  FilterString?: string;
  StartRow?: number;
  Limit?: number;
}

type Row = Record<string, unknown>;

/** What there is of goods that never run out. */
const plenty = new Decimal(100_000);

/** ExecuteBillQuery over bills (a row an entry) and base data (a row an organisation). Null = no such form. */
export function executeQuery(query: Query, books: Books): unknown[][] | null {
  const rows = rowsOf(query.FormId ?? '', books);
  if (!rows) return null;
  const wanted = filterOf(query.FilterString ?? '');
  const keys = (query.FieldKeys ?? '').split(',').map((key) => key.trim());
  const start = Number(query.StartRow ?? 0);
  const limit = Math.min(Number(query.Limit) || 2000, 10_000);
  return rows
    .filter(wanted)
    .map((row) => keys.map((key) => row[key.toLowerCase()] ?? null))
    .slice(start, start + limit);
}

function rowsOf(form: string, books: Books): Row[] | null {
  const base = (data: ReadonlyMap<string, Datum>): Row[] =>
    [...data.values()].flatMap(({ code, name, organizations }) =>
      (organizations.length > 0 ? organizations : ['']).map((org) => ({
        fnumber: code,
        fname: name,
        'fuseorgid.fnumber': org,
      })),
    );
  switch (form) {
    case 'SAL_OUTSTOCK':
      return [...books.bills.values()].flatMap((bill) =>
        linesOf(bill.model).map((line) => ({
          ...flat(bill.model),
          ...flat((bill.model.SubHeadEntity ?? {}) as Row),
          ...flat(line),
          fid: bill.id,
          fbillno: bill.number,
          fdocumentstatus: bill.status,
          fallamount: new Decimal(String(line.FTaxPrice ?? 0))
            .times(String(line.FRealQty))
            .toDecimalPlaces(2)
            .toNumber(),
        })),
      );
    case 'BD_MATERIAL':
      return base(books.materials).map((row) => ({ ...row, 'fstoreunitid.fnumber': 'Pcs' }));
    case 'BD_Customer':
      return base(books.customers);
    case 'BD_STOCK':
      return base(books.stocks);
    case 'ORG_Organizations':
      return base(books.organizations);
    case 'STK_Inventory':
      return balances(books);
    default:
      return null;
  }
}

/** `FCustomerID: {FNumber: x}` → `fcustomerid.fnumber: x`. */
function flat(object: Row): Row {
  const row: Row = {};
  for (const [key, value] of Object.entries(object)) {
    if (value !== null && typeof value === 'object')
      for (const [inner, code] of Object.entries(value)) row[`${key}.${inner}`.toLowerCase()] = code;
    else row[key.toLowerCase()] = value;
  }
  return row;
}

/** 即时库存: a row a material, stock and organisation. */
function balances(books: Books): Row[] {
  return [...books.materials.values()].flatMap(({ code, organizations }) =>
    organizations.flatMap((org) =>
      [...books.stocks.keys()].map((stock) => ({
        'fmaterialid.fnumber': code,
        'fstockid.fnumber': stock,
        'fstockorgid.fnumber': org,
        fbaseqty: (books.left(code, stock) ?? plenty).toNumber(),
      })),
    ),
  );
}

/** The part of the filter language that is needed: `A in ('x','y') and B='z' or C like 'p%'`; `or` binds less than `and`. */
function filterOf(text: string): (row: Row) => boolean {
  if (text.trim() === '') return () => true;
  const choices = text
    .split(/\s+or\s+(?=[\w.]+\s)/i)
    .map((choice) => choice.split(/\s+and\s+(?=\(?[\w.]+\s)/i).map(conditionOf));
  return (row) => choices.some((conditions) => conditions.every((holds) => holds(row)));
}

function conditionOf(text: string): (row: Row) => boolean {
  const match = /^\(?\s*([\w.]+)\s*(in\b|like\b|>=|<=|=|<|>)\s*(.+?)\s*\)?$/is.exec(text.trim());
  if (!match) return () => false;
  const [, field = '', operator = '', right = ''] = match;
  const values = [...right.matchAll(/'((?:[^']|'')*)'/g)].map((value) => (value[1] ?? '').replaceAll("''", "'"));
  const [first = ''] = values;
  const holds: Readonly<Record<string, (own: string) => boolean>> = {
    in: (own) => values.includes(own),
    like: (own) => like(first).test(own),
    '=': (own) => own === first,
    '>=': (own) => own >= first,
    '<=': (own) => own <= first,
    '<': (own) => own < first,
    '>': (own) => own > first,
  };
  const test = holds[operator.toLowerCase()] ?? (() => false);
  return (row) => test(String(row[field.toLowerCase()] ?? ''));
}

/** An SQL LIKE pattern: `%` any signs, `_` any one, `[x]` the sign itself; letter case does not matter. */
function like(pattern: string): RegExp {
  const signs = pattern.match(/\[.\]|./gs) ?? [];
  const source = signs.map((sign) =>
    sign === '%' ? '.*' : sign === '_' ? '.' : sign.replace(/^\[(.)\]$/s, '$1').replace(/[.*+?^${}()|[\]\\]/g, '\\$&'),
  );
  return new RegExp(`^${source.join('')}$`, 'is');
}
