import { type Shop, trouble, zones } from '../../shop.ts';
import {
  asked,
  batchOf,
  batchsOf,
  headOf,
  itemOf,
  type Kind,
  type Movement,
  movementsOfDay,
  movesOf,
} from '../movements.ts';
import type { Stream } from '../stream.ts';

interface Count extends Kind {
  /** Which way the lines differ, in turn: more, fewer or as many as there should be. */
  differs: readonly (1 | -1 | 0)[];
}

const digit = 5;
const kinds: readonly Count[] = [
  { differs: [1] },
  { differs: [-1] },
  { differs: [1, -1] },
  { differs: [0] },
  { differs: [1, 0, -1], zone: zones.defective },
  { differs: [1, -1], status: 'WaitConfirm' },
  { differs: [-1], status: 'Cancelled' },
  { differs: [-1], first: { good: trouble.outOfStock, qty: 2 } },
  { differs: [1], first: { good: trouble.missing } },
];

/** 盘点: `r_qty` is what was counted, `qty` by how much that is more than there should be. */
export const counts = (shop: Shop): Stream<Movement<Count>> => ({
  ...asked(digit),
  name: 'counts',
  called: { open: '/open/inventory/count/query' },
  filters: { status: { of: ({ status }) => status } },
  ofDay: (day) => movementsOfDay(day, shop, digit, kinds),
  moves: (document) =>
    movesOf(document, 1).map((move, place) => ({ ...move, quantity: move.quantity * wayOf(document, place) })),
  toRow: (document) => ({
    ...headOf(document),
    type: '盘点',
    f_status: 'Confirmed',
    items: document.lines.map((line, place) => {
      const qty = line.qty * wayOf(document, place);
      return { ...itemOf(document, line, place), qty, r_qty: 30 + qty, ...batchOf(document, line) };
    }),
    batchs: batchsOf(document),
  }),
});

const wayOf = ({ kind: { differs } }: Movement<Count>, place: number): number => differs[place % differs.length] ?? 0;
