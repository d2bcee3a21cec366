/** How large a stretch a value names; larger ones hold smaller ones. `days` is several days of no calendar unit. */
export const level = {
  clock: 1,
  part: 2,
  day: 3,
  days: 4,
  week: 5,
  third: 6,
  month: 7,
  quarter: 8,
  half: 9,
  year: 10,
} as const;
export type Level = (typeof level)[keyof typeof level];

export const bit = (...levels: readonly Level[]): number => levels.reduce((mask, one) => mask | (1 << one), 0);

export type CountUnit = 'minute' | 'hour' | 'day' | 'week' | 'month' | 'quarter' | 'year' | 'weekday' | 'weekend';

export const levelOfUnit: Readonly<Record<CountUnit, Level>> = {
  minute: level.clock,
  hour: level.clock,
  day: level.day,
  weekday: level.day,
  weekend: level.days,
  week: level.week,
  month: level.month,
  quarter: level.quarter,
  year: level.year,
};

const names = ['', 'clock', 'part', 'day', 'days', 'week', 'third', 'month', 'quarter', 'half', 'year'];
export const nameOf = (of: Level): string => names[of] ?? '';
