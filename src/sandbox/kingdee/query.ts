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

/** The small part of the filter language that is needed: `A in ('x','y') and B='z' and C>='…'`. */
function filterOf(text: string): (row: Row) => boolean {
  const conditions = text.trim() === '' ? [] : text.split(/\s+and\s+/i);
  const tests = conditions.map((condition): ((row: Row) => boolean) => {
    const match = /^\(?\s*([\w.]+)\s*(in|>=|<=|=|<|>)\s*(.+?)\s*\)?$/is.exec(condition.trim());
    if (!match) return () => false;
    const [, field = '', operator = '', right = ''] = match;
    const values = [...right.matchAll(/'((?:[^']|'')*)'/g)].map((value) => (value[1] ?? '').replaceAll("''", "'"));
    const [first = ''] = values;
    return (row) => {
      const own = String(row[field.toLowerCase()] ?? '');
      if (operator.toLowerCase() === 'in') return values.includes(own);
      if (operator === '=') return own === first;
      return operator === '>='
        ? own >= first
        : operator === '<='
          ? own <= first
          : operator === '<'
            ? own < first
            : own > first;
    };
  });
  return (row) => tests.every((test) => test(row));
}
