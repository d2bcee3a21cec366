import { type Shop, warehouses, zones } from '../../shop.ts';
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

interface Move extends Kind {
  /** What becomes of the 调拨入; null = there is none yet. */
  arrives?: { status?: string; missing?: number } | null;
  /** The zone it goes to, in the same warehouse. */
  within?: number;
  /** It goes to a warehouse of the other organisation. */
  across?: true;
}

/** One half of a move: 调拨出 or 调拨入, each a document that names the other. */
interface Half extends Movement<Move> {
  side: 'out' | 'in';
  link: number | null;
}

const digit = 6;
/** The io_id of a 调拨入 is that of its 调拨出 and this. */
const toArrival = 500;
const kinds: readonly Move[] = [
  {},
  { arrives: { missing: 1 }, first: { qty: 5 } },
  { arrives: { status: 'WaitConfirm' } },
  { arrives: null },
  { status: 'Cancelled', arrives: { status: 'Cancelled' } },
  { status: 'WaitConfirm', arrives: null },
  { remark: '红冲单据' },
  { within: zones.defective },
  { across: true },
];

/** 调拨: `qty` is what was sent, `r_qty` what was counted. */
export const allocates = (shop: Shop): Stream<Half> => ({
  ...asked(digit),
  name: 'allocates',
  called: { open: '/open/allocate/query' },
  byIoDate: '2',
  filters: { type: { of: typeOf }, status: { of: ({ status }) => status } },
  ofDay: (day) => movementsOfDay(day, shop, digit, kinds).flatMap(halves),
  moves: (half) => {
    const [own] = placesOf(half);
    const moved = movesOf({ ...half, ...own }, half.side === 'out' ? -1 : 1);
    return moved.map((move, place) => ({ ...move, quantity: move.quantity - missingOf(half, place) }));
  },
  toRow(half) {
    const { link, lines } = half;
    const [own, other] = placesOf(half);
    return {
      ...headOf(half),
      labels: [],
      type: typeOf(half),
      co_id: warehouses[0].id,
      wms_co_id: own.warehouse.id,
      warehouse: own.warehouse.name,
      wh_id: own.zone,
      link_wms_co_id: other.warehouse.id,
      link_warehouse: other.warehouse.name,
      link_wh_id: other.zone,
      link_io_id: link,
      f_status: 'Confirmed',
      items: lines.map((line, place) => ({
        ...itemOf(half, line, place),
        r_qty: half.status === 'Confirmed' ? line.qty - missingOf(half, place) : 0,
        ...batchOf(half, line),
      })),
      batchs: batchsOf(half),
    };
  },
});

const typeOf = ({ side }: Half): string => (side === 'out' ? '调拨出' : '调拨入');

/** What of a line did not arrive. */
const missingOf = ({ side, kind }: Half, place: number): number =>
  side === 'in' && place === 0 ? (kind.arrives?.missing ?? 0) : 0;

function halves(move: Movement<Move>): Half[] {
  const { arrives = {} } = move.kind;
  if (!arrives) return [{ ...move, side: 'out', link: null }];
  const io_id = move.io_id + toArrival;
  const late = 1_800_000;
  const arrival = { ioDate: move.ioDate + late, modified: move.modified + late, ts: move.ts + late * 10 };
  return [
    { ...move, side: 'out', link: io_id },
    { ...move, ...arrival, io_id, status: arrives.status ?? 'Confirmed', side: 'in', link: move.io_id },
  ];
}

interface Place {
  warehouse: Movement['warehouse'];
  zone: number;
}

/** Where this half is, and where the other. */
function placesOf({ side, kind, warehouse, zone }: Half): [Place, Place] {
  const [first, second, across] = warehouses;
  const elsewhere = kind.across ? across : warehouse === first ? second : first;
  const from = { warehouse, zone };
  const to = kind.within ? { warehouse, zone: kind.within } : { warehouse: elsewhere, zone };
  return side === 'out' ? [from, to] : [to, from];
}
