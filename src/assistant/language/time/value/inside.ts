import { dateOf, dayMs, days, midnight, mondayOf, monthOf, months, type Span, weekdayOf, yearOf } from '../calendar.ts';
import { solarDay } from './festival-days.ts';
import type { Edge, Step } from './step.ts';

/** A stretch that has to lie in its box. */
export const within = (span: Span, box: Span): Span | null =>
  span.from >= box.from && span.to <= box.to ? span : null;

export function nth(step: Extract<Step, { kind: 'nth' }>, box: Span): Span | null {
  const { n, unit } = step;
  const year = yearOf(box.from);
  if (unit === 'day') {
    const one = n > 0 ? days(box.from + (n - 1) * dayMs) : days(box.to + n * dayMs);
    return box.to - box.from === dayMs ? one : within(one, box);
  }
  if (unit === 'month' || unit === 'quarter') {
    const size = unit === 'month' ? 1 : 3;
    const first = n > 0 ? monthOf(box.from) + (n - 1) * size : monthOf(box.to - 1) + 1 + n * size;
    return within(months(year, first, size), box);
  }
  if (unit === 'week') {
    if (n < 0) return within(days(box.to + 7 * n * dayMs, 7), box);
    // In a year the first week holds January 4; in a month it begins with the first Monday.
    const first = mondayOf(box.from + (box.to - box.from > 300 * dayMs ? 3 : 6) * dayMs);
    // Where that makes too few, the first week is the one that holds the first day.
    for (const monday of [first, mondayOf(box.from)]) {
      const from = monday + 7 * (n - 1) * dayMs;
      if (from < box.to) return days(from, 7);
    }
    return null;
  }
  const weekday = unit === 'weekend' ? 6 : step.weekday;
  const last = box.to - dayMs;
  const at =
    n > 0
      ? box.from + (((weekday - weekdayOf(box.from) + 7) % 7) + 7 * (n - 1)) * dayMs
      : last - (((weekdayOf(last) - weekday + 7) % 7) - 7 * (n + 1)) * dayMs;
  return at >= box.from && at < box.to ? days(at, unit === 'weekend' ? 2 : 1) : null;
}

export function third(kind: 'third' | 'half-month', n: number, box: Span): Span {
  const starts = kind === 'third' ? [1, 11, 21] : [1, 16];
  const at = (index: number): number => {
    const date = starts[index];
    return date ? box.from + (date - 1) * dayMs : box.to;
  };
  return { from: at(n - 1), to: at(n) };
}

/** Where a path of edges alone would lie, to be shown in a question. */
export function edge(end: Edge, box: Span): Span {
  const length = Math.max(1, Math.min(31, Math.round((box.to - box.from) / dayMs / 6)));
  if (end === 'start') return days(box.from, length);
  if (end === 'end') return { from: box.to - length * dayMs, to: box.to };
  const middle = midnight((box.from + box.to) / 2);
  return { from: middle - length * dayMs, to: middle + length * dayMs };
}

export function same(box: Span, now: number): Span | null {
  const length = (box.to - box.from) / dayMs;
  if (length === 7) return days(box.from + (weekdayOf(now) - 1) * dayMs);
  return solarDay(yearOf(box.from), length < 32 ? monthOf(box.from) : monthOf(now), dateOf(now));
}
