import { intents } from '../intents/index.ts';
import { changes, type Intent } from '../intents/intent.ts';
import type { Aside } from './corpus.ts';
import { hashesOf, lookOf, mix } from './features.ts';
import { normalise } from './normalise.ts';
import { leavesRest, type Stretch } from './parts.ts';
import { has, type Piece } from './piece.ts';
import { noNames, readPieces } from './pieces.ts';
import type { Scorer } from './scorer.ts';

/**
 * How sure it has to be that words change nothing of a command: a clause by itself, or words inside of one. Set on lines that were held
 * out of training; what nobody has said before never comes as far.
 */
const surely = { clause: 0.85, inside: 0.95 };
const stop = /^[,，。;；!！?？ ]$/;
const bound = (piece: Piece | undefined): boolean => piece === undefined || stop.test(piece.value);

/** Families of which a word takes out, puts off, limits, refers or asks, whatever stands around it: none is ever passed over. */
const weighty = [
  'no',
  'no_thanks',
  'later',
  'if',
  'except',
  'filter',
  'document',
  'preview',
  'these',
  'rest',
  'all',
  'ask',
  'region',
  'group',
  'metric.unknown',
  'correct',
  'wrong',
];
/** Numbers, and what limits: 「只」, 「含」, 「按」. */
const limits = /\d|[二三四五六七八九十两半百千万俩几]|[只仅含带除留剩按]|为准/;
const limiting = /^(?:只|仅|就|光|凡|含|带|按|以|从|由|到|至|对|给|换|改)$/;

/** What of the unread words may change something of the command: those that surely do not are left out. */
export function withoutAsides(
  text: string,
  pieces: readonly Piece[],
  unread: readonly Stretch[],
  intent: Intent,
  scorer: Scorer,
): Stretch[] {
  return unread.filter((stretch) => !isAside(text, pieces, inClause(pieces, stretch, intent), intent, scorer, weighty));
}

/** Families that name a deed, or ask for something to be shown. */
const deeds = [
  ...new Set([...intents.values()].flatMap((intent) => (changes(intent) ? (intent.verbs ?? []) : []))),
  'look',
  'which',
  'howmany',
  'who',
  'export',
];

/**
 * Clauses that only tell why something is wanted, beside one that says what: nothing is read from them, neither a day (「本月要结账，请推
 * 昨天的」) nor a document (「采购催着要货，昨天的先推」).
 */
export function reasonsOf(text: string, pieces: readonly Piece[], scorer: Scorer): Stretch[] {
  const clauses = clausesIn(pieces);
  if (clauses.length < 2) return [];
  const told = clauses.filter(
    (clause) =>
      !clause.some(
        (piece) => has(piece, 'fixed') || deeds.some((family) => has(piece, family) && !has(piece, 'small')),
      ) && isAside(text, pieces, stretchOf(clause), anything, scorer, others),
  );
  const dated = (clause: readonly Piece[]): boolean =>
    clause.some(({ kind, value }) => (kind === 'time' && !/^(?:现在|目前|此刻|now)$/.test(value)) || kind === 'order');
  // 「昨天网断了，重推一下」: a day that is said nowhere else is what is meant.
  const said = clauses.some((clause) => !told.includes(clause) && dated(clause));
  const narrowed = (clause: readonly Piece[]): boolean =>
    dated(clause) || clause.some((piece) => piece.kind === 'shop' || has(piece, 'category'));
  const rest = clauses.filter((clause) => leavesRest(clause) && clauses.some((one) => one !== clause && narrowed(one)));
  const reasons = [...told.filter((clause) => said || !dated(clause)), ...rest];
  const commanded = clauses.some(
    (clause) => !told.includes(clause) && clause.some((piece) => deeds.some((family) => has(piece, family))),
  );
  return commanded ? reasons.map(stretchOf) : [];
}
/** Whether words that are told, and asked for by nobody, are no more than that. */
export function onlyTold(text: string, pieces: readonly Piece[], told: Stretch, scorer: Scorer): boolean {
  const own = pieces.filter((piece) => piece.from >= told.from && piece.to <= told.to && !bound(piece));
  const [likeliest] = scorer.score(asideFeatures(text, pieces, stretchOf(own))).intents;
  return own.length === 0 || (likeliest?.name === 'aside' && !own.some(({ value }) => limits.test(value)));
}

const others = weighty.filter((family) => family !== 'document');
/** Any time may stand in a reason. */
const anything: Intent = { name: '', effect: 'talk' };

const stretchOf = (clause: readonly Piece[]): Stretch => ({ from: clause[0]?.from ?? 0, to: clause.at(-1)?.to ?? 0 });

function clausesIn(pieces: readonly Piece[]): Piece[][] {
  const clauses: Piece[][] = [[]];
  for (const piece of pieces)
    if (bound(piece)) clauses.push([]);
    else clauses.at(-1)?.push(piece);
  return clauses.filter((clause) => clause.length > 0);
}

/** A stretch, or the whole of its clause where nothing of the command stands in that. */
function inClause(pieces: readonly Piece[], stretch: Stretch, intent: Intent): Stretch {
  const first = pieces.findLastIndex((piece) => piece.to <= stretch.from && bound(piece)) + 1;
  const behind = pieces.findIndex((piece) => piece.from >= stretch.to && bound(piece));
  const clause = pieces.slice(first, behind < 0 ? pieces.length : behind);
  const commands = clause.some(
    (piece) => !isPlain(piece, intent) || intent.verbs?.some((family) => has(piece, family)),
  );
  return commands ? stretch : { from: clause[0]?.from ?? stretch.from, to: clause.at(-1)?.to ?? stretch.to };
}

/** Neither a number nor a name; a time only where the intent takes none: 「今晚金蝶升级，定时先停」. */
const isPlain = ({ kind }: Piece, { slots }: Intent): boolean =>
  kind === 'word' || kind === 'unknown' || kind === 'person' || (kind === 'time' && !slots?.includes('start'));

function isAside(
  text: string,
  pieces: readonly Piece[],
  stretch: Stretch,
  intent: Intent,
  scorer: Scorer,
  weighty: readonly string[],
): boolean {
  const { own, before, behind } = placeOf(pieces, stretch);
  const clause = bound(before) && bound(behind);
  // Inside a clause only how it is done stands right before the deed, or at the end.
  const apt = clause || bound(behind) || has(behind, 'particle') || intent.verbs?.some((family) => has(behind, family));
  const plain = own.every(
    (piece) =>
      (clause ? isPlain(piece, intent) : piece.kind === 'word' || piece.kind === 'unknown') &&
      !weighty.some((family) => has(piece, family) && !has(piece, 'small') && !isLack(piece, family)),
  );
  if (
    !apt ||
    !plain ||
    own.some((piece) => piece.kind !== 'time' && limits.test(piece.value)) ||
    /的$/.test(text.slice(stretch.from, stretch.to)) ||
    limiting.test(before?.value ?? '')
  )
    return false;
  const [likeliest] = scorer.score(asideFeatures(text, pieces, stretch)).intents;
  return likeliest?.name === 'aside' && likeliest.p >= (clause ? surely.clause : surely.inside);
}

/** 「值班的没弄」 asks nothing. */
const isLack = ({ value }: Piece, family: string): boolean => family === 'ask' && /^(?:没有?|未|冇)$/.test(value);

const placeOf = (
  pieces: readonly Piece[],
  { from, to }: Stretch,
): { own: Piece[]; before: Piece | undefined; behind: Piece | undefined } => ({
  own: pieces.filter((piece) => piece.from >= from && piece.to <= to),
  before: pieces.findLast((piece) => piece.to <= from),
  behind: pieces.find((piece) => piece.from >= to),
});

/** Hashes of what is looked at: the words themselves, and what stands before and behind them. */
function asideFeatures(text: string, pieces: readonly Piece[], stretch: Stretch): number[] {
  const { own, before, behind } = placeOf(pieces, stretch);
  return [...hashesOf(lookOf(text, own)), ...placeFeatures(before, behind)];
}

function placeFeatures(before: Piece | undefined, behind: Piece | undefined): number[] {
  const [left, right] = [kindsOf(before), kindsOf(behind)];
  const both = left.flatMap((kind) => right.map((next) => mix(mix(0x4444444, kind), next)));
  return [...left.map((kind) => mix(0x2222222, kind)), ...right.map((kind) => mix(0x3333333, kind)), ...both];
}

const kindsOf = (piece: Piece | undefined): readonly string[] =>
  piece === undefined || stop.test(piece.value)
    ? ['|']
    : piece.kind !== 'word'
      ? [piece.kind]
      : [...new Set([...piece.concepts, piece.value])];

/** What is learned of labelled words: those that narrow, those that do not, and that in any place words nobody knows may narrow. */
export function asideExamples(
  { text, stretch, narrows }: Aside,
  anyDay: string,
): { features: number[]; intent: string }[] {
  const plain = normalise(text);
  const said = text.slice(stretch.from, stretch.to);
  // What a spelling moves is found again.
  const from = plain === text ? stretch.from : plain.indexOf(said);
  if (from < 0) return [];
  const place = { from, to: from + said.length };
  const { pieces } = readPieces(plain, anyDay, noNames);
  const { before, behind } = placeOf(pieces, place);
  const own = { features: asideFeatures(plain, pieces, place), intent: narrows ? 'narrows' : 'aside' };
  return narrows ? [own] : [own, { features: placeFeatures(before, behind), intent: 'narrows' }];
}
