/** Wall time: milliseconds since 1970-01-01 00:00 on a clock in Shanghai. Half-open. Nothing here knows the server's time zone. */
export interface Span {
  from: number;
  to: number;
}

export const minuteMs = 60_000;
export const hourMs = 3_600_000;
export const dayMs = 24 * hourMs;
const offset = 8 * hourMs;

const told = { iso: '', wall: 0 };
/** The moment a sentence was said; many readers ask for the same one. */
export function toWall(iso: string): number {
  if (told.iso !== iso) {
    told.wall = Date.parse(iso) + offset;
    told.iso = iso;
  }
  return told.wall;
}

export const midnight = (wall: number): number => Math.floor(wall / dayMs) * dayMs;

// Days into dates and back by whole numbers (years begin in March, so that the leap day comes last): a Date for each would be slow.
const civil = { day: Number.NaN, year: 0, month: 0, date: 0 };
function civilOf(wall: number): typeof civil {
  const day = Math.floor(wall / dayMs);
  if (civil.day === day) return civil;
  const shifted = day + 719_468;
  const era = Math.floor(shifted / 146_097);
  const ofEra = shifted - era * 146_097;
  const yearOfEra = Math.floor(
    (ofEra - Math.floor(ofEra / 1460) + Math.floor(ofEra / 36_524) - Math.floor(ofEra / 146_096)) / 365,
  );
  const ofYear = ofEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const fromMarch = Math.floor((5 * ofYear + 2) / 153);
  civil.day = day;
  civil.date = ofYear - Math.floor((153 * fromMarch + 2) / 5) + 1;
  civil.month = fromMarch < 10 ? fromMarch + 3 : fromMarch - 9;
  civil.year = yearOfEra + era * 400 + (civil.month <= 2 ? 1 : 0);
  return civil;
}

/** Midnight of a date; months and dates beyond their range run over into the next. */
export function midnightOf(year: number, month: number, date = 1): number {
  const months = year * 12 + month - 1;
  const fromMarch = months - 2;
  const marchYear = Math.floor(fromMarch / 12);
  const era = Math.floor(marchYear / 400);
  const yearOfEra = marchYear - era * 400;
  const ofYear = Math.floor((153 * (fromMarch - marchYear * 12) + 2) / 5) + date - 1;
  const ofEra = yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + ofYear;
  return (era * 146_097 + ofEra - 719_468) * dayMs;
}

export const yearOf = (wall: number): number => civilOf(wall).year;
/** 1 = January. */
export const monthOf = (wall: number): number => civilOf(wall).month;
export const dateOf = (wall: number): number => civilOf(wall).date;
/** 1 = Monday … 7 = Sunday. */
export const weekdayOf = (wall: number): number => ((Math.floor(wall / dayMs) + 3) % 7) + 1;
export const mondayOf = (wall: number): number => midnight(wall) - (weekdayOf(wall) - 1) * dayMs;

const two = Array.from({ length: 100 }, (_, n) => String(n).padStart(2, '0'));
/** `2026-10-20`. */
export function dateText(wall: number): string {
  const { year, month, date } = civilOf(wall);
  return `${year}-${two[month]}-${two[date]}`;
}
/** `14:10`. */
export const clockText = (wall: number): string =>
  `${two[Math.floor((wall % dayMs) / hourMs)]}:${two[Math.floor((wall % hourMs) / minuteMs)]}`;
export const toIso = (wall: number): string =>
  `${dateText(wall)}T${clockText(wall)}:${two[Math.floor((wall % minuteMs) / 1000)]}+08:00`;

export const days = (from: number, count = 1): Span => ({ from, to: from + count * dayMs });
/** Months counted freely: month 0 is last December, 13 next January. */
export const months = (year: number, month: number, count = 1): Span => ({
  from: midnightOf(year, month),
  to: midnightOf(year, month + count),
});

/** The same date so many months on (or before); the month's last day where that date is lacking. */
export function monthsOn(wall: number, count: number): number {
  const { year, month, date } = civilOf(wall);
  const there = months(year, month + count);
  return Math.min(there.from + (date - 1) * dayMs + (wall - midnight(wall)), there.to - dayMs);
}
