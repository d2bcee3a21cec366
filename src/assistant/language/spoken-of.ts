import { intentNamed } from '../intents/index.ts';
import { changes } from '../intents/intent.ts';
import { points } from './decide.ts';
import type { DialogueState } from './dialogue.ts';
import { countOf } from './numbers.ts';
import { has, type Piece } from './piece.ts';
import type { Slots } from './slots.ts';

export const wordsOf = (pieces: readonly Piece[]): string => pieces.map(({ value }) => value).join('');

/** What says which of all failures are meant. */
const narrows = ['orders', 'start', 'end', 'shop', 'warehouse', 'errorKind', 'excludeErrorKind', 'document'] as const;

/**
 * What is tried again where it is left out: the one that was spoken of (「改好了，再来」), or what was listed as failed (「那推一下」,
 * 「物料不存在的先重推」 of the days that were listed). Null where something else is meant.
 */
export function tried(
  intent: string,
  pieces: readonly Piece[],
  slots: Slots,
  { last, orders }: DialogueState,
): Slots | null {
  if (!last || slots.orders || slots.start || slots.all || slots.dryRun || !['retry', 'sync'].includes(intent))
    return null;
  const bare = !narrows.some((name) => slots[name] !== undefined);
  // After a deed of its own 「重试」 is of everything again.
  const spoken = !changes(intentNamed(last.intent)) || points(pieces);
  if (last.slots.orders && orders.length > 0)
    return intent === 'retry' && bare && spoken ? { orders: [...orders] } : null;
  // 「这三单再推一次」 after three were listed.
  const count = countOf(
    /^[这那](\d+|[一两二俩三四五六七八九十])[单张条笔个]$/.exec(pieces.find(isThese)?.value ?? '')?.[1] ?? '',
  );
  if (bare && count > 0 && count === orders.length) return { orders: [...orders] };
  if (last.intent !== 'list_failures' || (intent === 'sync' && !(bare && orders.length === 0))) return null;
  return Object.fromEntries(
    narrows.flatMap((name) => (last.slots[name] && slots[name] === undefined ? [[name, last.slots[name]]] : [])),
  );
}

const isThese = (piece: Piece): boolean => has(piece, 'these');

/** What is answered with figures of a range that stays spoken of. */
const figures = ['report', 'list_orders', 'reconcile', 'month_end', 'unsynced_days', 'list_failures'];

/** Fills what a sentence points at from what was spoken of; tells whether it did. */
export function pointed(
  intent: string,
  pieces: readonly Piece[],
  slots: Slots,
  { orders, last, shop }: DialogueState,
): boolean {
  const record = intentNamed(intent);
  const takes = record.slots ?? [];
  const words = wordsOf(pieces);
  if (intent === 'set_master_data' && slots.source && !slots.target && shop && slots.source !== shop) {
    // 「对应C1017」 after a shop was spoken of.
    Object.assign(slots, { target: slots.source, source: shop, shop, customer: slots.source });
    return true;
  }
  // 「它昨天的单」 is of the shop that was spoken of.
  const its = pieces.some(
    (piece, at) =>
      /^(?:它|佢|其|这家|该店)$/.test(piece.value) &&
      (pieces[at + 1]?.kind === 'time' || has(pieces[at + 1], 'object') || has(pieces[at + 1], 'map')),
  );
  if (its && !slots.shop && takes.includes('shop')) {
    if (shop) slots.shop = shop;
    return true;
  }
  if (intent === 'explain_mapping' && !slots.field && !slots.sourceField && last?.slots.field && points(pieces)) {
    slots.field = last.slots.field;
    return true;
  }
  // 「几点钟推进去的」, 「谁推的」, 「记账日期给它改到10月8号」 of the one that was spoken of.
  const one = last?.slots.orders !== undefined && orders.length > 0 && !slots.orders && !slots.person;
  const ofIt =
    intent === 'order_status' || (intent === 'audit_log' && !slots.start) || (intent === 'move_date' && points(pieces));
  if (one && ofIt && takes.includes('orders')) {
    slots.orders = [...orders];
    return true;
  }
  if (slots.orders || slots.start) return false;
  // 「哪个店最多」 after 「双十一多少单」 is of that day, too.
  if (
    ['report', 'reconcile'].includes(intent) &&
    figures.includes(last?.intent ?? '') &&
    last?.slots.start &&
    last.slots.end
  ) {
    const { start, end, document } = last.slots;
    Object.assign(slots, { start, end, ...(document ? { document } : {}) });
    return true;
  }
  const place = ordinal(words, orders.length);
  const named = place === null ? someOf(words, orders) : orders.slice(place, place + 1);
  const bare = changes(record) && record.needs !== undefined;
  const behind = !changes(record) && (intent === 'list_orders' || /\d+[单笔条]|其中|里面/.test(words));
  if (!(points(pieces) || bare || behind || place !== null)) return false;
  if (takes.includes('orders') && named.length > 0) {
    slots.orders = [...named];
    return true;
  }
  const { start, end } = last?.slots ?? {};
  if (!takes.includes('start') || !start || !end) return false;
  // 「杭州仓昨天多少单」 … 「都同步过去」 is of that warehouse.
  const where = (['shop', 'warehouse', 'excludeShop', 'document'] as const).filter(
    (name) => takes.includes(name) && last?.slots[name],
  );
  Object.assign(slots, { ...Object.fromEntries(where.map((name) => [name, last?.slots[name]])), ...slots, start, end });
  return true;
}

/** 「前两单」, 「最后三张」 of those that were listed; all of them where nothing is said. */
function someOf(words: string, orders: readonly string[]): readonly string[] {
  const [, side = '', said = ''] = /(前|头|后|最后)([一两二俩三四五六七八九十]|\d{1,2})[单张条笔个]/.exec(words) ?? [];
  const count = countOf(said);
  if (side === '' || count === 0) return orders;
  return side.endsWith('后') ? orders.slice(-count) : orders.slice(0, count);
}

/** 「第二张」, 「最后那条」 as a place in a list of so many; null where no place is named that the list has. */
export function ordinal(words: string, length: number): number | null {
  if (length === 0) return null;
  if (/最(?:后|下面)(?:那|一|的)*[个张单条笔]|last one/.test(words)) return length - 1;
  if (/最上面(?:那|一|的)*[个张单条笔]/.test(words)) return 0;
  if (length === 2 && /[后下]面?(?:那|这)[个张单条笔]|后者/.test(words)) return 1;
  if (length === 2 && /[前上]面?(?:那|这)[个张单条笔]|前者/.test(words)) return 0;
  const said = /第([一二三四五六七八九十]|\d{1,2})(?![类种周季天])/.exec(words)?.[1];
  if (!said) return null;
  const place = countOf(said) - 1;
  return place >= 0 && place < length ? place : null;
}
