import { type Shop, suppliers, trouble } from '../../shop.ts';
import {
  asked,
  batchsOf,
  costOf,
  headOf,
  itemOf,
  type Kind,
  lotOf,
  type Movement,
  movementsOfDay,
  movesOf,
} from '../movements.ts';
import type { Stream } from '../stream.ts';

interface Purchase extends Kind {
  supplier?: { id: number; name: string };
  /** Whether the price is final (财务审核). */
  priced?: false;
}

const digit = 2;
const [usual, other] = suppliers;
const kinds: readonly Purchase[] = [
  {},
  { supplier: other },
  { foreign: true, remark: '补货' },
  { priced: false, first: { cost: 0 } },
  { status: 'WaitConfirm' },
  { status: 'Cancelled' },
  { status: 'Archive' },
  { supplier: { id: 30_099, name: '新供应商' } },
  { first: { qty: 0 } },
  { first: { good: trouble.missing } },
];

/** 采购入库 */
export const purchaseIn = (shop: Shop): Stream<Movement<Purchase>> => ({
  ...asked(digit),
  name: 'purchase-in',
  called: { open: '/open/purchasein/query' },
  byIoDate: '2',
  followed: 'start_ts',
  filters: { statuss: { of: ({ status }) => status, unless: 'Confirmed' } },
  ofDay: (day) => movementsOfDay(day, shop, digit, kinds),
  moves: (document) => movesOf(document, 1),
  toRow(document) {
    const { kind, lines, status, ts } = document;
    const { id, name } = kind.supplier ?? usual;
    const head = headOf(document);
    return {
      ...head,
      wh_id: String(head.wh_id),
      ts,
      type: '采购入库',
      po_id: document.io_id + 1_000_000,
      supplier_id: id,
      supplier_name: name,
      tax_rate: 13,
      archived: String(status === 'Archive'),
      f_status: kind.priced === false ? 'WaitConfirm' : 'Confirmed',
      items: lines.map((line, place) => ({
        ...itemOf(document, line, place),
        unit: '件',
        ...costOf(line),
        ...(place === 1 ? { tax_rate: 9 } : {}),
        remark: '',
        batch_no: lotOf(document, line)?.number ?? '',
      })),
      batchs: batchsOf(document),
    };
  },
});
