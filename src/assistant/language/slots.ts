import { membersOf } from './lexicon.ts';
import { has, type Piece } from './piece.ts';
import type { Pieces } from './pieces.ts';

/** What a sentence says beside what it is about. Times are ISO with +08:00, half-open; numbers of documents are strings. */
export interface Slots {
  start?: string;
  end?: string;
  shop?: string;
  excludeShop?: string;
  /** A warehouse's name or number. */
  warehouse?: string;
  sku?: string;
  customer?: string;
  orders?: string[];
  /** What is taken out is written anew. */
  again?: boolean;
  errorKind?: string;
  excludeErrorKind?: string;
  field?: string;
  sourceField?: string;
  value?: string;
  dryRun?: boolean;
  all?: boolean;
  groupBy?: string;
  top?: number;
  /** The documents behind a report's figures instead of the figures; `outcome` narrows them. */
  list?: boolean;
  outcome?: 'written' | 'cancelled' | 'withdrawn' | 'unaudited';
  /** Which part of the figures is asked for: what has got into the target, stands there unaudited, was taken out, was cancelled. */
  metric?: NonNullable<Slots['outcome']>;
  entity?: string;
  /** The code of a shop, a warehouse or a SKU, and what it is to be in the target. */
  source?: string;
  target?: string;
  direction?: 'reverse';
  duration?: string;
  until?: string;
  schedule?: { every?: string; at?: string; weekday?: number; day?: number };
  /** The id of a pipeline, where another document than sales-out is named. */
  document?: string;
  /** As people call one another: 「小李」, 「王姐」, a full name, 「我」. */
  person?: string;
  /** An interface by its name. */
  api?: string;
  /** As a file. */
  file?: boolean;
  /** The next page of it. */
  more?: boolean;
  /** Which deeds are asked about: `sync`, `undo`, `map`. */
  what?: string;
  /** One of them in full instead of the list: how a run went, how a pipeline is set. */
  detail?: boolean;
}

const categories = membersOf('category');

/** Slots, and the pieces they were read from with the names of those slots. */
interface Filled {
  slots: Slots;
  from: Map<Piece, string[]>;
}

const memberOf = (piece: Piece, family: string): string | undefined =>
  piece.concepts.find((concept) => concept.startsWith(`${family}.`))?.slice(family.length + 1);

const ends = (piece: Piece | undefined): boolean => piece === undefined || /^[,，。;；!！?？]$/.test(piece.value);

/** Everything that stands in a sentence whatever it is about. */
export function readSlots({ pieces, time }: Pieces): Filled {
  const slots: Slots = {};
  const from = new Map<Piece, string[]>();
  const fill = (of: readonly Piece[], more: Partial<Slots>): void => {
    Object.assign(slots, more);
    for (const piece of of) from.set(piece, [...(from.get(piece) ?? []), ...Object.keys(more)]);
  };
  const kind = (name: Piece['kind']): Piece[] => pieces.filter((piece) => piece.kind === name);
  if (time.range) fill(kind('time'), { start: time.range.start, end: time.range.end });
  // 「除77003412外」, 「就77003415那单别碰」, 「不是77003421」: what is left out is not what is meant.
  const orders = pieces.filter(
    (piece, at) =>
      piece.kind === 'order' && pieces[at - 1]?.value !== '不是' && (single(pieces) || leavesOut(pieces, at) === null),
  );
  if (orders.length > 0) fill(orders, { orders: [...new Set(orders.map(({ value }) => value))] });
  names(pieces, fill);
  causes(pieces, fill);
  if (reversed(pieces)) fill([], { direction: 'reverse' });
  const preview = pieces.filter((piece) => has(piece, 'preview'));
  if (preview.length > 0) fill(preview, { dryRun: true });
  return { slots, from };
}

/** From the target to the source: 「从金蝶同步到聚水潭」. */
function reversed(pieces: readonly Piece[]): boolean {
  const verb = pieces.findIndex((piece) => has(piece, 'push'));
  return (
    verb >= 0 &&
    pieces.slice(verb + 1).some(({ value }) => value.startsWith('聚水潭')) &&
    !pieces.slice(verb + 1).some(({ value }) => value.startsWith('金蝶'))
  );
}

/** With one number alone in a clause that says nothing else of what is meant, a refusal is of the deed: 「77003412先别推」. */
const single = (pieces: readonly Piece[]): boolean =>
  !pieces.some((piece) => piece.kind === 'time' || has(piece, 'all') || has(piece, 'fail') || has(piece, 'except'));

type Fill = (of: readonly Piece[], more: Partial<Slots>) => void;

/** Shops and warehouses, and those that are left out: 「除了…」 before one, 「…的不要」 after it. */
function names(pieces: readonly Piece[], fill: Fill): void {
  const wanted: Piece[] = [];
  const left: Piece[] = [];
  for (const [at, piece] of pieces.entries()) {
    if (piece.kind !== 'shop' && piece.kind !== 'warehouse') continue;
    const marks = leavesOut(pieces, at);
    if (!marks) wanted.push(piece);
    else if (piece.kind === 'shop') {
      left.push(piece);
      fill(marks, {});
    }
  }
  const shops = wanted.filter(({ kind }) => kind === 'shop');
  const houses = wanted.filter(({ kind }) => kind === 'warehouse');
  const bare = pieces.filter(({ kind }) => kind === 'number');
  if (shops.length > 0) fill(shops, { shop: together(shops) });
  else if (bare.length === 1) fill(bare, { shop: together(bare) });
  if (houses.length > 0) fill(houses, { warehouse: together(houses) });
  if (left.length > 0) fill(left, { excludeShop: together(left) });
}

const together = (pieces: readonly Piece[]): string => [...new Set(pieces.map(({ value }) => value))].join('、');

/** What is refused of one: 「别重试库存的」. */
const verbs = ['push', 'again', 'undo'];

/** The pieces that say that the one at `at` is left out; null where nothing does. */
function leavesOut(pieces: readonly Piece[], at: number): Piece[] | null {
  const before: Piece[] = [];
  for (let index = at - 1; index >= 0 && !ends(pieces[index]); index--) {
    const piece = pieces[index] as Piece;
    if (has(piece, 'except')) {
      const after = pieces.slice(at + 1).filter((one) => has(one, 'except'));
      return [piece, ...after];
    }
    if (has(piece, 'no') && before.some((one) => verbs.some((family) => has(one, family)))) return [piece, ...before];
    if (piece.kind === 'word' && !['small', 'shopend', ...verbs].some((family) => has(piece, family))) break;
    before.push(piece);
  }
  const marks: Piece[] = [];
  for (const piece of pieces.slice(at + 1)) {
    if (ends(piece)) break;
    if (['except', 'no', 'later', 'hold'].some((family) => has(piece, family))) return [...marks, piece];
    if (
      !has(piece, 'small') &&
      !has(piece, 'object') &&
      !has(piece, 'these') &&
      !has(piece, 'shopend') &&
      !has(piece, 'houseend') &&
      !has(piece, 'fail') &&
      piece.kind !== 'shop'
    )
      break;
    marks.push(piece);
  }
  return null;
}

/** 「库存的」 among failures is a shortage of it. */
export const isShortage = (piece: Piece, pieces: readonly Piece[]): boolean =>
  has(piece, 'inventory') && pieces.some((one) => has(one, 'fail') || has(one, 'again'));

/** A kind of failure that is meant, or left out. */
function causes(pieces: readonly Piece[], fill: Fill): void {
  for (const [at, piece] of pieces.entries()) {
    const lacking = lacks(pieces, at);
    const category =
      lacking ??
      memberOf(piece, 'category') ??
      (isShortage(piece, pieces) ? 'negative_stock' : undefined) ??
      // As programs name it: material_missing.
      (categories.has(piece.value) ? piece.value : undefined);
    if (!category) continue;
    const marks = leavesOut(pieces, at);
    const own = lacking ? pieces.slice(at, at + 3).filter((one) => one === piece || saysLacking(one)) : [piece];
    // 「客户没对照的」: what lacks it is no other thing.
    const thing = has(pieces[at - 1], 'entity') ? pieces.slice(at - 1, at) : [];
    const all = [...thing, ...own, ...(marks ?? [])];
    fill(all, marks ? { excludeErrorKind: category } : { errorKind: category });
    return;
  }
}

const saysLacking = ({ value }: Piece): boolean =>
  /^(?:没|没有|未|冇|不|对不上|没对上?|没对应|没配|未对|没建|不存在|找不到|没找到|缺失|查不到|未建|没维护|未维护|没录)/.test(
    value,
  );

/** 「仓库没对上」, 「客户不存在」: what of the other side is lacking. */
function lacks(pieces: readonly Piece[], at: number): string | null {
  const thing = pieces[at];
  const [next, then] = pieces.slice(at + 1);
  if (!has(thing, 'entity') || !next || !saysLacking(next)) return null;
  const words = `${next.value}${then?.value ?? ''}`;
  if (/^(?:没|没有|未|冇|不)?(?:对|配|映射|绑|挂)|对不上/.test(words)) return 'value_map_missing';
  if (!/建|存在|找|缺|查|维护|录/.test(words)) return null;
  return has(thing, 'entity.material') ? 'material_missing' : 'base_data_missing';
}
