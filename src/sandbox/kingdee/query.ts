import { Decimal } from '../../decimal.ts';
import { baseRows, strangeField } from './base-data.ts';
import type { Bill, Bills } from './bill.ts';
import type { Books } from './books.ts';
import { type Condition, choicesOf, type Row } from './filter.ts';
import { entriesOf, type Form } from './forms/form.ts';
import { forms } from './forms/forms.ts';
import { good } from './stock.ts';

interface Query {
  FormId?: string;
  FieldKeys?: string;
  FilterString?: string;
  OrderString?: string;
  TopRowCount?: number;
  StartRow?: number;
  Limit?: number;
}

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

function rowsOf(id: string, books: Books, choices: readonly Condition[][]): Row[] | null {
  const form = forms.get(id);
  if (form) return billsFor(books.bills(id), choices).flatMap((bill) => billRows(form, bill));
  return id === 'STK_Inventory' ? balances(books) : baseRows(id, books);
}

function billRows(form: Form, bill: Bill): Row[] {
  const { finance } = form;
  return entriesOf(form, bill.model).map((line) => ({
    ...flat(bill.model),
    ...flat((finance && bill.model[finance.name] ? bill.model[finance.name] : {}) as Row),
    ...flat(line),
    fid: bill.id,
    fbillno: bill.number,
    fdocumentstatus: bill.status,
    fcancelstatus: bill.cancelled ? 'B' : 'A',
    ...amountOf(form, line),
  }));
}

function amountOf({ entry: { money, quantity } }: Form, line: Row): Row {
  if (!money) return {};
  const product = new Decimal(String(line[money.price] ?? 0)).times(String(line[quantity]));
  return { [money.amount.toLowerCase()]: line[money.amount] ?? product.toDecimalPlaces(2).toNumber() };
}

/** The bills that may match: by number or by day where the question names these, else all. */
function billsFor(bills: Bills, choices: readonly Condition[][]): Bill[] {
  const [conditions = [], ...others] = choices;
  if (others.length > 0) return bills.all();
  const valuesOf = (field: string, ...operators: string[]): readonly string[] | undefined =>
    conditions.find((one) => one.field === field && operators.includes(one.operator))?.values;
  const numbers = valuesOf('fbillno', 'in', '=');
  if (numbers) return numbers.flatMap((number) => bills.get(number) ?? []);
  const [first] = valuesOf('fdate', '>=') ?? [];
  const [last] = valuesOf('fdate', '<=') ?? [];
  return first && last ? bills.between(first.slice(0, 10), last.slice(0, 10)) : bills.all();
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

/** 即时库存: a row a material, stock, stock status and organisation; of states other than 可用 only what there is. */
function balances({ data, stock: held }: Books): Row[] {
  return [...data.material.values()].flatMap(({ code: material, organizations }) =>
    organizations.flatMap((org) =>
      [...data.warehouse.keys()].flatMap((stock) =>
        [...data.status.keys()].flatMap((status) => {
          const left = held.left({ material, stock, status }).toNumber();
          if (left === 0 && status !== good) return [];
          return {
            'fmaterialid.fnumber': material,
            'fstockid.fnumber': stock,
            'fstockorgid.fnumber': org,
            'fstockstatusid.fnumber': status,
            fbaseqty: left,
            fqty: left,
          };
        }),
      ),
    ),
  );
}
