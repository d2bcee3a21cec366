import { CronExpressionParser } from 'cron-parser';
import { AppError } from '../errors.ts';
import { excerpt } from '../format.ts';
import { dayMs } from '../shanghai.ts';

const tz = 'Asia/Shanghai';
/** One field: numbers, names of days and months, ranges, lists and steps. What else parsers know they do not all know. */
const item = String.raw`(?:\*|\?|\d+|[a-z]{3})(?:-(?:\d+|[a-z]{3}))?(?:/\d+)?`;
const field = new RegExp(`^${item}(?:,${item})*$`, 'i');

/** Whether these are the five fields of a cron that has ticks. */
export function isCron(text: string): boolean {
  const fields = text.trim().split(/\s+/);
  if (fields.length !== 5 || !fields.every((one) => field.test(one))) return false;
  try {
    CronExpressionParser.parse(text, { tz }).next();
    return true;
  } catch {
    return false;
  }
}

/** The instant of the next tick after `after`. */
export function nextTick(cron: string, after: Date): Date {
  return CronExpressionParser.parse(cron, { tz, currentDate: after }).next().toDate();
}

/** The instant of the last tick before `now`. */
export function lastTick(cron: string, now: Date): Date {
  return CronExpressionParser.parse(cron, { tz, currentDate: now }).prev().toDate();
}

/** The shortest time between two ticks, as the hours and minutes of a day say it. */
export function shortestGapMs(cron: string): number {
  const { hour, minute } = CronExpressionParser.parse(cron, { tz }).fields;
  const ticks = hour.values.flatMap((hours) => minute.values.map((minutes) => Number(hours) * 60 + Number(minutes)));
  const ordered = ticks.sort((a, b) => a - b).map((minutes) => minutes * 60_000);
  const gaps = ordered.map((tick, index) => (ordered[index + 1] ?? (ordered[0] ?? 0) + dayMs) - tick);
  return Math.min(...gaps);
}

/** Refuses what is no schedule, or one that leaves a run too little time. Codes: `schedule.not_a_cron`, `schedule.too_often`. */
export function refuseCron(cron: string, leastMs: number): void {
  if (!isCron(cron)) throw new AppError('schedule.not_a_cron', 'data', { params: { cron: excerpt(cron) || '—' } });
  const gap = shortestGapMs(cron);
  if (gap >= leastMs) return;
  const [minutes, least] = [gap / 60_000, leastMs / 60_000];
  throw new AppError('schedule.too_often', 'data', { params: { cron: excerpt(cron), minutes, least } });
}
