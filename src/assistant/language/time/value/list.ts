import type { Span } from '../calendar.ts';
import { level } from './level.ts';
import { type Ask, isRange, type Range } from './node.ts';
import { borrow, exists, head, lacking, last, latest, moved, type Path, path, roamsIn, spanAt } from './path.ts';
import { endOf, findEnds } from './range.ts';

interface Part {
  of: Path;
  span: Span;
}
interface Refused {
  ask: Ask;
}
interface Sofar {
  span: Span;
  place: number;
  parts: readonly Part[];
}
type Listed = { span: Span; parts: readonly Part[] } | Refused;

/** An hour of a list takes over the half of the day as well: 「下午5、6点」. */
function inPart(before: Path, item: Path): Path {
  const [one, other] = [last(before), last(item)];
  return one.kind === 'clock' && one.part !== null && other.kind === 'clock' && other.part === null
    ? path([...item.steps.slice(0, -1), { ...other, part: one.part }], item.borrowed)
    : item;
}

/** The stretches one item of a list may name, likeliest first, given the place of the item before it. */
function readings(item: Path, place: number, now: number): { span: Span; place: number }[] {
  const unit = roamsIn(item);
  const at = (there: number): { span: Span; place: number }[] => {
    const span = spanAt(item, there, now);
    return span ? [{ span, place: there }] : [];
  };
  if (unit === 0) return at(0);
  const later = item.borrowed > 0 ? moved(item, place, now) : null;
  return item.borrowed > 0
    ? [...at(place), ...(later ? [{ span: later, place }] : [])]
    : [...at(place), ...at(place + 1), ...at(place - 1)];
}

const touch = (one: Span, other: Span): boolean => one.from <= other.to && one.to >= other.from;
const hull = (one: Span, other: Span): Span => ({
  from: Math.min(one.from, other.from),
  to: Math.max(one.to, other.to),
});

/** Units that touch make one stretch; those that do not are a question. Each takes the larger units it lacks from the one before. */
export function findList(items: readonly (Path | Range)[], now: number): Listed {
  const [first, ...rest] = items;
  if (!first) return { ask: 'several' };
  for (const start of beginnings(first, now)) {
    if ('ask' in start) return start;
    const listed = joined(start, rest, now);
    if (listed) return listed;
  }
  return { ask: 'several' };
}

/** Where the first of a list may lie: the latest that has begun, and where a later one would not have, the place before. */
function beginnings(first: Path | Range, now: number): (Sofar | Refused)[] {
  if (isRange(first)) return [rangePart(first, now)];
  const found = latest(first, now, (span) => span.from <= now);
  if (!found) return [{ ask: lacking(first, now) }];
  const before = roamsIn(first) === 0 ? null : latest(first, now, (span) => span.from < found.span.from);
  return [found, ...(before ? [before] : [])].map(({ span, place }) => ({ span, place, parts: [{ of: first, span }] }));
}

function rangePart(range: Range, now: number): Sofar | Refused {
  const ends = findEnds(range, now);
  if ('ask' in ends) return { ask: ends.ask };
  const span = { from: ends.a.from, to: endOf(range, ends) };
  return { span, place: 0, parts: [{ of: borrow(range.a, range.b), span }] };
}

function joined(start: Sofar, items: readonly (Path | Range)[], now: number): Listed | null {
  let { span, place } = start;
  const parts = [...start.parts];
  for (const item of items) {
    const from = parts[parts.length - 1]?.of as Path;
    if (isRange(item)) {
      const next = rangePart({ ...item, a: borrow(from, item.a) }, now);
      if ('ask' in next) return next;
      if (!touch(next.span, span)) return null;
      span = hull(span, next.span);
      parts.push(...next.parts);
      continue;
    }
    const own = inPart(from, borrow(from, item));
    const found = readings(own, place, now);
    if (!exists(own, now)) return { ask: lacking(own, now) };
    const next = found.find((one) => touch(one.span, span) && (roamsIn(own) === 0 || one.span.from <= now));
    if (!next) return null;
    span = hull(span, next.span);
    place = next.place;
    parts.push({ of: own, span: next.span });
  }
  return { span, parts };
}

/** Whether two things listed without a word between them are of one kind: 「周一周二」, but not 「昨天上午」; behind a comma only numbers are. */
export const alike = (one: Path, other: Path, comma: boolean): boolean => {
  const [a, b] = [one.steps[one.steps.length - 1], head(other)];
  if (!a || other.steps.length !== 1) return false;
  if (a.kind === 'near' && b.kind === 'near') return !comma && a.unit === b.unit;
  return a.kind === b.kind && ['weekday', 'month', 'day', 'quarter'].includes(a.kind) && roamsIn(other) !== level.day;
};
