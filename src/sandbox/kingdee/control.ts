import { type Answer, type Exchange, json } from '../server.ts';
import { type Books, type Datum, linesOf } from './books.ts';

/** What a person does by hand in 金蝶, and what a test wants to see. */
export function control({ request, path, body }: Exchange, books: Books): Answer {
  if (request.method === 'GET' && path === '/sandbox/bills') return json([...books.bills.values()]);
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
  /** Counts goods in, in one stock or in all. */
  stock: ({ code, quantity = 1000, stock }: { code: string; quantity?: number; stock?: string }, books) =>
    books.record({ kind: 'stock', code, quantity, ...(stock ? { stock } : {}) }),
  /** 关账 or 反关账: the closing day becomes `day`. */
  closed: ({ day }: { day: string }, books) => books.record({ kind: 'closed', day }),
};

function create(kind: 'material' | 'customer' | 'warehouse', given: NewDatum, books: Books): void {
  books.record({ kind, name: given.code, organizations: [...books.organizations.keys()], ...given });
}

interface HandWork {
  number: string;
  remove?: boolean;
  /** Makes a bill of this number with the lines of another. */
  copy?: string;
  status?: 'A' | 'B' | 'C';
  date?: string;
  /** Of the first line. */
  price?: number;
  quantity?: number;
}

/** Changes a bill past every check, as somebody with enough rights can. */
function byHand({ number, remove, copy, status, date, price, quantity }: HandWork, books: Books): void {
  const bill = books.bills.get(copy ?? number);
  if (!bill) return;
  if (remove) {
    books.record({ kind: 'delete', number });
    return;
  }
  const [first, ...others] = linesOf(bill.model);
  const changed = {
    ...first,
    ...(price === undefined ? {} : { FTaxPrice: price }),
    ...(quantity === undefined ? {} : { FRealQty: quantity }),
  };
  const model = { ...bill.model, FBillNo: number, FEntity: [changed, ...others], ...(date ? { FDate: date } : {}) };
  const id = copy ? books.nextId() : bill.id;
  books.record({ kind: 'bill', bill: { id, number, status: status ?? bill.status, model } });
}
