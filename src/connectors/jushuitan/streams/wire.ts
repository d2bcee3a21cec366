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

/**
 * The windows of `modified` in which all of a query lies, for a call that knows no other: what happened on a day has been modified since
 * then, so the days up to now are read. Each is of at most seven days, the longest that one call may span.
 */
export function modifiedSince({ by, start, end }: SourceQuery, now: Date): Record<string, string | number>[] {
  const until = by === 'io_date' && now > end ? now : end;
  const count = Math.ceil((until.getTime() - start.getTime()) / (7 * dayMs));
  const at = (week: number): Date => new Date(Math.min(start.getTime() + week * 7 * dayMs, until.getTime()));
  return Array.from({ length: count }, (_, week) =>
    windowOf({ by: 'modified', start: at(week), end: at(week + 1) }, 0),
  );
}
