import { dayMs, type Span } from '../calendar.ts';
import { level } from './level.ts';
import type { Ask } from './node.ts';
import { isPoint, lacking, latest, type Path, type Placed, roamsIn, spanAt } from './path.ts';

/** Both ends as they were found, and the way the end is written out with what it borrowed. */
export interface Ends {
  a: Span;
  b: Span;
  end: Path;
}
export type Found = Ends | { ask: Ask; asked: Span | null };

/** How far apart the beginnings of a range may lie that runs backwards as it is written and is read into the next year or month. */
const acrossYear = 92 * dayMs;
const acrossMonth = 16 * dayMs;

export const none = (of: Path, now: number): Found => ({ ask: lacking(of, now), asked: null });
export const reversed = (a: Span | null, b: Span | null): Found => ({
  ask: 'reversed',
  asked: a && b ? { from: Math.min(a.from, b.from), to: Math.max(a.to, b.to) } : null,
});

/** A range that runs on in the unit after: how far apart its beginnings may be, by that unit. */
export const tooFar = (unit: number, a: Span, b: Span): boolean => {
  const apart = b.from - a.from;
  if (unit === level.year) return apart > acrossYear;
  if (unit === level.month) return apart > acrossMonth;
  return unit === level.quarter || unit === level.half;
};

/**
 * Whether a pair of roaming ends is the one that is meant. One of each month or week is meant when its end has begun, too (nobody says
 * 「周一到周五」 on Tuesday of this week); one of each year or day when it has begun.
 */
const fits = (unit: number, a: Span, b: Span, now: number): boolean =>
  (unit === level.month || unit === level.week ? Math.max(a.from, b.from) : a.from) <= now;

/** Ends that roam together, or share what the first says: the latest place where both are and the pair fits. */
export function together(
  a: Path,
  b: Path,
  now: number,
  endOf: (place: number, start: Span) => Span | 'reversed' | null,
  begun = false,
): Found {
  let backwards: Span | null = null;
  const unit = roamsIn(a);
  const find = (right: (start: Span, end: Span) => boolean): Placed | null =>
    latest(a, now, (start, place) => {
      const end = endOf(place, start);
      if (end === 'reversed') backwards ??= start.from <= now ? start : null;
      return end !== null && end !== 'reversed' && right(start, end);
    });
  let found = find((start, end) => (begun ? start.from <= now : fits(unit, start, end, now)));
  // 「1号到31号」 is this month's rather than that of the last month that had a 31st.
  if (unit === level.month && found && found.place < -1) found = find((start) => start.from <= now) ?? found;
  const end = found && endOf(found.place, found.span);
  if (found && end && end !== 'reversed') return { a: found.span, b: end, end: b };
  const start = backwards ?? found?.span ?? null;
  if (start === null) return none(b, now);
  return (b.borrowed === 0 ? acrossYears(a, b, now) : null) ?? reversed(start, borrowedOn(a, b, start, now));
}

/** A backward range of one of each year, shown with its years: the latest that has come to its end. */
function acrossYears(a: Path, b: Path, now: number): Found | null {
  if (roamsIn(a) !== level.year || roamsIn(b) !== level.year) return null;
  const end = latest(b, now, (span) => span.from <= now)?.span;
  const start = end && latest(a, now, (span) => span.from < end.from)?.span;
  return start ? { ask: 'reversed', asked: { from: start.from, to: end.to } } : null;
}

/** The end of a backward range where it is written: on the start's own day, month or year. */
function borrowedOn(a: Path, b: Path, start: Span, now: number): Span | null {
  const at = latest(a, now, (span) => span.from === start.from);
  const end = at && spanAt(b, at.place, now);
  if (!end || !isPoint(b) || end.from > start.from) return end;
  // An hour said too early is shown on the dial's next round.
  const later = end.from + Math.ceil((start.from - end.from + 1) / (dayMs / 2)) * (dayMs / 2);
  return { from: later, to: later };
}
