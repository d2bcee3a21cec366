import { type Answer, type Exchange, json } from '../server.ts';
import type { Books, Rules } from './books.ts';
import type { Datum, Reference } from './datum.ts';
import { entriesOf } from './forms/form.ts';
import { forms } from './forms/forms.ts';

/** What a person does by hand in 金蝶, and what a test wants to see. */
export function control({ request, path, body }: Exchange, books: Books): Answer {
  if (request.method === 'GET' && path === '/sandbox/bills')
    return json([...forms.keys()].flatMap((form) => books.bills(form).all()));
  const work = request.method === 'POST' ? works[path.slice('/sandbox/'.length)] : undefined;
  if (!work) return { status: 404, body: '{}' };
  work(JSON.parse(body) as never, books);
  return json({ ok: true });
}

/** Its code is its name, and both organisations may use it, where it does not say. */
type NewDatum = Pick<Datum, 'code'> & Partial<Datum>;

const works: Readonly<Record<string, (given: never, books: Books) => void>> = {
  bills: (given: HandWork, books) => byHand(given, books),
  materials: (given: NewDatum, books) => create('material', given, books),
  customers: (given: NewDatum, books) => create('customer', given, books),
  warehouses: (given: NewDatum, books) => create('warehouse', given, books),
  suppliers: (given: NewDatum, books) => create('supplier', given, books),
  departments: (given: NewDatum, books) => create('department', given, books),
  /** Counts goods in, in one stock or in all. */
  stock: ({ code, quantity = 1000, stock }: { code: string; quantity?: number; stock?: string }, books) =>
    books.record({ kind: 'stock', code, quantity, ...(stock ? { stock } : {}) }),
  /** 关账 or 反关账: the closing day becomes `day`. */
  closed: ({ day }: { day: string }, books) => books.record({ kind: 'closed', day }),
  rules: (rules: Partial<Rules>, books) => books.record({ kind: 'rules', rules }),
};

function create(kind: Reference, given: NewDatum, books: Books): void {
  books.record({ kind, name: given.code, organizations: [...books.data.organization.keys()], ...given });
}

interface HandWork {
  /** SAL_OUTSTOCK where it does not say. */
  form?: string;
  number: string;
  remove?: boolean;
  /** Makes a bill of this number with the lines of another. */
  copy?: string;
  status?: 'A' | 'B' | 'C';
  /** 作废 or 反作废 */
  cancelled?: boolean;
  date?: string;
  /** Of the first line. */
  price?: number;
  quantity?: number;
  /** What the first line comes to, as a discount typed in by hand leaves it. */
  amount?: number;
}

/** Changes a bill past every check, as somebody with enough rights can. */
function byHand(work: HandWork, books: Books): void {
  const { form: id = 'SAL_OUTSTOCK', number, remove, copy, status, date, price, quantity, amount } = work;
  const form = forms.get(id);
  const bill = books.bills(id).get(copy ?? number);
  if (!form || !bill) return;
  if (remove) {
    books.record({ kind: 'delete', form: id, number });
    return;
  }
  const { name, quantity: counted, money } = form.entry;
  const [first, ...others] = entriesOf(form, bill.model);
  const isPriced = price !== undefined || quantity !== undefined;
  const changed = {
    ...first,
    ...(quantity === undefined ? {} : { [counted]: quantity }),
    ...(money && isPriced ? { [money.amount]: undefined } : {}),
    ...(money && price !== undefined ? { [money.price]: price } : {}),
    ...(money && amount !== undefined ? { [money.amount]: amount } : {}),
  };
  const { cancelled: before, ...rest } = bill;
  const cancelled = work.cancelled ?? before;
  books.record({
    kind: 'bill',
    bill: {
      ...rest,
      id: copy ? books.nextId() : bill.id,
      number,
      status: status ?? bill.status,
      ...(cancelled ? { cancelled } : {}),
      model: { ...bill.model, FBillNo: number, [name]: [changed, ...others], ...(date ? { FDate: date } : {}) },
    },
  });
}
