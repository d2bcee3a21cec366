import { dayMs, startOfDay, toDay } from '../shanghai.ts';
import type { Sql } from '../store/sql.ts';
import type { Window } from './window.ts';

/** A day of a window, and how much of what has happened on it the ledger has read. */
export interface DayRead {
  /** `YYYY-MM-DD` */
  day: string;
  read: 'whole' | 'part' | 'none';
  /** Of a part that begins where the day does: until when; else null. */
  until: Date | null;
}

interface Span {
  from: number;
  to: number;
}

/**
 * What of a window has been read, day by day; what has not happened yet is no day. A run of whole windows has read what had happened when
 * it began; the runs that follow changes have read everything since the first of them, each going on where the one before it stopped.
 */
export async function daysRead(sql: Sql, pipeline: string, { start, end }: Window, now: Date): Promise<DayRead[]> {
  const spans = await readSpans(sql, pipeline, { start, end });
  const days: DayRead[] = [];
  for (let from = start.getTime(); from < Math.min(end.getTime(), now.getTime()); ) {
    const to = Math.min(startOfDay(from).getTime() + dayMs, end.getTime());
    days.push({ day: toDay(from), ...readOf({ from, to: Math.min(to, now.getTime()) }, spans) });
    from = to;
  }
  return days;
}

async function readSpans(sql: Sql, pipeline: string, { start, end }: Window): Promise<Span[]> {
  const rows = await sql.query<{ from: Date; to: Date }>(
    `select window_start as "from", least(window_end, started_at) as "to" from runs
     where pipeline = $1 and kind = 'sync' and window_by = 'io_date' and filters = '{}'::jsonb
       and state in ('succeeded', 'partial') and window_start < $3 and window_end > $2
     union all
     select min(window_start), max(started_at) from runs
     where pipeline = $1 and window_by = 'changes' and state in ('succeeded', 'partial') having count(*) > 0`,
    [pipeline, start, end],
  );
  return rows.map(({ from, to }) => ({ from: from.getTime(), to: to.getTime() })).sort((a, b) => a.from - b.from);
}

function readOf({ from, to }: Span, spans: readonly Span[]): Pick<DayRead, 'read' | 'until'> {
  let reached = from;
  for (const span of spans) if (span.from <= reached) reached = Math.max(reached, span.to);
  if (reached >= to) return { read: 'whole', until: null };
  if (reached > from) return { read: 'part', until: new Date(reached) };
  const touched = spans.some((span) => span.from < to && span.to > from);
  return { read: touched ? 'part' : 'none', until: null };
}
