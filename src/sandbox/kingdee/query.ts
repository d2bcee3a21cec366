import { Decimal } from '../../decimal.ts';
import { baseRows, strangeField } from './base-data.ts';
import { type Bill, type Books, linesOf } from './books.ts';
import { type Condition, choicesOf, type Row } from './filter.ts';

interface Query {
  FormId?: string;
  FieldKeys?: string;
  FilterString?: string;
  OrderString?: string;
  TopRowCount?: number;
  StartRow?: number;
  Limit?: number;
}

/** What there is of goods that never run out. */
const plenty = new Decimal(100_000);

/** ExecuteBillQuery over bills (a row an entry) and base data (a row an organisation), or what it is refused for. */
export function executeQuery(query: Query, books: Books): unknown[][] | string {
  const { FormId: form = '', FilterString: filter = '', OrderString: order = '' } = query;
  const keys = (query.FieldKeys ?? '').split(',').map((key) => key.trim());
  const named = [...choicesOf(filter).flat(), ...ordersOf(order)].map(({ field }) => field);
  // The real text is not public; that a form's own fields are all that can be asked for, and the code of the refusal, are.
  const strange = strangeField(form, [...keys, ...named]);
  if (strange) return `字段[${strange}]不存在`;
  const rows = matching(form, filter, order, books);
  if (!rows) return '业务对象不存在';
  const start = Number(query.StartRow ?? 0);
  const limit = Math.min(Number(query.Limit) || 2000, 10_000);
  const top = Number(query.TopRowCount) || rows.length;
  const page = rows.slice(start, Math.min(start + limit, top));
  return page.map((row) => keys.map((key) => row[key.toLowerCase()] ?? null));
}

/** `FNumber, FName DESC` as fields with their ways. */
const ordersOf = (order: string): { field: string; sign: number }[] =>
  [...order.matchAll(/([\w.]+)(?:\s+(asc|desc))?/gi)].map(([, field = '', way = '']) => ({
    field: field.toLowerCase(),
    sign: way.toLowerCase() === 'desc' ? -1 : 1,
  }));

function compare(a: unknown, b: unknown): number {
  if (typeof a === 'number' && typeof b === 'number') return a - b;
  const [own, other] = [String(a ?? ''), String(b ?? '')];
  return own < other ? -1 : Number(own > other);
}

/** As they came where no order is said. */
const inOrder = (rows: Row[], order: string): Row[] =>
  ordersOf(order).reduceRight(
    (sorted, { field, sign }) => sorted.sort((a, b) => compare(a[field], b[field]) * sign),
    rows,
  );

/** The rows of the last question, for the pages that follow the first. */
let latest: { books: Books; version: number; asked: string; rows: Row[] } | null = null;

function matching(form: string, filter: string, order: string, books: Books): Row[] | null {
  const { version } = books;
  const asked = [form, filter, order].join('\n');
  if (latest?.books === books && latest.version === version && latest.asked === asked) return latest.rows;
  const choices = choicesOf(filter);
  const rows = rowsOf(form, books, choices)?.filter((row) =>
    choices.some((all) => all.every(({ holds }) => holds(row))),
  );
  if (!rows) return null;
  latest = { books, version, asked, rows: inOrder(rows, order) };
  return latest.rows;
}

function rowsOf(form: string, books: Books, choices: readonly Condition[][]): Row[] | null {
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
    case 'STK_Inventory':
      return balances(books);
    default:
      return baseRows(form, books);
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
