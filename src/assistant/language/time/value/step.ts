import type { CountUnit } from './level.ts';

export type PartName =
  | 'small-hours'
  | 'morning'
  | 'forenoon'
  | 'noon'
  | 'afternoon'
  | 'daytime'
  | 'dusk'
  | 'midnight'
  | 'evening'
  | 'night';
export type Edge = 'start' | 'middle' | 'end';

/** A clock as said: 「下午3点半」 has its part; without one the hour is read as of 24. */
export interface ClockStep {
  kind: 'clock';
  hour: number;
  minute: number;
  second: number;
  /** Minutes or seconds were said: it lasts a minute, else an hour. */
  fine: boolean;
  part: PartName | null;
}

/** One step of a path, from a larger stretch into a smaller one. Those of the first group need nothing before them. */
export type Step =
  | { kind: 'year'; n: number }
  /** The unit so many from the one we are in: 「上周」 = week −1. Implied in 「月底」, where another month may have been named. */
  | { kind: 'near'; unit: CountUnit; n: number; implied?: true }
  /** Up to now: 「最近三天」. */
  | { kind: 'rolling'; n: number; unit: CountUnit }
  /** Whole units next to the present one, or up to it: 「前两周」, 「这两天」, 「未来三天」. */
  | { kind: 'whole'; n: number; unit: CountUnit; side: 'before' | 'with' | 'after' }
  /** The day, or for hours and minutes the moment, so long ago; negative: ahead. */
  | { kind: 'ago'; n: number; unit: CountUnit }
  | { kind: 'stamp'; at: number; fine: boolean }
  | { kind: 'few'; unit: CountUnit; side: 'with' | 'before' }
  | { kind: 'vague' }
  | { kind: 'month' | 'quarter' | 'half' | 'third' | 'half-month' | 'day' | 'weekday'; n: number }
  | { kind: 'weekend' }
  | { kind: 'festival'; n: number; off: boolean }
  | { kind: 'lunar'; month: number; day: number }
  | { kind: 'nth'; n: number; unit: CountUnit; weekday: number }
  | { kind: 'run'; n: number; unit: CountUnit; end: 'first' | 'last' }
  | { kind: 'edge'; end: Edge }
  | { kind: 'shift'; n: number; unit: CountUnit; side: 'before' | 'after' }
  | { kind: 'around'; unit: 'week' | 'month' }
  /** 「上周的今天」. */
  | { kind: 'same' }
  | { kind: 'part'; name: PartName }
  | ClockStep
  /** Names nothing there is: September 31, 25 o'clock. */
  | { kind: 'none'; what: 'date' | 'clock' };
