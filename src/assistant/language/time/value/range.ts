import type { Span } from '../calendar.ts';
import { type Ends, type Found, none, reversed, together, tooFar } from './ends.ts';
import { gives } from './holds.ts';
import { hoursAfter, onlyHours, onNextDay } from './hours.ts';
import { level } from './level.ts';
import type { Range } from './node.ts';
import { upTo } from './part.ts';
import {
  borrow,
  earliest,
  exists,
  head,
  isImplied,
  isPoint,
  latest,
  levelOf,
  moved,
  type Path,
  path,
  roamsIn,
  spanAt,
  unitAt,
  walk,
} from './path.ts';
import type { Step } from './step.ts';

/** Both ends of a range, each with what it lacks out of the other or out of the present. */
export function findEnds(range: Range, now: number): Found {
  const a = range.a;
  const own = range.b.steps;
  if (range.next) {
    const start = latest(a, now, (span) => span.from <= now);
    const end = start && onNextDay(start.span, range.b, now);
    return start && end ? { a: start.span, b: end, end: range.b } : none(range.b, now);
  }
  if (!exists(a, now)) return none(a, now);
  const b = borrow(a, range.b);
  if (!exists(b, now)) return none(b, now);
  if (onlyHours(a, own)) return together(a, b, now, (place, start) => hoursAfter(a, place, start, own[0] as Step, now));
  if (isImplied(head(b)) && roamsIn(a) === gives(head(b))) {
    // 「双十二到年底」: the year's end of that year.
    const inside = path(b.steps.slice(1));
    const endOf = (place: number): Span | null => walk(inside.steps, unitAt(roamsIn(a), place, now), now);
    return together(a, b, now, endOf, true);
  }
  if (b.borrowed > 0) {
    const holder = gives(b.steps[b.borrowed - 1] as Step);
    return together(a, b, now, (place, start) => {
      const end = spanAt(b, place, now);
      if (!end || end.from >= start.from) return end;
      const later = moved(b, place, now);
      return !later || later.from < start.from || tooFar(holder, start, later) ? 'reversed' : later;
    });
  }
  const unit = roamsIn(a);
  if (unit !== 0 && unit === roamsIn(b))
    return together(a, b, now, (place, start) => {
      const end = spanAt(b, place, now);
      if (end && end.from >= start.from) return end;
      // 「30到31号」 is of a month that has both.
      if (!end && unit === level.month) return null;
      const later = spanAt(b, place + 1, now);
      return later && unit === level.year && tooFar(unit, start, later) ? 'reversed' : later;
    });
  return apart(a, b, now);
}

/** Ends that have nothing to do with each other: the one that is fixed decides, else the end. */
function apart(a: Path, b: Path, now: number): Found {
  if (roamsIn(a) === 0) {
    const start = latest(a, now, () => true)?.span;
    if (!start) return none(a, now);
    const after = levelOf(a) > levelOf(b) ? start.to : start.from;
    const end = roamsIn(b) === 0 ? latest(b, now, () => true) : earliest(b, now, (span) => span.from >= after);
    if (!end) return none(b, now);
    return end.span.from < start.from ? reversed(start, end.span) : { a: start, b: end.span, end: b };
  }
  const end = latest(b, now, (span) => span.from <= now)?.span;
  if (!end) return none(b, now);
  const start = latest(a, now, (span) => span.from <= Math.min(end.from, now))?.span;
  return start ? { a: start, b: end, end: b } : none(a, now);
}

/** Where the range ends: with a clock up to it, else with the whole unit. */
export function endOf(range: Range, { b }: Ends): number {
  if (range.before) return b.from;
  return isPoint(range.b) ? upTo(b.from) : b.to;
}

/** 「月初」 where a range begins and 「月底」 where it ends are the first and the last day; anywhere else they are vague. */
export function settled(of: Path, side: 'start' | 'end'): Path | null {
  const last = of.steps[of.steps.length - 1];
  if (last?.kind !== 'edge') return of;
  if (last.end !== side) return null;
  return path(
    [...of.steps.slice(0, -1), { kind: 'run', n: 1, unit: 'day', end: side === 'start' ? 'first' : 'last' }],
    of.borrowed,
  );
}
