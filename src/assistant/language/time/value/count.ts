import {
  dayMs,
  days,
  hourMs,
  midnight,
  minuteMs,
  mondayOf,
  monthOf,
  months,
  monthsOn,
  type Span,
  yearOf,
} from '../calendar.ts';
import type { CountUnit } from './level.ts';
import type { Step } from './step.ts';

const quarterOf = (wall: number): number => Math.ceil(monthOf(wall) / 3);
const monthsIn: Partial<Record<CountUnit, number>> = { month: 1, quarter: 3, year: 12 };
const daysIn: Partial<Record<CountUnit, number>> = { day: 1, weekday: 1, week: 7 };

/** The unit of the calendar `n` away from the one that holds `now`. */
export function near(unit: CountUnit, n: number, now: number): Span {
  if (unit === 'week') return days(mondayOf(now) + 7 * n * dayMs, 7);
  if (unit === 'weekend') return days(mondayOf(now) + (7 * n + 5) * dayMs, 2);
  if (unit === 'month') return months(yearOf(now), monthOf(now) + n);
  if (unit === 'quarter') return months(yearOf(now), (quarterOf(now) - 1 + n) * 3 + 1, 3);
  if (unit === 'year') return months(yearOf(now) + n, 1, 12);
  return days(midnight(now) + n * dayMs);
}

/** `n` units long, beginning at `at` (or, where n is negative, ending there). */
export function stretch(at: number, n: number, unit: CountUnit): Span {
  const count = monthsIn[unit];
  const other = count ? monthsOn(at, n * count) : at + n * (daysIn[unit] ?? 1) * dayMs;
  return other < at ? { from: other, to: at } : { from: at, to: other };
}

/** The last `n` units up to now; days, weeks and half months count today. */
export function rolling(n: number, unit: CountUnit, now: number): Span {
  const today = midnight(now);
  if (unit === 'minute' || unit === 'hour') return { from: now - n * (unit === 'hour' ? hourMs : minuteMs), to: now };
  const count = (monthsIn[unit] ?? 0) * n;
  if (count > 0) {
    const from = monthsOn(today, -Math.floor(count));
    return { from: count % 1 === 0 ? from : from - 15 * dayMs + (count < 1 ? dayMs : 0), to: now };
  }
  if (unit === 'day' && n < 1) return { from: now - n * dayMs, to: now };
  return { from: today - (Math.ceil(n * (daysIn[unit] ?? 1)) - 1) * dayMs, to: now };
}

export function whole(step: Extract<Step, { kind: 'whole' }>, now: number): Span {
  const { n, unit, side } = step;
  const first = side === 'before' ? -n : side === 'with' ? 1 - n : 1;
  return { from: near(unit, first, now).from, to: near(unit, first + n - 1, now).to };
}

export function ago(n: number, unit: CountUnit, now: number): Span {
  if (unit === 'minute' || unit === 'hour') {
    const from = now - n * (unit === 'hour' ? hourMs : minuteMs);
    return { from, to: from + minuteMs };
  }
  const count = (monthsIn[unit] ?? 0) * n;
  const today = midnight(now);
  const months = count < 0 ? Math.ceil(count) : Math.floor(count);
  if (count) return days(monthsOn(today, -months) - (count % 1 === 0 ? 0 : Math.sign(count) * 15) * dayMs);
  return days(today - Math.round(n * (daysIn[unit] ?? 1)) * dayMs);
}
