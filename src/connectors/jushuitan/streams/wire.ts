import { dayMs, toWall } from '../../../shanghai.ts';
import type { SourceQuery } from '../../../sync/connector.ts';

/** Keys that one call takes. */
export const keysACall = 50;

/** The bounds of a window; `date` is the date_type that means the document's own time. Wire bounds are inclusive seconds, ours are half-open. */
export function windowOf(
  { by, start, end }: Pick<SourceQuery, 'by' | 'start' | 'end'>,
  date: number,
): Record<string, string | number> {
  return {
    modified_begin: toWall(start),
    modified_end: toWall(end.getTime() - 1000),
    date_type: by === 'io_date' ? date : 0,
  };
}

/** A stretch in parts of at most seven days, the longest window one call may span. */
export function weeks(start: Date, end: Date): { start: Date; end: Date }[] {
  const count = Math.ceil((end.getTime() - start.getTime()) / (7 * dayMs));
  const at = (week: number): Date => new Date(Math.min(start.getTime() + week * 7 * dayMs, end.getTime()));
  return Array.from({ length: count }, (_, week) => ({ start: at(week), end: at(week + 1) }));
}
