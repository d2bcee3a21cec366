import { dayMs, days, midnight, mondayOf, monthOf, months, type Span, weekdayOf, yearOf } from '../calendar.ts';
import { apply } from './apply.ts';
import { gives, needs, roams } from './holds.ts';
import { bit, type Level, level } from './level.ts';
import type { Step } from './step.ts';

/** Steps from the largest stretch to the smallest: 「去年9月第三周的周五下午3点」. Without a unit that stands by itself it roams. */
export interface Path {
  steps: readonly Step[];
  /** How many of them were taken over from the part before: 「9月5号到8号」. */
  borrowed: number;
}

/** A path that roams, at one of its places, counted from the present: 0 is this year (month, week, day), −1 the one before. */
export interface Placed {
  span: Span;
  place: number;
}

export const path = (steps: readonly Step[], borrowed = 0): Path => ({ steps, borrowed });
export const last = (of: Path): Step => of.steps[of.steps.length - 1] as Step;
export const head = (of: Path): Step => of.steps[0] as Step;
export const levelOf = (of: Path): Level => gives(last(of));
/** The unit it is one of each of; 0 when it is fixed. */
export const roamsIn = (of: Path): Level | 0 => roams(head(of));
export const isPoint = (of: Path): boolean => last(of).kind === 'clock' || last(of).kind === 'stamp';
/** An edge (「月底」) is vague as long as no end of a range has made it a day. */
export const isVague = (of: Path): boolean =>
  of.steps.some(({ kind }) => kind === 'vague' || kind === 'few' || kind === 'edge');

/** How many places back a roaming path is looked for: a February 29 is at most eight years away, a 31st two months. */
const reach: Partial<Record<Level, number>> = { [level.year]: 9, [level.month]: 14, [level.week]: 8, [level.day]: 3 };
const nowhere: Span = { from: 0, to: 0 };

/** The year, month, week or day that is `place` away from the present one. */
export function unitAt(unit: Level | 0, place: number, now: number): Span {
  if (unit === level.year) return months(yearOf(now) + place, 1, 12);
  if (unit === level.month) return months(yearOf(now), monthOf(now) + place);
  if (unit === level.week) return days(mondayOf(now) + 7 * place * dayMs, 7);
  return unit === level.day ? days(midnight(now) + place * dayMs) : nowhere;
}

/** All its steps, one inside the other. */
export function walk(steps: readonly Step[], box: Span, now: number): Span | null {
  let span: Span | null = box;
  for (const step of steps) {
    span = apply(step, span, now);
    if (!span) return null;
  }
  return span;
}

export const spanAt = (of: Path, place: number, now: number): Span | null =>
  walk(of.steps, unitAt(roamsIn(of), place, now), now);

/** The latest place that is `right`; for a path that does not roam, its only one. */
export function latest(of: Path, now: number, right: (span: Span, place: number) => boolean): Placed | null {
  const unit = roamsIn(of);
  if (unit === 0) {
    const span = walk(of.steps, nowhere, now);
    return span && { span, place: 0 };
  }
  const counted = of.steps.findIndex(({ kind }) => kind === 'nth' || kind === 'run');
  for (let place = 1; place >= -(reach[unit] ?? 0); place -= 1) {
    const span = spanAt(of, place, now);
    if (span && right(span, place)) return { span, place };
    // A fifth Friday that this September has not is not looked for in the years before; a February 29 is.
    if (!span && counted > 0 && begun(of.steps.slice(0, counted), unitAt(unit, place, now), now)) return null;
  }
  return null;
}

function begun(steps: readonly Step[], box: Span, now: number): boolean {
  const span = walk(steps, box, now);
  return span !== null && span.from <= now;
}

/** The first place that is `right`, looking ahead from a little before the present. */
export function earliest(of: Path, now: number, right: (span: Span) => boolean): Placed | null {
  const unit = roamsIn(of);
  if (unit === 0) return latest(of, now, () => true);
  for (let place = -(reach[unit] ?? 0); place <= (reach[unit] ?? 0); place += 1) {
    const span = spanAt(of, place, now);
    if (span && right(span)) return { span, place };
  }
  return null;
}

/** Whether there is such a day at all, in any year or month. */
export const exists = (of: Path, now: number): boolean => latest(of, now, () => true) !== null;

/** What a path that names nothing lacks: its day, or only its hour. */
export function lacking(of: Path, now: number): 'no_such_date' | 'no_such_clock' {
  const end = last(of);
  const hour = end.kind === 'clock' || (end.kind === 'none' && end.what === 'clock');
  return hour && (of.steps.length === 1 || exists(path(of.steps.slice(0, -1)), now)) ? 'no_such_clock' : 'no_such_date';
}

/** 「月底」 is this month's only where no other was named. */
export const isImplied = (step: Step): boolean => step.kind === 'near' && step.implied === true;

/**
 * A later part of a range or list with the larger units it lacks out of the part before: 「2025年12月9号到15号」. The longest run of
 * the first one's steps that can hold the second one's first step is taken, never all of them.
 */
export function borrow(from: Path, of: Path): Path {
  const first = head(of);
  if (isImplied(first) && of.steps.length > 1) {
    const taken = borrow(from, path(of.steps.slice(1)));
    return taken.borrowed > 0 ? taken : of;
  }
  for (let count = from.steps.length - 1; count > 0; count -= 1) {
    const holder = from.steps[count - 1] as Step;
    if ((needs(first) & bit(gives(holder))) !== 0) return path([...from.steps.slice(0, count), ...of.steps], count);
  }
  return of;
}

/** The unit after the one at hand: the month after this month. */
export function next(unit: Level, span: Span): Span {
  const count = { [level.year]: 12, [level.half]: 6, [level.quarter]: 3, [level.month]: 1 }[unit as number];
  return count
    ? months(yearOf(span.from), monthOf(span.from) + count, count)
    : { from: span.to, to: span.to + (span.to - span.from) };
}

/** The steps after those borrowed, in the unit after the one borrowed: 「9月28号到3号」 ends on October 3. */
export function moved(of: Path, place: number, now: number): Span | null {
  const box = walk(of.steps.slice(0, of.borrowed), unitAt(roamsIn(of), place, now), now);
  const holder = of.steps[of.borrowed - 1];
  return box && holder ? walk(of.steps.slice(of.borrowed), next(gives(holder), box), now) : null;
}

/** Whether two paths name the same day: 「昨天周一」. */
export const sameDay = (span: Span, of: Path, now: number): boolean =>
  roamsIn(of) === level.week && of.steps.length === 1 && last(of).kind === 'weekday'
    ? weekdayOf(span.from) === (last(of) as { n: number }).n
    : latest(of, now, (one) => one.from === span.from)?.span.from === span.from;
