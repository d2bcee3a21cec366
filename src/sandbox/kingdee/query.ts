import { Decimal } from '../../decimal.ts';
import { type Bill, type Books, type Datum, linesOf } from './books.ts';
import { type Condition, choicesOf, type Row } from './filter.ts';

interface Query {
  FormId?: string;
  FieldKeys?: string;
  FilterString?: string;
  StartRow?: number;
  Limit?: number;
}

/** What there is of goods that never run out. */
const plenty = new Decimal(100_000);

/** ExecuteBillQuery over bills (a row an entry) and base data (a row an organisation). Null = no such form. */
export function executeQuery(query: Query, books: Books): unknown[][] | null {
  const rows = matching(query.FormId ?? '', query.FilterString ?? '', books);
  if (!rows) return null;
  const keys = (query.FieldKeys ?? '').split(',').map((key) => key.trim());
  const start = Number(query.StartRow ?? 0);
  const limit = Math.min(Number(query.Limit) || 2000, 10_000);
  return rows.slice(start, start + limit).map((row) => keys.map((key) => row[key.toLowerCase()] ?? null));
}

/** The rows of the last question, for the pages that follow the first. */
let latest: { books: Books; version: number; form: string; filter: string; rows: Row[] } | null = null;

function matching(form: string, filter: string, books: Books): Row[] | null {
  const { version } = books;
  if (latest?.books === books && latest.version === version && latest.form === form && latest.filter === filter)
    return latest.rows;
  const choices = choicesOf(filter);
  const rows = rowsOf(form, books, choices)?.filter((row) =>
    choices.some((all) => all.every(({ holds }) => holds(row))),
  );
  if (!rows) return null;
  latest = { books, version, form, filter, rows };
  return rows;
}

function rowsOf(form: string, books: Books, choices: readonly Condition[][]): Row[] | null {
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
      return billsFor(books, choices).flatMap((bill) =>
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

/** The bills that may match: by number or by day where the question names these, else all. */
function billsFor(books: Books, choices: readonly Condition[][]): Bill[] {
  const [conditions = [], ...others] = choices;
  if (others.length > 0) return [...books.bills.values()];
  const valuesOf = (field: string, ...operators: string[]): readonly string[] | undefined =>
    conditions.find((one) => one.field === field && operators.includes(one.operator))?.values;
  const numbers = valuesOf('fbillno', 'in', '=');
  if (numbers) return numbers.flatMap((number) => books.bills.get(number) ?? []);
  const [first] = valuesOf('fdate', '>=') ?? [];
  const [last] = valuesOf('fdate', '<=') ?? [];
  return first && last ? books.billsBetween(first.slice(0, 10), last.slice(0, 10)) : [...books.bills.values()];
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
