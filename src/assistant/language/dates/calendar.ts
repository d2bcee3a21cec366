/** Wall time: milliseconds since 1970-01-01 00:00 on a clock in Shanghai. Half-open. Nothing here knows the server's time zone. */
export interface Span {
  from: number;
  to: number;
}

export const hourMs = 3_600_000;
export const dayMs = 24 * hourMs;
const offset = 8 * hourMs;

export const toWall = (iso: string): number => Date.parse(iso) + offset;
export const toIso = (wall: number): string => `${new Date(wall).toISOString().slice(0, 19)}+08:00`;
export const midnight = (wall: number): number => Math.floor(wall / dayMs) * dayMs;

export const partsOf = (wall: number): { year: number; month: number; date: number } => {
  const at = new Date(wall);
  return { year: at.getUTCFullYear(), month: at.getUTCMonth() + 1, date: at.getUTCDate() };
};
/** 1 = Monday … 7 = Sunday. */
export const weekdayOf = (wall: number): number => ((Math.floor(wall / dayMs) + 3) % 7) + 1;
export const mondayOf = (wall: number): number => midnight(wall) - (weekdayOf(wall) - 1) * dayMs;

export const days = (from: number, count = 1): Span => ({ from, to: from + count * dayMs });
export const week = (monday: number): Span => days(monday, 7);
/** Month counted freely: month 0 is last December, 13 next January. */
export const months = (year: number, month: number, count = 1): Span => ({
  from: Date.UTC(year, month - 1, 1),
  to: Date.UTC(year, month - 1 + count, 1),
});

/** The day, or null where there is none such (September 31). */
export function day(year: number, month: number, date: number): Span | null {
  const from = Date.UTC(year, month - 1, date);
  const { month: m, date: d } = partsOf(from);
  return m === month && d === date ? days(from) : null;
}

/** The same date so many months before; the month's last day where that date is lacking. */
export function monthsBefore(wall: number, count: number): number {
  const { year, month, date } = partsOf(wall);
  const { to } = months(year, month - count);
  return Math.min(Date.UTC(year, month - 1 - count, date), to - dayMs);
}
