import type { FailureCategory } from '../errors.ts';
import type { Sql } from '../store/sql.ts';
import type { SourceOrder, TargetBill } from './connector.ts';
import { isOpenFailure } from './outcomes.ts';
import type { PipelineParts } from './parts.ts';
import { namedRun } from './run.ts';
import type { SyncService } from './service.ts';
import { upstreamOf } from './upstream.ts';

export interface RepairedParts {
  sql: Sql;
  sync: SyncService;
  now: Date;
}

/** Causes that can be looked at before anything is sent: the mapping, the base data and the stocks say whether they are gone. */
const seen: readonly FailureCategory[] = [
  'value_map_missing',
  'material_missing',
  'base_data_missing',
  'not_allocated',
  'negative_stock',
  'upstream_missing',
];
/** Causes that only a try can tell: one document is tried, and when it goes through the others follow. */
const probed: readonly FailureCategory[] = ['period_closed', 'transport', 'rate_limited', 'session', 'permission'];

const documentsALook = 500;
const stockQuestionsALook = 20;
const waitMs = 30 * 60_000;
const longestWaitMs = 24 * 3_600_000;

interface Failed {
  key: string;
  category: FailureCategory;
  order: SourceOrder;
  dateOverride: string | null;
  tries: number;
}

/**
 * Starts a retry of what failed for a cause that is gone (补漏); true when there was something. A cause that outlives its tries
 * does not wear the target out: a document waits longer after every try, and a probe is sent twice an hour at most.
 */
export async function retryRepaired(parts: RepairedParts, id: string): Promise<boolean> {
  const pipeline = parts.sync.pipelines.get(id);
  // What the brake would stop is no try: nothing waits longer for it.
  if (!pipeline || (await parts.sync.brake.held())) return false;
  const keys = await whatIsGone(parts, id, pipeline);
  for (const category of probed) keys.push(...(await whatAProbeShows(parts, id, category)));
  if (keys.length === 0) return false;
  await parts.sync.start(
    namedRun(
      { pipeline: id, kind: 'retry', trigger: 'schedule', requester: { person: 'schedule', conversation: 'schedule' } },
      keys,
      parts.now,
    ),
  );
  return true;
}

/** A wait whose end has come by $3, or lies further ahead than any wait lasts: it was set by another clock. */
const isOver = (column: string): string =>
  `(${column} <= $3 or ${column} > $3::timestamptz + interval '${longestWaitMs / 3_600_000 + 1} hours')`;

/** Failed documents that nobody holds and whose wait is over; which of very many is chance, so that none is left out for ever. */
const due = `from documents d left join automatic_retries a on a.pipeline = d.pipeline and a.key = d.key
  where d.pipeline = $1 and ${isOpenFailure('d.')} and d.category = any($2)
    and (d.held_until is null or d.held_until <= $3) and (a.next_at is null or ${isOver('a.next_at')})`;

async function whatIsGone(parts: RepairedParts, id: string, pipeline: PipelineParts): Promise<string[]> {
  const { sql, now } = parts;
  await sql.query(
    `delete from automatic_retries a using documents d
     where a.pipeline = $1 and a.category = any($2) and d.pipeline = a.pipeline and d.key = a.key and not (${isOpenFailure('d.')})`,
    [id, [...seen]],
  );
  const failed = await sql.query<Failed>(
    `select d.key, d.category, d.raw as "order", to_char(d.date_override, 'YYYY-MM-DD') as "dateOverride", coalesce(a.tries, 0) as tries
     ${due} order by random() limit ${documentsALook}`,
    [id, [...seen], now],
  );
  if (failed.length === 0) return [];
  const gone = await withoutCause(parts, pipeline, failed);
  const broken = failed.filter((document) => !gone.includes(document));
  await sql.query('delete from automatic_retries where pipeline = $1 and key = any($2)', [
    id,
    broken.map(({ key }) => key),
  ]);
  for (const { key, category, tries } of gone)
    await noteTry(sql, { id, key, category, tries: tries + 1, next: later(now, waitMs * 2 ** tries) });
  return gone.map(({ key }) => key);
}

/** Those that map now, whose upstream is written, that name nothing that is missing, and take no more than there is. */
async function withoutCause(
  { sql, sync, now }: RepairedParts,
  { pipeline, mapping, target }: PipelineParts,
  failed: readonly Failed[],
): Promise<Failed[]> {
  const upstream = await upstreamOf({ sql, pipelines: sync.pipelines, pipeline }, failed);
  const mapped = failed.flatMap((document): { document: Failed; bill: TargetBill }[] => {
    try {
      const order = upstream.priced(document.order, now);
      return [{ document, bill: mapping.apply(order, document.dateOverride).bill }];
    } catch {
      return []; // it is still missing
    }
  });
  target.forget();
  const missing = await target.missing(mapped.map(({ bill }) => bill));
  const complete = mapped.filter((_, index) => missing[index]?.length === 0);
  const gone = complete.filter(({ document }) => document.category !== 'negative_stock');
  const short = complete.filter(({ document }) => document.category === 'negative_stock');
  for (const one of short.slice(0, stockQuestionsALook))
    if ((await target.shortages(one.bill)).length === 0) gone.push(one);
  return gone.map(({ document }) => document);
}

/** One document of the cause, twice an hour; all others when one that was tried has gone through. */
async function whatAProbeShows({ sql, now }: RepairedParts, id: string, category: FailureCategory): Promise<string[]> {
  const settled = await sql.query<{ through: boolean }>(
    `delete from automatic_retries a using documents d
     where a.pipeline = $1 and a.category = $2 and d.pipeline = a.pipeline and d.key = a.key and not (${isOpenFailure('d.')})
     returning d.state = 'done' and d.date_override is null as through`,
    [id, category],
  );
  // One that was moved to another day says nothing about its own.
  if (settled.some(({ through }) => through))
    return (await sql.query<{ key: string }>(`select d.key ${due} order by d.key`, [id, [category], now])).map(
      ({ key }) => key,
    );
  const [waiting] = await sql.query(
    `select key from automatic_retries where pipeline = $1 and category = $2 and not ${isOver('next_at')} limit 1`,
    [id, category, now],
  );
  if (waiting) return [];
  const [newest] = await sql.query<{ key: string }>(
    `select d.key ${due} order by d.io_date desc nulls last, d.key limit 1`,
    [id, [category], now],
  );
  if (!newest) return [];
  await noteTry(sql, { id, key: newest.key, category, tries: 1, next: later(now, waitMs) });
  return [newest.key];
}

const later = (now: Date, ms: number): Date => new Date(now.getTime() + Math.min(ms, longestWaitMs));

async function noteTry(
  sql: Sql,
  { id, key, category, tries, next }: { id: string; key: string; category: string; tries: number; next: Date },
): Promise<void> {
  await sql.query(
    `insert into automatic_retries (pipeline, key, category, tries, next_at) values ($1, $2, $3, $4, $5)
     on conflict (pipeline, key) do update set category = excluded.category, tries = excluded.tries, next_at = excluded.next_at`,
    [id, key, category, tries, next],
  );
}
