import { type Shop, suppliers, trouble, zones } from '../../shop.ts';
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

interface Returned extends Kind {
  seller?: number;
}

const digit = 3;
const kinds: readonly Returned[] = [
  {},
  { seller: suppliers[1].id },
  { zone: zones.defective, remark: '次品退厂' },
  { status: 'WaitConfirm' },
  { status: 'Cancelled' },
  { status: 'Archive' },
  { seller: 30_099 },
  { first: { qty: 0 } },
  { first: { good: trouble.outOfStock, qty: 2 } },
];

/** 采购退货 */
export const purchaseOut = (shop: Shop): Stream<Movement<Returned>> => ({
  ...asked(digit),
  name: 'purchase-out',
  called: { open: '/open/purchaseout/query' },
  byIoDate: '2',
  filters: { status: { of: ({ status }) => status } },
  ofDay: (day) => movementsOfDay(day, shop, digit, kinds),
  moves: (document) => movesOf(document, -1),
  toRow: (document) => ({
    ...headOf(document),
    wms_co_id: String(document.warehouse.id),
    seller_id: document.kind.seller ?? suppliers[0].id,
    po_id: document.io_id + 1_000_000,
    archived: String(document.status === 'Archive'),
    f_status: 'Confirmed',
    free_amount: 0,
    items: document.lines.map((line, place) => ({
      ...itemOf(document, line, place),
      ...costOf(line),
      tax_rate: 13,
      remark: '',
      batch_no: lotOf(document, line)?.number ?? '',
    })),
    batchs: batchsOf(document),
  }),
});
