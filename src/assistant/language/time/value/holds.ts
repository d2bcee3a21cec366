import { bit, type CountUnit, type Level, level, levelOfUnit } from './level.ts';
import type { Step } from './step.ts';

const { year, half, quarter, month, third, week, days, day, part, clock } = level;
const anyDays = bit(day, days, week, third, month, quarter, half, year);
/** Units larger than one's own. */
const above = (unit: CountUnit): number =>
  unit === 'day'
    ? bit(days, week, third, month, quarter, half, year)
    : unit === 'week' || unit === 'weekday' || unit === 'weekend'
      ? bit(month, quarter, half, year)
      : unit === 'month'
        ? bit(quarter, half, year)
        : bit(year);

/** What may hold it, as a mask of levels; 0 for what stands by itself. */
export function needs(step: Step): number {
  switch (step.kind) {
    case 'month':
      return bit(year, half, quarter);
    case 'quarter':
    case 'half':
    case 'festival':
    case 'lunar':
      return bit(year);
    case 'third':
    case 'half-month':
    case 'day':
      return bit(month);
    case 'weekday':
    case 'weekend':
      return bit(week);
    case 'nth':
      return step.unit === 'day' ? anyDays : above(step.unit);
    case 'run':
      return above(step.unit);
    case 'edge':
      return bit(week, month, quarter, half, year);
    case 'same':
      return bit(week, month, year);
    case 'shift':
      return anyDays;
    case 'around':
      return bit(day);
    case 'part':
      return bit(day);
    case 'clock':
      return bit(day, part);
    case 'none':
      return step.what === 'date' ? bit(year, half, quarter, month, week) : bit(day, part);
    case 'vague':
      return anyDays;
    default:
      return 0;
  }
}

const alone: ReadonlySet<Step['kind']> = new Set<Step['kind']>([
  'year',
  'near',
  'rolling',
  'whole',
  'ago',
  'stamp',
  'few',
  'vague',
]);

/** Whether a path may begin with it. */
export const begins = (step: Step): boolean => alone.has(step.kind) || roams(step) !== 0;

/** How large what it names is. */
export function gives(step: Step): Level {
  switch (step.kind) {
    case 'year':
      return year;
    case 'near':
    case 'nth':
      return levelOfUnit[step.unit];
    case 'whole':
      return step.n === 1 ? levelOfUnit[step.unit] : days;
    // Seven days from somewhere are no week of the calendar.
    case 'run':
    case 'shift':
      return step.n === 1 && step.unit !== 'week' ? levelOfUnit[step.unit] : days;
    case 'ago':
      return levelOfUnit[step.unit] === clock ? clock : day;
    case 'month':
      return month;
    case 'quarter':
      return quarter;
    case 'half':
      return half;
    case 'third':
    case 'half-month':
      return third;
    case 'festival':
      return step.off ? days : day;
    case 'around':
      return step.unit === 'week' ? week : month;
    case 'day':
    case 'weekday':
    case 'lunar':
    case 'same':
      return day;
    case 'part':
      return part;
    case 'clock':
    case 'stamp':
      return clock;
    case 'none':
      return step.what === 'date' ? day : clock;
    default:
      return days;
  }
}

/** The unit of which a path that begins with this step is one of each: 「周五」 is one of each week. 0: it cannot begin one. */
export function roams(step: Step): Level | 0 {
  switch (step.kind) {
    case 'month':
    case 'quarter':
    case 'half':
    case 'festival':
    case 'lunar':
      return year;
    case 'third':
    case 'half-month':
    case 'day':
      return month;
    case 'weekday':
    case 'weekend':
      return week;
    case 'nth':
      return step.unit === 'week' && step.n > 5 ? year : step.unit === 'week' || step.unit === 'weekday' ? month : 0;
    // 「前三季度」 are those of a year.
    case 'run':
      return step.unit === 'quarter' ? year : 0;
    case 'part':
    case 'clock':
      return day;
    case 'none':
      return step.what === 'date' ? year : day;
    default:
      return 0;
  }
}
