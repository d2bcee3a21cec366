import { toWall } from '../../../shanghai.ts';
import { type Shop, trouble, zones } from '../../shop.ts';
import {
  asked,
  batchOf,
  batchsOf,
  costOf,
  headOf,
  itemOf,
  type Kind,
  type Movement,
  movementsOfDay,
  movesOf,
} from '../movements.ts';
import type { Stream } from '../stream.ts';

interface Other extends Kind {
  type: '其它进仓' | '其它出库' | '其它退货';
  /** 出库类型 */
  reason?: string;
}

const digit = 4;
const kinds: readonly Other[] = [
  { type: '其它进仓', reason: '样品归还' },
  { type: '其它出库', reason: '市场领用' },
  { type: '其它退货', reason: '领用退回' },
  { type: '其它进仓', zone: zones.defective, reason: '样品归还' },
  { type: '其它出库', reason: '没对照的类型' },
  { type: '其它进仓', status: 'WaitConfirm', reason: '样品归还' },
  { type: '其它出库', status: 'Cancelled', reason: '市场领用' },
  { type: '其它进仓', foreign: true, reason: '' },
  { type: '其它出库', foreign: true, reason: '' },
  { type: '其它进仓', reason: '样品归还', first: { qty: 0 } },
  { type: '其它出库', reason: '市场领用', first: { good: trouble.outOfStock, qty: 2 } },
  { type: '其它进仓', reason: '样品归还', first: { good: trouble.missing } },
];

/** 其它出入库; what was put in from outside carries that number as so_id. */
export const otherInOut = (shop: Shop): Stream<Movement<Other>> => ({
  ...asked(digit),
  name: 'other-in-out',
  called: { open: '/open/other/inout/query' },
  byIoDate: '2',
  followed: 'start_ts',
  filters: {
    types: { of: ({ kind }) => kind.type },
    status: { of: ({ status }) => status },
    wms_co_id: { of: ({ warehouse }) => String(warehouse.id) },
  },
  ofDay: (day) => movementsOfDay(day, shop, digit, kinds),
  moves: (document) => movesOf(document, document.kind.type === '其它出库' ? -1 : 1),
  toRow: (document) => ({
    ...headOf(document),
    ts: document.ts,
    type: document.kind.type,
    drop_co_name: document.kind.reason ?? '',
    inout_user: '',
    f_status: 'Confirmed',
    created: toWall(document.ioDate - 600_000),
    items: document.lines.map((line, place) => ({
      ...itemOf(document, line, place),
      unit: '件',
      ...costOf(line),
      sale_price: line.good.price / 100,
      sale_amount: (line.good.price * line.qty) / 100,
      remark: '',
      ...batchOf(document, line),
    })),
    batchs: batchsOf(document),
  }),
});
