import lunar from 'lunar-javascript';
import {
  dateOf,
  dateText,
  dayMs,
  days,
  midnightOf,
  monthOf,
  months,
  type Span,
  weekdayOf,
  yearOf,
} from '../calendar.ts';
import { festivals } from './festivals.ts';

const { Lunar, LunarYear, HolidayUtil } = lunar;
const fromYmd = (ymd: string): number => Date.parse(`${ymd}T00:00:00Z`);

/** The day, or null where there is none such (September 31). */
export function solarDay(year: number, month: number, date: number): Span | null {
  const from = midnightOf(year, month, date);
  return monthOf(from) === month && dateOf(from) === date ? days(from) : null;
}

/** A day of the lunar calendar that falls into (or, from the eleventh month on, began in the lunar year before) a Gregorian year. */
function lunarDay(year: number, month: number, date: number): Span | null {
  for (const lunarYear of [year, year - 1]) {
    const count = LunarYear.fromYear(lunarYear).getMonth(month)?.getDayCount() ?? 0;
    if (date > count) continue;
    const eve = date === 0;
    const at =
      fromYmd(
        Lunar.fromYmd(lunarYear, month, eve ? 1 : date)
          .getSolar()
          .toYmd(),
      ) - (eve ? dayMs : 0);
    if (yearOf(at) === year) return days(at);
  }
  return null;
}

function termDay(year: number, term: string): Span | null {
  for (const near of [year, year + 1]) {
    const found = Lunar.fromYmd(near, 1, 1).getJieQiTable()[term];
    const at = found && fromYmd(found.toYmd());
    if (at && yearOf(at) === year) return days(at);
  }
  return null;
}

function ownDay(index: number, year: number): Span | null {
  const when = festivals[index]?.when;
  if (!when || 'moves' in when) return null;
  if ('solar' in when) return solarDay(year, ...when.solar);
  if ('term' in when) return termDay(year, when.term);
  if ('lunar' in when) return lunarDay(year, ...when.lunar);
  const [month, nth, weekday, plus = 0] = when.nth;
  const first = months(year, month).from;
  return days(first + (((weekday - weekdayOf(first) + 7) % 7) + 7 * (nth - 1) + plus) * dayMs);
}

/** The days off around it: the official list as far as it is published, beyond it the usual length. */
function daysOff(index: number, own: Span): Span {
  const off = festivals[index]?.off;
  if (!off) return own;
  const listed = HolidayUtil.getHolidaysByTarget(dateText(own.from))
    .filter((one) => !one.isWork())
    .map((one) => fromYmd(one.getDay()))
    .sort((a, b) => a - b);
  const [first, last] = [listed[0], listed.at(-1)];
  if (first !== undefined && last !== undefined) return { from: first, to: last + dayMs };
  return days(own.from + off[0] * dayMs, off[1]);
}

/** The calendars are slow to ask; a day once found stays. Years are few: those of sentences of this service's life. */
const found = new Map<string, Span | null>();
function kept(key: string, find: () => Span | null): Span | null {
  const before = found.get(key);
  if (before !== undefined) return before;
  const span = find();
  if (found.size > 2_000) found.clear();
  found.set(key, span);
  return span;
}

/** A festival of a Gregorian year: its own day, or all its days off. */
export const festivalIn = (year: number, index: number, off: boolean): Span | null =>
  kept(`${year}-${index}-${off}`, () => {
    const own = ownDay(index, year);
    return own && off ? daysOff(index, own) : own;
  });

export const lunarIn = (year: number, month: number, date: number): Span | null =>
  kept(`${year}-lunar-${month}-${date}`, () => lunarDay(year, month, date));

/** Whether it has no day of its own in any year. */
export const moves = (index: number): boolean => 'moves' in (festivals[index]?.when ?? {});
export const hasDaysOff = (index: number): boolean => festivals[index]?.off !== undefined;
