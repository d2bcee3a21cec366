import { dayMs, startOfDay, toDay } from '../shanghai.ts';
import type { Sql } from '../store/sql.ts';
import { isOpenFailure } from './outcomes.ts';
import type { Pipeline } from './pipeline.ts';
import type { Window } from './window.ts';

/** A run to its end over everything of a window by io_date. */
interface Read extends Window {
  began: Date;
}

/** What the runs of a pipeline have read. */
export interface Reads {
  windows: readonly Read[];
  /** From the first to the last of the runs that follow changes; null when there were none. */
  followed: { since: Date; until: Date } | null;
}

/** The reads that have to do with days of a window. */
export async function readsOf(sql: Sql, pipeline: string, { start, end }: Window): Promise<Reads> {
  const ended = `pipeline = $1 and kind = 'sync' and filters = '{}'::jsonb and state in ('succeeded', 'partial') and started_at is not null`;
  const windows = await sql.query<Read>(
    `select window_start as start, window_end as "end", started_at as began from runs
     where ${ended} and window_by = 'io_date' and window_start < $3 and window_end > $2`,
    [pipeline, start, end],
  );
  const [followed] = await sql.query<{ since: Date | null; until: Date | null }>(
    `select min(window_start) as since, max(started_at) as until from runs where ${ended} and window_by = 'changes'`,
    [pipeline],
  );
  const { since = null, until = null } = followed ?? {};
  return { windows, followed: since && until ? { since, until } : null };
}

/**
 * Until when the ledger has seen everything of a day, null when it never has. Either runs have read the whole day, at once or in parts,
 * after it had closed, or the runs that follow changes were on since before the day began; and what these took in since counts, too.
 */
export function seenUntil({ windows, followed }: Reads, day: Date, lookbackMs: number): Date | null {
  const closed = day.getTime() + dayMs;
  const since = Math.max(
    readSince(windows, day, closed),
    followed && followed.since <= day ? day.getTime() : Number.NEGATIVE_INFINITY,
  );
  const until = followed && followed.since.getTime() <= since ? Math.max(since, followed.until.getTime()) : since;
  // Rows are written a little after the time they carry: what came within the look-back is looked at again.
  return Number.isFinite(until) && until >= closed ? new Date(until - lookbackMs) : null;
}

/** Since when a day is known that was read after it had closed: the latest reads that hold it together, as of the oldest of them. */
function readSince(windows: readonly Read[], day: Date, closed: number): number {
  const after = windows
    .filter((read) => touches(read, day) && read.began.getTime() >= closed)
    .sort((a, b) => b.began.getTime() - a.began.getTime());
  for (let count = 1; count <= after.length; count++)
    if (heldFrom(after.slice(0, count), day.getTime()) >= closed) return after[count - 1]?.began.getTime() ?? 0;
  return Number.NEGATIVE_INFINITY;
}

/** Whether a read has to do with a day, and began when there was something to read of it. */
const touches = ({ start, end, began }: Read, day: Date): boolean =>
  start.getTime() < day.getTime() + dayMs && end > day && began > day;

/** How far windows reach without a gap from an instant on. */
function heldFrom(windows: readonly Window[], from: number): number {
  const inOrder = [...windows].sort((a, b) => a.start.getTime() - b.start.getTime());
  return inOrder.reduce((to, { start, end }) => (start.getTime() <= to ? Math.max(to, end.getTime()) : to), from);
}

/** `open`: read only while the day went on; `part`: some of it, or only some orders. */
export type HowRead = 'whole' | 'open' | 'part' | 'never';

export interface SeenDay {
  start: Date;
  read: HowRead;
  /** Until when a day that was still open has been read. */
  until: Date | null;
  /** Orders of it that are failed now. */
  failed: number;
}

/** How each closed day of a window (whole Shanghai days) stands in the ledger. */
export async function seenDays(sql: Sql, { id, schedule }: Pipeline, { start, end }: Window): Promise<SeenDay[]> {
  const reads = await readsOf(sql, id, { start, end });
  const rows = await sql.query<{ day: string; reached: number; failed: number }>(
    `select to_char(io_date at time zone 'Asia/Shanghai', 'YYYY-MM-DD') as day,
       count(*) filter (where state not in ('ready', 'skipped', 'failed')) as reached, count(*) filter (where ${isOpenFailure()}) as failed
     from documents where pipeline = $1 and io_date >= $2 and io_date < $3 group by 1`,
    [id, start, end],
  );
  const kept = new Map(rows.map((row) => [row.day, row]));
  const days = Array.from({ length: Math.round((end.getTime() - start.getTime()) / dayMs) }, (_, index) =>
    startOfDay(start.getTime() + index * dayMs),
  );
  return days.map((day) => {
    const { reached = 0, failed = 0 } = kept.get(toDay(day)) ?? {};
    if (seenUntil(reads, day, schedule.lookback)) return { start: day, read: 'whole', until: null, failed };
    const until = openUntil(reads, day);
    if (until) return { start: day, read: 'open', until, failed };
    const touched = reads.windows.some((read) => touches(read, day));
    return { start: day, read: reached > 0 || touched ? 'part' : 'never', until: null, failed };
  });
}

/** Up to when a day was read that was still open, from its beginning on; null when it was not. */
function openUntil({ windows, followed }: Reads, day: Date): Date | null {
  const inTime = windows
    .filter((read) => touches(read, day) && read.began.getTime() < day.getTime() + dayMs)
    .map(({ start, end, began }) => ({ start, end: end < began ? end : began }));
  const follow = followed && followed.since <= day ? [{ start: day, end: followed.until }] : [];
  const until = heldFrom([...inTime, ...follow], day.getTime());
  return until > day.getTime() ? new Date(until) : null;
}
