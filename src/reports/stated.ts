import { toIso } from '../shanghai.ts';
import type { DayRead } from '../sync/coverage.ts';
import type { Window } from '../sync/window.ts';

export type Unit = 'orders' | 'yuan' | 'percent' | 'pieces' | 'shops' | 'runs' | 'seconds';

/** A figure as an answer states it, for programs: money and quantities as exact text. */
export interface StatedFigure {
  metric: string;
  value: number | string;
  unit: Unit;
  /** Of which group: `{ shop: '…' }`. */
  by?: Record<string, string>;
  /** What it is about; null = all there is. */
  window: { start: string; end: string } | null;
  /** The days (`YYYY-MM-DD`) it stands for: those of the window that were wholly read. */
  covered: string[];
}

export type Stating = (metric: string, value: number | string, unit: Unit, by?: Record<string, string>) => StatedFigure;

/** States figures about one window. */
export function stating(window: Window | null, days: readonly DayRead[]): Stating {
  const about = {
    window: window && { start: toIso(window.start), end: toIso(window.end) },
    covered: days.flatMap(({ day, read }) => (read === 'whole' ? [day] : [])),
  };
  return (metric, value, unit, by) => ({ metric, value, unit, ...(by ? { by } : {}), ...about });
}
