import { dayMs, hourMs, minuteMs, type Span } from '../calendar.ts';
import type { ClockStep, PartName } from './step.ts';

/** Parts of a day: from which hour to which, and the hours of a twelve-hour clock that are said with them. */
const parts: Readonly<Record<PartName, readonly [from: number, to: number]>> = {
  'small-hours': [0, 6],
  morning: [6, 12],
  forenoon: [0, 12],
  noon: [11, 14],
  afternoon: [12, 18],
  daytime: [6, 18],
  dusk: [17, 19],
  midnight: [0, 6],
  evening: [18, 24],
  night: [18, 24],
};

export const partOf = (name: PartName, day: number): Span => ({
  from: day + parts[name][0] * hourMs,
  to: day + parts[name][1] * hourMs,
});

/** The hour of 24 that is meant by an hour said with a part of the day; 24 and more are the next day's. Null: no such hour. */
export function hourIn(part: PartName | null, hour: number): number | null {
  if (hour > 24) return null;
  if (part === null || part === 'daytime') return hour;
  if (part === 'small-hours') return hour === 12 || hour === 24 ? 0 : hour < 12 ? hour : null;
  if (part === 'midnight')
    return hour >= 11 && hour <= 12 ? hour + 12 : hour === 0 ? 24 : hour < 7 || hour > 21 ? hour : null;
  if (part === 'morning' || part === 'forenoon') return hour <= 12 ? hour : null;
  if (part === 'noon') return hour < 4 ? hour + 12 : hour <= 15 ? hour : null;
  if (part === 'evening' || part === 'night') {
    if (hour === 0 || hour === 12) return 24;
    // 「晚上2点」 is after midnight.
    return hour < 5 ? hour + 24 : hour < 12 ? hour + 12 : hour >= 17 ? hour : null;
  }
  return hour < 12 ? hour + 12 : hour <= 23 ? hour : null;
}

/** The clock's own stretch on a day: an hour, or with minutes a minute. */
export function hoursOf(step: ClockStep, day: number): Span | null {
  const hour = hourIn(step.part, step.hour);
  if (hour === null || step.minute > 59 || step.second > 59) return null;
  if (step.hour === 24 && step.minute + step.second > 0) return null;
  const from = day + hour * hourMs + step.minute * minuteMs + step.second * 1000;
  return { from, to: from + (step.fine ? minuteMs : hourMs) };
}

/** Up to a clock at the end of a range: 23:59:59 and 23:59 are the day's end. */
export function upTo(instant: number): number {
  const rest = instant % dayMs;
  if (rest === dayMs - 1000) return instant + 1000;
  return rest === dayMs - minuteMs ? instant + minuteMs : instant;
}
