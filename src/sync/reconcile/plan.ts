import { dayMs, startOfDay, toDay } from '../../shanghai.ts';
import type { Sql } from '../../store/sql.ts';
import type { SourceQuery } from '../connector.ts';
import type { PipelineParts } from '../parts.ts';
import { readsOf, seenUntil } from '../seen.ts';
import { parseDay } from '../window.ts';
import type { DayPlan, Progress, Reconciliation } from './reconciliation.ts';
import type { Work } from './work.ts';

/** What the ledger has seen is good for so long; beyond, reading the changes since would cost more than reading the day. */
const freshMs = dayMs;

/**
 * Counts every day at the source, which says how long reading will take, and finds out which days need no reading: those the ledger
 * has seen whole after they had closed, less than a day ago, and of which it holds exactly as many orders as the source counts now.
 * What changed since then is read by `modified` afterwards. The target is always read: what people do there by hand is known only
 * there.
 */
export async function planDays(work: Work): Promise<void> {
  const { sql, now, parts, reconciliation } = work;
  const { days, place, start, end, pipeline } = reconciliation;
  const reads = await readsOf(sql, pipeline, reconciliation);
  const twice = await countedTwice(sql, pipeline);
  const length = Math.round((end.getTime() - start.getTime()) / dayMs);
  for (let index = place.index; index < length; index++) {
    const day = new Date(start.getTime() + index * dayMs);
    const { status } = parts.pipeline.source.params;
    const counted = await parts.source.count({ ...dayQuery(parts, day), statuses: status ? [status] : [] });
    const until = seenUntil(reads, day, parts.pipeline.schedule.lookback);
    const fresh = counted !== null && until !== null && now().getTime() - until.getTime() < freshMs;
    const held = fresh ? await heldInLedger(sql, pipeline, day, status) : null;
    const name = toDay(day);
    const known = held !== null && counted === held + (twice.get(name) ?? 0);
    days[index] = {
      day: name,
      from: known ? 'ledger' : 'source',
      counted,
      orders: known ? held : null,
      seen: (until ?? now()).toISOString(),
    };
    await work.reach({ stage: 'plan', index: index + 1 }, expectation(parts, days));
  }
}

/** The orders of one day by io_date, whatever their status: the precondition decides here which of them should have a bill. */
export function dayQuery({ pipeline }: PipelineParts, start: Date): SourceQuery {
  const { status: _status, ...params } = pipeline.source.params;
  const end = new Date(start.getTime() + dayMs);
  return { by: 'io_date', start, end, statuses: [], params, pageSize: pipeline.source.page_size };
}

/** Calls to come, from the counts: the days' pages, and at least one more a route, since the last page may be a short one. */
function expectation({ pipeline, source }: PipelineParts, days: readonly DayPlan[]): Progress {
  const pages = ({ counted }: DayPlan): number => Math.ceil((counted ?? 0) / pipeline.source.page_size);
  const sum = (from: DayPlan['from'], of: (day: DayPlan) => number): number =>
    days.filter((day) => day.from === from).reduce((total, day) => total + of(day), 0);
  const expected = sum('source', pages) + days.length * source.routes.length;
  const counts = days.map(({ counted }) => counted);
  return {
    total: counts.includes(null) ? null : counts.reduce<number>((total, count) => total + (count ?? 0), 0),
    expected,
    saved: sum('ledger', pages),
    savedDays: sum('ledger', () => 1),
    leftMs: expected * msACall(pipeline.limits.source),
  };
}

export const msACall = ({ per_second, per_minute }: { per_second: number; per_minute: number }): number =>
  Math.max(1000 / per_second, 60_000 / per_minute);

async function heldInLedger(sql: Sql, pipeline: string, day: Date, status: string | undefined): Promise<number> {
  const [row] = await sql.query<{ count: number }>(
    `select count(*) as count from documents
     where pipeline = $1 and io_date >= $2 and io_date < $3 and ($4::text is null or source_status = $4)`,
    [pipeline, day, new Date(day.getTime() + dayMs), status ?? null],
  );
  return row?.count ?? 0;
}

/** How many orders of a day the source counted twice, having them on two routes, when a reconciliation last read it in full. */
async function countedTwice(sql: Sql, pipeline: string): Promise<Map<string, number>> {
  const rows = await sql.query<{ days: DayPlan[] }>(
    `select days from reconciliations where pipeline = $1 and state = 'done' order by created_at`,
    [pipeline],
  );
  const read = rows.flatMap(({ days }) => days).filter(({ from }) => from === 'source');
  return new Map(
    read.flatMap(({ day, counted, orders }): [string, number][] =>
      counted === null || orders === null ? [] : [[day, counted - orders]],
    ),
  );
}

/** The earliest instant after which changes may be unknown to us. */
export function unseenFrom({ days }: Reconciliation): Date {
  return new Date(Math.min(...days.map(({ seen }) => Date.parse(seen))));
}

export const dayOf = ({ day }: DayPlan): Date => startOfDay(parseDay(day));
