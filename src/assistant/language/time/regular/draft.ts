import type { Paths } from '../grammar/paths.ts';
import type { Counted } from '../rules/count.ts';
import type { Line } from '../rules/line.ts';
import type { CountUnit } from '../value/level.ts';

/** More than a schedule here can hold: several times a day; every other day, working days, a month’s last day. */
export type NotHeld = 'several' | 'not_sayable';

/** Something regular on its way to become a schedule, by its tokens. */
export interface Draft {
  every: string | null;
  at: string | null;
  weekday: number | null;
  /** Of the month. */
  day: number | null;
  ask: NotHeld | null;
  start: number;
  end: number;
  /** 每 or 一次 was said, not only to what it is changed. */
  recurs: boolean;
}

export interface Ground {
  line: Line;
  paths: Paths;
}

export const draft = (start: number, end: number, more: Partial<Draft>): Draft => ({
  every: null,
  at: null,
  weekday: null,
  day: null,
  ask: null,
  recurs: true,
  ...more,
  start,
  end,
});

/** Units that are an interval by themselves. */
export const calendar: Partial<Record<CountUnit, string>> = { day: 'day', week: 'week', month: 'month' };
const minutes: Partial<Record<CountUnit, number>> = { minute: 1, hour: 60, day: 1440 };

/** 「两小时」 as an interval; what is no whole number of minutes, and several days, cannot be set. */
export function interval({ n, unit }: Counted): Pick<Draft, 'every' | 'ask'> {
  const named = calendar[unit];
  if (n === 1 && named) return { every: named, ask: null };
  const total = (n ?? 0) * (minutes[unit] ?? 0);
  if (total <= 0 || total % 1 !== 0 || (unit === 'day' && total >= 1440)) return { every: null, ask: 'not_sayable' };
  return { every: total % 60 === 0 && unit !== 'minute' ? `${total / 60}h` : `${total}m`, ask: null };
}
