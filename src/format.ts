import { Decimal } from './decimal.ts';
import { storable } from './json.ts';
import { hasPhrase, phrase } from './phrases.ts';
import { dayMs, startOfDay, toWall } from './shanghai.ts';

/** `¥48,210.50` */
export function money(amount: string | Decimal): string {
  const fixed = new Decimal(amount).toFixed(2);
  return `¥${fixed.replace(/\B(?=(\d{3})+(?=\.))/g, ',')}`;
}

/** `11-22（周日）` */
export function dayLabel(instant: Date, year = false): string {
  const weekday = new Date(startOfDay(instant).getTime() + 12 * 3_600_000).getUTCDay();
  const day = toWall(instant).slice(year ? 0 : 5, 10);
  return phrase('replies.day', { day, weekday: phrase(`replies.weekday.${weekday}`) });
}

const isMidnight = (instant: Date): boolean => startOfDay(instant).getTime() === instant.getTime();

/** A half-open window as people read it: `11-22（周日）00:00 → 24:00`, `11-20（周五）00:00 → 11-22（周日）24:00`; one without an end is its start. With the year where
 * it is not that of `today`. */
export function windowLabel(start: Date, end: Date, today?: Date): string {
  const year = today !== undefined && [start, end].some((at) => toWall(at).slice(0, 4) !== toWall(today).slice(0, 4));
  const from = `${dayLabel(start, year)}${toWall(start).slice(11, 16)}`;
  if (end <= start) return from;
  const lastInside = new Date(end.getTime() - 1);
  const endClock = isMidnight(end) ? '24:00' : toWall(end).slice(11, 16);
  const endDay = isMidnight(end) ? lastInside : end;
  const sameDay = startOfDay(start).getTime() === startOfDay(endDay).getTime();
  return `${from} → ${sameDay ? '' : dayLabel(endDay, year)}${endClock}`;
}

/** The days alone: `11-22（周日）`, `11-20（周五）至 11-22（周日）`. */
export function daysLabel(start: Date, end: Date): string {
  const last = new Date(end.getTime() - 1);
  return last.getTime() - startOfDay(start).getTime() < dayMs
    ? dayLabel(start)
    : phrase('replies.days', { from: dayLabel(start), to: dayLabel(last) });
}

/** `48 秒`, `3 分 5 秒`, `2 小时 5 分` */
export function duration(ms: number): string {
  const seconds = Math.max(1, Math.round(ms / 1000));
  if (seconds >= 3600)
    return phrase('replies.hours', { hours: Math.floor(seconds / 3600), minutes: Math.floor((seconds % 3600) / 60) });
  return seconds < 60
    ? phrase('replies.seconds', { seconds })
    : phrase('replies.minutes', { minutes: Math.floor(seconds / 60), seconds: seconds % 60 });
}

/** The first `most` of a list and how many there are: 「A、B 等 5 个」; `count` where the list holds only the first of them. */
export function someOf(items: readonly string[], most: number, count = items.length): string {
  const shown = items.slice(0, most).join('、');
  return count > most ? phrase('replies.and_more', { shown, count }) : shown;
}

/** A person's name, or where they are when it is not known: an id says nothing to anybody. */
export function personName(person: string | null, name: string | null): string {
  const where = `alerts.person.${(person ?? '').split(':', 1)[0]}`;
  return name ?? phrase(hasPhrase(where) ? where : 'alerts.person.other');
}

const excerptChars = 40;

/** A value from outside as it can stand in a sentence, whatever it is. */
export function excerpt(value: unknown): string {
  const text = storable(typeof value === 'string' ? value : String(JSON.stringify(value))).trim();
  return text.length > excerptChars ? `${text.slice(0, excerptChars).toWellFormed()}…` : text;
}
