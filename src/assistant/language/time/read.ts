import { midnightOf, monthsOn, type Span, toIso, toWall } from './calendar.ts';
import { type Choice, choose, type Read } from './grammar/choose.ts';
import { parse } from './grammar/parse.ts';
import { revised, wanted } from './grammar/revise.ts';
import { Line } from './rules/line.ts';
import { scan } from './scan.ts';
import { recurring } from './schedule.ts';
import type { Token } from './token.ts';
import { clocked, evaluate } from './value/evaluate.ts';
import type { Ask } from './value/node.ts';

export interface Characters {
  from: number;
  to: number;
}

export interface IsoRange {
  start: string;
  end: string;
}

export interface TimeReading {
  /** Half-open, in Shanghai time; null where no time is named, or one that has to be asked about. */
  range: IsoRange | null;
  /** Every character that is time, with the words that join and bound it. */
  spans: readonly Characters[];
  ask: Ask | null;
  /** The stretch to show in the question, where there is one. */
  asked: IsoRange | null;
  /** How it was read: `range(day 2025-12-09, day 2025-12-15 ← month,year)`. */
  tree: string;
  /** A clock or a number of hours was said: it is not about whole days. */
  clocked: boolean;
  /** Rules tried, for judging what a sentence costs. */
  work: number;
}

const nothing: TimeReading = { range: null, spans: [], ask: null, asked: null, tree: '', clocked: false, work: 0 };
/** More stretches than these are a list or a log, and are not told apart. */
const mostPhrases = 24;
/** Orders older than these are asked about first. */
const longPastMonths = 60;

const overlaps = (token: Token, taken: readonly Characters[]): boolean =>
  taken.some(({ from, to }) => token.from < to && token.to > from);

/** Only this century is shown: 「最近9999天」 is a slip. */
const century = { from: midnightOf(2000, 1), to: midnightOf(2100, 1) };
const iso = (span: Span | null): IsoRange | null =>
  span && span.to > span.from && span.from >= century.from && span.to <= century.to
    ? { start: toIso(span.from), end: toIso(span.to) }
    : null;

/** The time a sentence names, told at `now` (ISO). `taken` are characters that are somebody else's, such as order numbers. */
export function readTime(text: string, now: string, taken: readonly Characters[] = []): TimeReading {
  const { tokens, cut } = scan(text);
  if (!tokens.some(({ kind }) => kind !== 'other' && kind !== 'of')) return nothing;
  const regular = recurring(text);
  const theirs = [...taken, ...regular];
  const line = new Line(
    theirs.length === 0
      ? tokens
      : tokens.map((token) => (overlaps(token, theirs) ? { ...token, kind: 'other' as const } : token)),
  );
  const wall = toWall(now);
  const phrases = revised(line, parse(line)).filter((phrase) => wanted(line, phrase));
  const charactersOf = ({ start, end }: { start: number; end: number }): Characters => ({
    from: line.at(start).from,
    to: line.at(end - 1).to,
  });
  const placed = phrases.map((phrase) => ({ ...phrase, ...charactersOf(phrase) }));
  const replaced = phrases.flatMap((phrase) => (phrase.replaced ? [charactersOf(phrase.replaced)] : []));
  const { work } = line;
  if (placed.length === 0) return { ...nothing, work };
  const several: TimeReading = {
    ...nothing,
    ask: 'several',
    spans: spansOf([...placed, ...replaced]),
    tree: 'several',
    work,
  };
  if (placed.length > mostPhrases || (cut && placed.some(({ node }) => node.kind !== 'now'))) return several;
  const choice = choose(
    text,
    placed.map((phrase): Read => ({ ...phrase, outcome: evaluate(phrase.node, wall) })),
  );
  return choice === 'several' ? several : settle(choice, replaced, wall, work);
}

const spansOf = (placed: readonly Characters[]): Characters[] =>
  placed.map(({ from, to }) => ({ from, to })).sort((one, other) => one.from - other.from);

/** A stretch that lies ahead, or far back, is asked about. */
function settle({ chosen, also }: Choice, replaced: readonly Characters[], now: number, work: number): TimeReading {
  const spans = spansOf([...(chosen ? [chosen] : []), ...also, ...replaced]);
  if (!chosen) return { ...nothing, spans, work };
  const { outcome, node } = chosen;
  const { span, tree } = outcome;
  let { ask } = outcome;
  if (ask === null && span && span.from > now) ask = 'future';
  if (ask === null && span && span.from < monthsOn(now, -longPastMonths)) ask = 'long_past';
  const said = iso(span);
  if (ask === null && said === null) ask = 'long_past';
  return {
    range: ask === null ? said : null,
    spans,
    ask,
    asked: ask ? said : null,
    tree,
    clocked: clocked(node),
    work,
  };
}

/** What a reading says when nobody can be asked: also what lies ahead or far back, never what is unclear. */
export const rangeSaid = ({ range, ask, asked }: TimeReading): IsoRange | null =>
  range ?? (ask === 'future' || ask === 'long_past' ? asked : null);
