import { AppError } from '../errors.ts';
import { dayMs, fromWall, startOfDay, toDay } from '../shanghai.ts';

export interface Window {
  start: Date;
  end: Date;
}

/** Slices of at most `maxDays` that cover `[start, end)` with no gap and no overlap, cut at Shanghai midnights where possible. */
export function planSlices(start: Date, end: Date, maxDays: number): Window[] {
  const slices: Window[] = [];
  for (let from = start; from < end; ) {
    const furthest = from.getTime() + maxDays * dayMs;
    const midnight = startOfDay(furthest).getTime();
    const to = new Date(Math.min(end.getTime(), midnight > from.getTime() ? midnight : furthest));
    slices.push({ start: from, end: to });
    from = to;
  }
  return slices;
}

/** A day as typed, `YYYY-MM-DD`. Code: `window.no_such_day`. */
export function parseDay(text: string): Date {
  const day = /^\d{4}-\d{2}-\d{2}$/.test(text) ? fromWall(text) : null;
  if (!day) throw new AppError('window.no_such_day', 'data', { params: { day: text.slice(0, 20) } });
  return day;
}

/**
 * The window of two inclusive days.
 * Codes: `window.no_such_day`, `window.reversed`, `window.future`.
 */
export function dayWindow(from: string, to: string, now: Date): Window {
  return pastWindow({ start: parseDay(from), end: new Date(parseDay(to).getTime() + dayMs) }, now);
}

/** Refuses a window that is empty or begins in the future. */
export function pastWindow({ start, end }: Window, now: Date): Window {
  if (start >= end) throw new AppError('window.reversed', 'data', { params: { start: toDay(start), end: toDay(end) } });
  if (start > now) throw new AppError('window.future', 'data', { params: { start: toDay(start) } });
  return { start, end };
}
