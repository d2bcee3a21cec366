import { intentNamed } from '../intents/index.ts';
import { changes } from '../intents/intent.ts';
import { reasonsOf } from './asides.ts';
import { type DialogueState, isYes } from './dialogue.ts';
import { normalise } from './normalise.ts';
import { readPart, type Setting } from './part.ts';
import { hasAsked, type Part, partsOf, type Stretch, takenBack } from './parts.ts';
import { has, type Piece } from './piece.ts';
import { readPieces } from './pieces.ts';
import type { Slots } from './slots.ts';
import type { Understanding } from './understanding.ts';

/** One message as what it asks for, part by part. */
export function readSentence(text: string, state: DialogueState, setting: Setting): Understanding {
  const plain = normalise(text);
  if (/^[1-9]$/.test(plain))
    return { ...nothing(plain, 'a place'), intent: 'choose', slots: { top: Number(plain) }, action: 'reply' };
  // Numbers with nothing between them cannot be told apart.
  if (/\d{41}/.test(plain)) return { ...nothing(plain, 'run together'), ask: 'run_together' };
  const all = readPieces(plain, setting.now, setting.names);
  if (isYes(all.pieces, state.question)) {
    const yes = whole(plain, all.pieces, setting, 'a yes');
    if (state.question) return { ...yes, intent: 'confirm', action: 'confirm' };
    if (all.pieces.some((piece) => has(piece, 'yes')))
      return { ...yes, intent: 'confirm', action: 'clarify', ask: 'nothing_open' };
  }
  if (takenBack(all.pieces) && (state.question || !stops(plain, all.pieces, setting)))
    return {
      ...whole(plain, all.pieces, setting, 'taken back'),
      intent: state.question ? 'reject' : 'none',
      action: 'none',
    };
  const reasons = state.question ? [] : reasonsOf(plain, all.pieces, setting.asides);
  const said = reasons.length > 0 ? without(plain, reasons) : plain;
  const read = reasons.length > 0 ? readPieces(said, setting.now, setting.names) : all;
  const beside = reasons.length > 0 ? setting.scorer.clause(plain, all.pieces).acts : null;
  const parts = partsOf(said, read.pieces, setting.scorer);
  const [first, ...others] = parts.map((part) => {
    if (part.pieces.length === read.pieces.length) return readPart(said, part, read.time, state, setting, beside);
    // Times of a part are read without those of the others, at the same places.
    const words = onlyOf(said, part.clauses);
    const again = readPieces(words, setting.now, setting.names);
    return readPart(words, { ...part, pieces: again.pieces }, again.time, state, setting, beside);
  });
  const also = others.filter(({ intent }) => !['unknown', 'smalltalk', 'follow_up'].includes(intent));
  const [one, ...rest] = together(inherited([first as Understanding, ...also]));
  return rest.length > 0 ? { ...(one as Understanding), also: rest } : (one as Understanding);
}

/** 「停，停停停」 takes nothing back where it is a command itself. */
const stops = (text: string, pieces: readonly Piece[], { scorer }: Setting): boolean => {
  const [top] = scorer.clause(text, pieces).intents;
  const record = intentNamed(top?.name ?? '');
  return changes(record) && record.refuses === true && (top?.p ?? 0) >= 0.6;
};

const nothing = (text: string, rule: string): Understanding => ({
  intent: 'unknown',
  slots: {},
  action: 'clarify',
  why: { text, pieces: [], intents: [], acts: [], rule },
});

/** Slots that say which documents are meant. */
const narrowing = ['orders', 'start', 'shop', 'warehouse', 'errorKind'] as const;

/** A command that says of nothing in particular means what the part before it was about: 「261125027 失败了，重试」. */
function inherited(parts: Understanding[]): Understanding[] {
  let about: Slots = {};
  return parts.map((part, at) => {
    const { slots } = part;
    const record = intentNamed(part.intent);
    const narrow = narrowing.some((name) => slots[name] !== undefined);
    const meant =
      !narrow &&
      changes(record) &&
      (part.action === 'run'
        ? record.needs === undefined
        : part.ask === 'range_missing' || part.ask === 'orders_missing') &&
      record.slots?.includes('orders');
    const taken = Object.fromEntries(Object.entries(about).filter(([name]) => record.slots?.includes(name)));
    if (narrow) about = slots;
    if (meant && part.action === 'run' && at > 0 && Object.keys(taken).length === 0)
      return { ...part, action: 'confirm' as const };
    return meant && Object.keys(taken).length > 0
      ? { ...withoutAsk(part), slots: { ...taken, ...slots }, action: 'confirm' as const }
      : part;
  });
}

const withoutAsk = ({ ask: _ask, ...part }: Understanding): Understanding => part;

/** What takes a part out, puts it off, or names another document. */
const narrows = (piece: Piece): boolean =>
  ['except', 'if', 'later', 'no'].some((family) => has(piece, family)) ||
  piece.concepts.some((concept) => concept.startsWith('document.') && concept !== 'document.saleout');

/** 「昨天的推一下，客户备注加急那种」: what would be answered and was not asked narrows the rest rather. */
const unasked = (intent: string, pieces: readonly Piece[]): boolean =>
  intentNamed(intent).effect === 'reads' && !['watch', 'run_status'].includes(intent) && !hasAsked({ pieces });

/** Of several parts none is carried out at once beside one that could not be read: it may have been a part of the other. */
function together(parts: Understanding[]): Understanding[] {
  const loose = parts.filter(
    ({ intent, action, why }) => action === 'clarify' || why.pieces.some(narrows) || unasked(intent, why.pieces),
  );
  return parts.map((part) =>
    part.action === 'run' && loose.some((other) => other !== part)
      ? {
          ...part,
          action: 'confirm',
          ask: 'unread',
          unread: loose.filter((other) => other !== part).map(({ why }) => why.text),
        }
      : part,
  );
}

/** A text without these stretches, everything else where it stands. */
const without = (text: string, stretches: readonly Stretch[]): string =>
  stretches.reduce((left, { from, to }) => left.slice(0, from) + ' '.repeat(to - from) + left.slice(to), text);

/** A text with nothing but these clauses in it, each where it stands. */
function onlyOf(text: string, clauses: readonly (readonly Piece[])[]): string {
  let only = ' '.repeat(text.length);
  for (const pieces of clauses) {
    const [from, to] = [pieces[0]?.from ?? 0, pieces.at(-1)?.to ?? 0];
    only = only.slice(0, from) + text.slice(from, to) + only.slice(to);
  }
  return only;
}

function whole(text: string, pieces: readonly Piece[], { scorer }: Setting, rule: string): Understanding {
  const [{ scores }] = partsOf(text, pieces, scorer) as [Part];
  return { intent: 'unknown', slots: {}, action: 'clarify', why: { text, pieces, ...scores, rule } };
}
