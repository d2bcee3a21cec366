import { courtesies, type Intent } from '../intents/intent.ts';
import type { Stretch } from './parts.ts';
import { has, type Piece } from './piece.ts';

const slotOf: Partial<Record<Piece['kind'], readonly string[]>> = {
  time: ['start', 'schedule'],
  schedule: ['schedule'],
  duration: ['duration'],
  order: ['orders'],
  code: ['sku', 'customer', 'source', 'target'],
  field: ['field', 'sourceField'],
  number: ['source', 'target', 'value'],
  shop: ['shop', 'source'],
  warehouse: ['warehouse', 'source'],
  person: ['person'],
};

/** Whether an intent takes up what a piece says; `filled` are the pieces a slot was read from. */
function isRead(piece: Piece, intent: Intent, filled: ReadonlySet<Piece>, plain: boolean): boolean {
  if (filled.has(piece)) return true;
  if (piece.kind === 'unknown') return /^[\s\p{P}\p{S}]*$/u.test(piece.value);
  if (piece.kind !== 'word') return (slotOf[piece.kind] ?? []).some((slot) => intent.slots?.includes(slot));
  const families = [...courtesies, ...(intent.reads ?? [])];
  const taken = (concept: string): boolean =>
    families.some((family) => concept === family || concept.startsWith(`${family}.`));
  // 「撤了」 is no 「推了」.
  const deeds = piece.concepts.filter((concept) => concept !== 'pushed');
  if (has(piece, 'pushed')) return plain && (deeds.length === 0 || deeds.some(taken));
  return piece.concepts.some(taken);
}

/** 「8号到的订单」: half a range, whose end was not heard. */
const isHalf = (pieces: readonly Piece[], at: number): boolean =>
  /^[到至]$/.test(pieces[at]?.value ?? '') &&
  pieces[at - 1]?.kind === 'time' &&
  (pieces[at + 1] === undefined || has(pieces[at + 1], 'particle') || has(pieces[at + 1], 'object'));

/** 「每天自动推的那个」: which timer is meant, by when it runs. */
const namesTimer = (pieces: readonly Piece[], at: number, { topic, slots }: Intent): boolean =>
  topic === 'schedule' &&
  !slots?.includes('schedule') &&
  pieces[at]?.kind === 'schedule' &&
  (pieces[at + 1]?.value === '的' || has(pieces[at + 1], 'timer'));

/** What narrows, takes back or puts off: a clause with any of it is no mere remark. */
const weighty = [
  'no',
  'no_thanks',
  'later',
  'if',
  'except',
  'ask',
  'these',
  'rest',
  'preview',
  'all',
  'hearsay',
  'document',
];
/** And what tells of the past, where something is to be written: 「同步昨天的，金额错了」. */
const past = ['done', 'fail'];

/**
 * Clauses that only tell why something is wanted: without a time, a number, a name, or a word that narrows. They are read as remarks,
 * and hold nothing up.
 */
export function remarks(pieces: readonly Piece[], told: readonly Stretch[], { effect }: Intent): Piece[] {
  const heavy = effect === 'writes' ? [...weighty, ...past] : weighty;
  const mended = (clause: readonly Piece[]): boolean => clause.some((piece) => has(piece, 'fixed'));
  return told
    .map(({ from, to }) => pieces.filter((piece) => piece.from >= from && piece.to <= to))
    .filter((clause) => {
      const words = clause.filter(({ value }) => !/^[,，。;；!！?？]$/.test(value));
      const ends = words.map(({ value }) => value).join('');
      return (
        !/的$|\d|[一二三四五六七八九十]+[单张条笔个]/.test(ends) &&
        words.every(
          (piece) =>
            ['word', 'unknown', 'person'].includes(piece.kind) &&
            !(mended(clause) ? weighty : heavy).some((family) => has(piece, family) && !has(piece, 'small')),
        )
      );
    })
    .flat();
}

/**
 * What of a sentence this intent does not take up, as stretches of its words: an exception, a filter, a condition, a second number, a
 * name nobody knows. A write with anything unread is asked about. `asked`: it is a request in the form of a question; `surely`: it
 * is an order beyond doubt.
 */
export function unreadOf(
  text: string,
  pieces: readonly Piece[],
  intent: Intent,
  filled: ReadonlySet<Piece>,
  asked: boolean,
  surely: boolean,
): Stretch[] {
  const unread: Stretch[] = [];
  // 「把昨天的推了」, 「撤了它」 ask for it, 「昨天的推了」 tells of it.
  const plain =
    surely ||
    /[了掉](?:它|佢|[这那](?:一|几|两|俩|\d+)?[单张条笔个批])[吧啊!！。\s]*$/.test(text) ||
    pieces.some((piece) => /^[把吧给]$/.test(piece.value) || has(piece, 'polite') || has(piece, 'haste'));
  for (const [at, piece] of pieces.entries()) {
    if (
      !isHalf(pieces, at) &&
      (isRead(piece, intent, filled, plain) || (asked && has(piece, 'ask')) || namesTimer(pieces, at, intent))
    )
      continue;
    const last = unread.at(-1);
    // What stands between two unread words belongs to what they say.
    if (last && !/[,，。;；!！?？]/.test(text.slice(last.to, piece.from)) && piece.from - last.to <= 3)
      last.to = piece.to;
    else unread.push({ from: piece.from, to: piece.to });
  }
  return unread;
}
