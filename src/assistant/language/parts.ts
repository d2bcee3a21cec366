import { intents } from '../intents/index.ts';
import { changes } from '../intents/intent.ts';
import { has, type Piece } from './piece.ts';
import type { Act, Scorer, Scores } from './scorer.ts';
import { isShortage } from './slots.ts';
import { veto } from './veto.ts';

/** A clause with what it seems to be by itself. */
interface Clause {
  pieces: Piece[];
  scores: Scores;
}

/** From a character up to (not with) another. */
export interface Stretch {
  from: number;
  to: number;
}

const stretchOf = (pieces: readonly Piece[]): Stretch => ({ from: pieces[0]?.from ?? 0, to: pieces.at(-1)?.to ?? 0 });

/** One thing that is said: the pieces of one or several clauses. */
export interface Part {
  pieces: Piece[];
  clauses: Piece[][];
  scores: Scores;
  /** What is done with all of it, told and asked for alike; `scores` are of what is asked for. */
  acts: Scores['acts'];
  /** Clauses after it that refuse a part of it, in words: 「同步昨天的，退货的别推」. */
  refused: string[];
  /** Something of it was refused, and left out. */
  refuses: boolean;
  /** Clauses that tell and do not ask: 「K3 在维护」 beside 「先停掉定时」. */
  told: readonly Stretch[];
}

const sure = 0.55;
/** A clause that only asks for something to be told has no verb of its own to be known by. */
const surely = 0.52;
const stop = /^[,，。;；!！?？ ]$/;
const isCourtesy = (piece: Piece): boolean =>
  piece.kind === 'word' && ['polite', 'small'].some((family) => has(piece, family));
const joints = new Set(['然后', '接着', '顺便', '同时', '另外', '对了', 'then']);

/**
 * The things a sentence says one after the other. A clause begins a part of its own when it asks for something by itself, and for
 * something else than the part before it; a clause that only tells (「77003412失败了，重试下」) belongs to the one that asks.
 */
export function partsOf(text: string, pieces: readonly Piece[], scorer: Scorer): Part[] {
  const score = (of: readonly Piece[]): Scores => scorer.clause(text, of);
  const made = (said: readonly Piece[], clauses: Piece[][], of: readonly Piece[] = said): Part => {
    const scores = score(of);
    return { pieces: [...said], clauses, scores, acts: scores.acts, refused: [], refuses: false, told: [] };
  };
  const whole = (of: readonly Piece[]): Part => made(pieces, [[...pieces]], of);
  const stretches = clausesOf(pieces).map((of, at) => (at === 0 ? of : withoutJoint(of)));
  if (stretches.length < 2) return [whole(pieces)];
  const clauses = stretches.map((of): Clause => ({ pieces: [...of], scores: score(of) }));
  const parts: Clause[][] = [];
  let open: Clause[] = [];
  const commanded = clauses.filter((clause) => asks(clause) && !isRead(clause));
  // A day or a number of its own is only told of before a command that has none.
  const tells = (clause: Clause, command: Clause): boolean =>
    !dated(clause) || (clauses.indexOf(clause) < clauses.indexOf(command) && !dated(command));
  const asking = clauses.filter(
    (clause, at) =>
      asks(clause) &&
      !(isTopic(clause) && clauses.slice(at + 1).some(asks)) &&
      !(isRead(clause) && !asksOutright(clause) && commanded.some((command) => tells(clause, command))),
  );
  for (const clause of clauses) {
    const before = open.find((one) => asking.includes(one));
    if (before && asking.includes(clause) && !isSame(before, clause)) {
      parts.push(open);
      open = [];
    }
    open.push(clause);
  }
  parts.push(open);
  if (parts.length === 1) {
    // 「谢谢，那跟上周比呢」
    const meaning = stretches.filter((of) => !of.every(isCourtesy));
    const said = whole(meaning.length > 0 && meaning.length < stretches.length ? meaning.flat() : pieces);
    return [asCommanded(clauses, withoutRefused(text, clauses, { ...said, told: toldOf(clauses) }, score))];
  }
  return parts.map((of) => {
    const part = made(
      of.flatMap((clause) => clause.pieces),
      of.map((clause) => clause.pieces),
    );
    return asCommanded(of, withoutRefused(text, of, { ...part, told: toldOf(of) }, score));
  });
}

/** The same deed: 「那整一下，重新推」 syncs and tries again one thing, 「同步昨天的，重试失败的」 are two. */
function isSame(before: Clause, clause: Clause): boolean {
  const [first, then] = [topOf(before), topOf(clause)];
  const both = ['sync', 'retry'];
  return first === then || (both.includes(first) && both.includes(then) && !(says(before) && says(clause)));
}

const says = (clause: Clause): boolean =>
  dated(clause) || excepts(clause) || clause.pieces.some((piece) => has(piece, 'fail'));

/** What is done with a sentence of several clauses is what the clause that asks does; the others only say of what, and why. */
function asCommanded(clauses: readonly Clause[], part: Part): Part {
  const asking = clauses.filter((clause) => asks(clause) && !refuses(clause));
  // 「10月的还没进去，补一下吧」
  const deeds = clauses.filter(
    (clause) => (is(clause, 'order') || is(clause, 'request')) && clause.pieces.some(isDeed) && !refuses(clause),
  );
  const commands = asking.length > 0 ? asking : deeds.slice(-1);
  // 「到底推不推啊，给我推」
  const command = commands.find((clause) => !is(clause, 'question')) ?? commands[0];
  return command ? { ...part, scores: { ...part.scores, acts: command.scores.acts } } : part;
}

/**
 * Clauses that refuse something are left out where another says what is wanted: what is refused is not what is asked for. One that
 * comes after the command narrows it, and is kept for the question. A shop or a cause that is refused is an exception, read as one.
 */
function withoutRefused(
  text: string,
  clauses: readonly Clause[],
  part: Part,
  score: (of: readonly Piece[]) => Scores,
): Part {
  const command = clauses.findIndex((clause) => asks(clause) && !refuses(clause) && !isOwn(clause));
  const asked = clauses[command];
  if (!asked) return part;
  const others = (clause: Clause): boolean =>
    clauses.some((other) => !refuses(other) && dated(other) && other !== clause);
  // 「先别弹告警了，静音两小时」 says one thing twice, and 「不用确认」 refuses nothing.
  const same = intents.get(topOf(asked));
  const narrowed = asked.pieces.some((piece) => piece.kind !== 'word' && piece.kind !== 'unknown');
  const idle = (clause: Clause): boolean =>
    clause.pieces.every(isCourtesy) ||
    (narrowed && leavesRest(clause.pieces)) ||
    (same?.refuses === true && changes(same) && topOf(clause) === same.name && veto(clause.pieces, same) === null);
  const refused = clauses.filter(
    (clause) => refuses(clause) && !idle(clause) && (dated(clause) ? others(clause) : !excepts(clause)),
  );
  if (refused.length === 0) return part;
  const kept = clauses.filter((clause) => !refused.includes(clause)).map((clause) => clause.pieces);
  const pieces = kept.flat();
  // What says nothing of when, and is about the same thing, narrows it wherever it stands.
  const after = refused.filter(
    (clause) => clauses.indexOf(clause) > command || (!dated(clause) && topOf(clause) === topOf(asked)),
  );
  return {
    ...part,
    pieces,
    refuses: true,
    clauses: kept,
    scores: score(pieces),
    refused: after.map((clause) => wordsOf(text, clause.pieces)),
  };
}

/** 「其他店不用」 beside what is wanted says nothing more. */
export const leavesRest = (pieces: readonly Piece[]): boolean =>
  pieces.some((piece) => has(piece, 'rest')) &&
  pieces.every(
    (piece) =>
      /^[动管急]$/.test(piece.value) ||
      ['rest', 'no', 'no_thanks', 'hold', 'later', 'small', 'object', 'entity', 'shopend', 'houseend'].some((family) =>
        has(piece, family),
      ),
  );

/** 「你先别推，我核一下」: what the speaker is about to do. */
const isOwn = ({ pieces }: Clause): boolean =>
  /^[我咱俺]们?$/.test(pieces.find(({ value }) => value.trim() !== '')?.value ?? '') &&
  !pieces.some((piece) => has(piece, 'push'));

function refuses(clause: Clause): boolean {
  const intent = intents.get(topOf(clause));
  return is(clause, 'refusal') || (intent !== undefined && veto(clause.pieces, intent) === 'refusal');
}

const dated = ({ pieces }: Clause): boolean => pieces.some(({ kind }) => kind === 'time' || kind === 'order');
const excepts = ({ pieces }: Clause): boolean =>
  pieces.some((piece) => piece.kind === 'shop' || has(piece, 'category') || isShortage(piece, pieces));

/** Whether the last clause takes back all that was said: 「同步昨天的，算了」. */
export function takenBack(pieces: readonly Piece[]): boolean {
  const clauses = clausesOf(pieces);
  const last = clauses.at(-1) ?? [];
  const first = last.find((piece) => !has(piece, 'small'));
  return (
    clauses.length > 1 &&
    !pieces.some((piece) => has(piece, 'preview')) &&
    first !== undefined &&
    has(first, 'no_thanks') &&
    first.value !== '不' &&
    (givesUp(last) ||
      last.every(
        (piece) =>
          piece.kind === 'word' &&
          ['no_thanks', 'no', 'small', 'push', 'pushed', 'again', 'undo'].some((family) => has(piece, family)),
      ))
  );
}

/** 「算了还是等明天一起」: given up for now, and nothing else is asked for. */
const givesUp = (clause: readonly Piece[]): boolean =>
  clause.some(({ value }) => /^(?:算|罢|拉倒|作罢|免)/.test(value)) &&
  clause.some((piece) => has(piece, 'later')) &&
  !clause.some((piece) => ['push', 'again', 'undo', 'look'].some((family) => has(piece, family)));

/** The words of a clause without the marks around it. */
const wordsOf = (text: string, pieces: readonly Piece[]): string => {
  const { from, to } = stretchOf(pieces);
  return text.slice(from, to).replace(/^[,，。;；\s]+|[,，。;；\s]+$/g, '');
};

const topOf = ({ scores }: Clause): string => scores.intents[0]?.name ?? 'unknown';
const is = ({ scores }: Clause, act: Act): boolean => scores.acts[0]?.name === act && scores.acts[0].p >= sure;

/** Families that name a thing and ask nothing of it. */
const bare = [
  'small',
  'polite',
  'haste',
  'time',
  'object',
  'place',
  'these',
  'rest',
  'all',
  'category',
  'entity',
  'shopend',
  'houseend',
  'fixed',
];

/** Whether a clause asks for something by itself. */
function asks(clause: Clause): boolean {
  const top = clause.scores.intents[0];
  const { effect = 'talk', verbs } = intents.get(top?.name ?? '') ?? {};
  const named = clause.pieces.some((piece) =>
    verbs
      ? verbs.some((family) => has(piece, family))
      : piece.kind === 'field' || (piece.kind === 'word' && !bare.some((family) => has(piece, family))),
  );
  const least = verbs ? sure : surely;
  if (clause.pieces.some((piece) => has(piece, 'fixed'))) return false;
  // 「先预览」 says how the clause beside it is meant.
  const words = clause.pieces.filter(({ kind }) => kind !== 'unknown');
  if (words.every((piece) => has(piece, 'preview') || has(piece, 'small'))) return false;
  return (
    named &&
    effect !== 'talk' &&
    (top?.p ?? 0) >= least &&
    !clause.pieces.some((piece) => has(piece, 'except')) &&
    (is(clause, 'order') || is(clause, 'request') || is(clause, 'question'))
  );
}

const isRead = (clause: Clause): boolean => intents.get(topOf(clause))?.effect === 'reads';

/** Words of a question, and of wanting to see. */
const asked = ['ask', 'look', 'which', 'howmany', 'who', 'export', 'why'];
export const hasAsked = ({ pieces }: { pieces: readonly Piece[] }): boolean =>
  pieces.some((piece) => /[?？]/.test(piece.value) || asked.some((family) => has(piece, family)));

/** 「3月份失败的那些，」: only names what the clause beside it is about. */
function isTopic(clause: Clause): boolean {
  const last = clause.pieces.findLast(({ value }) => !stop.test(value));
  return (
    isRead(clause) &&
    (last?.value === '的' ||
      /单$/.test(last?.value ?? '') ||
      ['these', 'object'].some((family) => has(last, family))) &&
    !hasAsked(clause)
  );
}

/** Beside a command 「金蝶卡住了」 and 「昨天的没过去」 only tell why. */
const asksOutright = (clause: Clause): boolean =>
  hasAsked(clause) || named.some((family) => clause.pieces.some((piece) => has(piece, family)));
const named = ['metric', 'group', 'reconcile', 'progress', 'field', 'audit', 'whoami', 'more', 'page'];

/** Clauses that only tell something, beside at least one that does not. */
function toldOf(clauses: readonly Clause[]): Stretch[] {
  const told = clauses.filter((clause) => is(clause, 'statement') || is(clause, 'smalltalk'));
  return told.length < clauses.length ? told.map(({ pieces }) => stretchOf(pieces)) : [];
}

/** 「再看看有哪些失败」 after something else is not said a second time. */
const withoutJoint = (pieces: readonly Piece[]): readonly Piece[] =>
  pieces.length > 1 && /^(?:再|然后|接着|顺便|另外|同时|对了|then|also)$/.test(pieces[0]?.value ?? '')
    ? pieces.slice(1)
    : pieces;

/** Deeds that an English clause begins with. */
const english = ['push', 'again', 'undo', 'look', 'silence', 'stop', 'start', 'change', 'ack'];

/** What reaches over to the words behind it: 「我没让你推」, 「老板叫你推」. */
const reaching = ['no', 'no_thanks', 'later', 'if', 'hearsay', 'somebody', 'person', 'ask'];

/** Whether a clause begins inside a run of words: 「然后」, or 「你」 and 「麻烦」 before what is to be done. */
const begins = (piece: Piece, next: Piece | undefined, before: readonly Piece[]): boolean =>
  joints.has(piece.value) ||
  (piece.value === 'and' && english.some((family) => has(next, family))) ||
  (/^(?:你|您|麻烦你?|请|帮我|帮忙)$/.test(piece.value) &&
    (has(next, 'push') || has(next, 'again')) &&
    !before.some((one) => one.kind === 'person' || reaching.some((family) => has(one, family))));

const isOrder = ({ kind }: Piece): boolean => kind === 'order';
const isDeed = (piece: Piece | undefined): boolean =>
  ['push', 'again', 'undo', 'pushed'].some((family) => has(piece, family));

function clausesOf(pieces: readonly Piece[]): Piece[][] {
  const clauses: Piece[][] = [[]];
  for (const [at, piece] of pieces.entries()) {
    const open = clauses.at(-1) as Piece[];
    if (stop.test(piece.value)) {
      open.push(piece);
      clauses.push([]);
    } else if (
      has(piece, 'push') &&
      pieces[at + 1]?.value === '完' &&
      /^(?:把|再|就|看|列|告诉|说)/.test(pieces[at + 2]?.value ?? '')
    ) {
      // 「同步完把失败的列一下」
      open.push(piece);
      clauses.push([]);
    } else if (piece.kind === 'order' && isDeed(pieces[at + 1]) && isDeed(pieces[at - 1]) && open.some(isOrder)) {
      // 「260816009推 260816010撤」
      clauses.push([piece]);
    } else if (begins(piece, pieces[at + 1], open) && open.some((one) => one.kind === 'word' && !has(one, 'small')))
      clauses.push([piece]);
    else open.push(piece);
  }
  return clauses.filter((clause) => clause.some(({ value }) => !stop.test(value)));
}
