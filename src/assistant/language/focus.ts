import { intentNamed, intents } from '../intents/index.ts';
import { changes } from '../intents/intent.ts';
import { type DialogueState, refuses } from './dialogue.ts';
import { has, type Piece } from './piece.ts';
import type { Scores } from './scorer.ts';
import type { Slots } from './slots.ts';
import { ordinal, tried, wordsOf } from './spoken-of.ts';
import type { TimeReading } from './time/read.ts';

/** A part with what of it was read. */
interface Said {
  pieces: readonly Piece[];
  scores: Scores;
  /** Filled from what was said before where it is left out. */
  slots: Slots;
  time: TimeReading;
}

interface Meant {
  intent: string;
  /** Something of it is taken from what was said before; `goesOn`: the intent itself. */
  inferred: boolean;
  goesOn: boolean;
}

/** What a part means after what was said before, by the intent it has by itself. */
export function meant(intent: string, { pieces, scores, slots, time }: Said, state: DialogueState): Meant {
  const { last } = state;
  const found = (name: string, inferred: boolean): Meant => ({ intent: name, inferred, goesOn: false });
  // 「现在呢」, 「261123018 还在金蝶里吗」 after a deed ask how it stands, and for nothing to be done again.
  if (last && changes(intentNamed(last.intent)) && asksHowItStands(intent, pieces, scores)) {
    const orders = slots.orders ?? last.slots.orders;
    if (!orders) return found('run_status', true);
    slots.orders = orders;
    return found('order_status', true);
  }
  const { pages, about } = listOf(intent, pieces, slots, last?.intent ?? '');
  if (pages && lists.includes(about)) {
    Object.assign(slots, { ...last?.slots, more: true });
    return found(about, true);
  }
  if (intent === 'list_failures' && slots.errorKind && last && isSlice(pieces)) {
    Object.assign(slots, { ...kept(last.slots, slots, pieces), ...slots });
    return found('list_orders', true);
  }
  if (onAgain(intent, pieces, scores, slots, state) && last) {
    // 「改成到1月3号」 moves the end of what was asked for.
    const { asked: until } = time;
    if (time.ask === 'open_start' && until && last.slots.start)
      Object.assign(slots, { start: last.slots.start, end: until.end });
    Object.assign(slots, { ...kept(last.slots, slots, pieces), ...slots });
    // Orders that were listed can be figured, too: 「按店铺呢」.
    const figured = last.intent === 'list_orders' && pieces.some((piece) => has(piece, 'group'));
    return { intent: figured ? 'report' : last.intent, inferred: true, goesOn: true };
  }
  // A field as the two systems spell it is only ever asked about.
  const field = pieces.some(({ kind }) => kind === 'field');
  if (field && scores.intents.slice(0, 3).some(({ name }) => name === 'explain_mapping'))
    return found('explain_mapping', false);
  if (intent === 'export' && lists.includes(about)) {
    slots.file = true;
    return found(about, true);
  }
  if (asksWhy(pieces) && ['run_status', 'report', 'list_runs', 'sync', 'retry'].includes(last?.intent ?? '')) {
    const { start, end } = last?.slots ?? {};
    Object.assign(slots, start && end ? { start, end } : {});
    return found('list_failures', true);
  }
  // 「第一张」 after it was asked which of them is meant.
  const place = ordinal(wordsOf(pieces), state.orders.length);
  if (place !== null && last && intent === 'choose' && asksWhich(last)) {
    slots.orders = state.orders.slice(place, place + 1);
    return found(last.intent, true);
  }
  // 「剩下的也推了吧」 asks for no page.
  if (intent === 'more' && pieces.some((piece) => has(piece, 'push') || has(piece, 'again')))
    return found('retry', true);
  if (ofOne(intent, pieces, slots, place, state)) {
    slots.orders = place === null ? [...state.orders] : state.orders.slice(place, place + 1);
    return found('order_status', true);
  }
  if (last && intent === 'move_date' && time.clocked && intents.get(last.intent)?.topic === 'schedule')
    return found('set_schedule', true);
  const again = place === null ? tried(intent, pieces, slots, state) : null;
  if (again) {
    Object.assign(slots, again);
    return found('retry', intent === 'sync' || Object.keys(again).length > 0);
  }
  // What failed can only be tried again.
  const failed = slots.errorKind ?? pieces.some(({ value }) => /^(?:失败|报错|出错)/.test(value));
  if (intent === 'sync' && failed && !slots.start && !slots.orders) return found('retry', false);
  return found(misreads(intent, pieces, state) ? 'misread' : intent, false);
}

function asksHowItStands(intent: string, pieces: readonly Piece[], { acts }: Scores): boolean {
  const names = (family: string): boolean => pieces.some((piece) => has(piece, family));
  const told =
    names('push') || names('again') || names('undo') || names('preview') || names('howmany') || names('which');
  if (told || !['follow_up', 'run_status', 'order_status', 'knowledge'].includes(intent)) return false;
  const now = pieces.some(({ value }) => /^(?:现在|目前|如今|眼下|还在|而家)$/.test(value));
  return now || (acts[0]?.name === 'question' && (names('result') || names('ask') || names('progress')));
}

/** Whether it was a change of which it was not said to what. */
const asksWhich = ({ intent, slots }: { intent: string; slots: Slots }): boolean => {
  const record = intentNamed(intent);
  return changes(record) && record.slots?.includes('orders') === true && !slots.orders;
};

/** With nothing open to refuse, it is the reading before that is wrong. */
const misreads = (intent: string, pieces: readonly Piece[], { question, last }: DialogueState): boolean =>
  intent === 'reject' && !question && last !== null && pieces.some(({ value }) => value === '不对');

const onAgain = (
  intent: string,
  pieces: readonly Piece[],
  scores: Scores,
  slots: Slots,
  state: DialogueState,
): boolean =>
  (Object.keys(slots).length === 0 && saysAgain(pieces, scores, state)) ||
  (goesOn(misreads(intent, pieces, state) ? 'misread' : intent, pieces, slots) && !standsAlone(intent, pieces, scores));

/** 「前天有哪些单」 is asked anew, whatever was spoken of. */
const standsAlone = (intent: string, pieces: readonly Piece[], { intents: [top] }: Scores): boolean =>
  intent === 'list_orders' &&
  top?.name === intent &&
  top.p >= 0.7 &&
  pieces.some((piece) => has(piece, 'which')) &&
  pieces.some((piece) => has(piece, 'object'));

/** What is neither a yes to the question that is open nor a command of its own puts it off, or refuses it; null for anything else. */
export function putOff(
  intent: string,
  pieces: readonly Piece[],
  scores: Scores,
  slots: Slots,
  state: DialogueState,
): 'put off' | 'refused' | null {
  const { question, last } = state;
  if (!question || asksAnew(intent, slots) || !(intent === 'confirm' || refuses(pieces))) return null;
  if (last && onAgain(intent, pieces, scores, slots, state)) return null;
  const refused =
    intent !== 'confirm' &&
    scores.acts[0]?.name !== 'deferral' &&
    pieces.some((piece) => !has(piece, 'later') && refuses([piece]));
  return refused ? 'refused' : 'put off';
}

/** A new command that stands by itself closes the question before it, and is no answer to it. */
const asksAnew = (intent: string, slots: Slots): boolean => {
  const record = intents.get(intent);
  if (!record || record.effect === 'talk') return false;
  return Boolean(slots.start ?? slots.orders ?? slots.shop) || record.effect === 'reads' || record.refuses === true;
};

/** 「推推推！问什么问」 says again what was asked about, and is no yes: it is asked once more. */
const saysAgain = (pieces: readonly Piece[], { acts }: Scores, { question, last }: DialogueState): boolean =>
  question !== null &&
  question.intent === last?.intent &&
  acts[0]?.name !== 'question' &&
  !refuses(pieces) &&
  intentNamed(last.intent).verbs?.some((family) =>
    pieces.some((piece) => piece.value !== '再' && has(piece, family)),
  ) === true;

/** What is answered with a list or figures that go on, and can be had as a file. */
const lists = ['list_failures', 'list_orders', 'report', 'audit_log', 'list_runs', 'master_data'];

/** Which list is to go on, or to be exported. */
function listOf(
  intent: string,
  pieces: readonly Piece[],
  slots: Slots,
  last: string,
): { pages: boolean; about: string } {
  // 「剩下的呢」 of a list is its next page.
  const rest = intent === 'follow_up' && pieces.some((piece) => has(piece, 'rest')) && Object.keys(slots).length === 0;
  const pages = (intent === 'more' || rest) && !pieces.some((piece) => has(piece, 'push') || has(piece, 'again'));
  return { pages, about: pages ? last : intent === 'export' ? exported(pieces) : '' };
}

/** What is to be exported, where it is said. */
function exported(pieces: readonly Piece[]): string {
  const names = (family: string): boolean => pieces.some((piece) => has(piece, family));
  if (names('fail') || names('category')) return 'list_failures';
  if (names('audit')) return 'audit_log';
  if (names('metric') || names('group')) return 'report';
  return names('object') ? 'list_orders' : '';
}

/** Half a sentence that goes on with the one before. */
function goesOn(intent: string, pieces: readonly Piece[], slots: Slots): boolean {
  const corrects = pieces.some((piece) => has(piece, 'correct'));
  if (intent === 'follow_up' || ((intent === 'misread' || corrects) && Object.keys(slots).length > 0)) return true;
  // 「上上周又是多少呢」
  const asked = pieces.some(({ value }) => value === '呢') ? ['howmany'] : [];
  const idle = ['small', 'polite', 'time', 'object', 'which', 'ask', 'rest', 'group', 'look', 'all', 'place', ...asked];
  const topical = pieces.some((piece) => piece.kind === 'word' && !idle.some((family) => has(piece, family)));
  return !topical && Object.keys(slots).length > 0 && !pieces.some(({ kind }) => kind === 'unknown');
}

/** 「物料不存在的那1单是哪些」 is a slice of figures, and asks for the orders behind it. */
const isSlice = (pieces: readonly Piece[]): boolean =>
  pieces.some(({ value }) => /^[这那](?:\d+|[一二两三四五六七八九十]+)[单张条笔]$/.test(value));

/** What of the turn before still holds beside what is said now. */
function kept(before: Slots, now: Slots, pieces: readonly Piece[]): Slots {
  const { orders: _orders, list: _list, dryRun: _dryRun, file: _file, more: _more, ...rest } = before;
  if (now.orders) return {};
  if (!isSlice(pieces)) return rest;
  const { shop: _shop, warehouse: _warehouse, errorKind: _kind, outcome: _outcome, ...days } = rest;
  return days;
}

/** 「为什么」 and nothing else. */
const asksWhy = (pieces: readonly Piece[]): boolean =>
  pieces.some((piece) => has(piece, 'why')) &&
  pieces.every((piece) => piece.kind === 'word' && (has(piece, 'why') || has(piece, 'small')));

/** What is asked of one document that was spoken of, and named no more. */
function ofOne(
  intent: string,
  pieces: readonly Piece[],
  slots: Slots,
  place: number | null,
  { orders, last }: DialogueState,
): boolean {
  const open = [
    'knowledge',
    'reconcile',
    'base_data',
    'run_status',
    'list_failures',
    'choose',
    'list_alerts',
    'more',
    'unknown',
    'explain_mapping',
    'follow_up',
    'smalltalk',
  ];
  if (intent === 'explain_mapping' && pieces.some((piece) => has(piece, 'field') && piece.value.length > 2))
    return false;
  const several = pieces.some((piece) => has(piece, 'which') || has(piece, 'howmany') || has(piece, 'all'));
  if (several || !open.includes(intent) || slots.orders || slots.start || slots.field || slots.sourceField)
    return false;
  if (place !== null) return true;
  // 「顾客又来催了，那单呢」
  if (orders.length > 0 && /[这那](?:一?[单张条笔个])呢[?？]?$/.test(wordsOf(pieces))) return true;
  const stands =
    pieces.length < 8 && pieces.some((piece) => has(piece, 'result') || has(piece, 'ask') || has(piece, 'progress'));
  return (
    orders.length === 1 &&
    last?.slots.orders !== undefined &&
    (['run_status', 'list_failures', 'explain_mapping'].includes(intent) ||
      (stands && ['knowledge', 'reconcile', 'base_data'].includes(intent)))
  );
}
