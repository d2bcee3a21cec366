import { createHash } from 'node:crypto';
import { statfs } from 'node:fs/promises';
import { phrase } from '../phrases.ts';
import type { Sql } from '../store/sql.ts';

export interface Condition {
  fingerprint: string;
  pipeline: string;
  /** A failure category, or one of ours: run_failed, run_stuck, reconcile_differs, channel_down, disk_full. */
  category: string;
  severity: 'urgent' | 'normal';
  count: number;
  message: string;
  next: string;
  orders: string[];
  subjects: string[];
  /** What the members' sentences were filled with, each once. */
  details: Record<string, string | number>[];
}

export interface Surroundings {
  sql: Sql;
  now: Date;
  pipelines: readonly string[];
  dataDir: string;
  channels: readonly { name: string; up: boolean; everUp: boolean }[];
}

const stuckMs = 600_000;
const dayMs = 86_400_000;
const fullShare = 0.05;
/** Causes that stop everything behind them. */
const urgent = new Set(['session', 'permission']);

export function fingerprintOf(pipeline: string, category: string): string {
  return createHash('sha256').update(`${pipeline}\n${category}`).digest('hex').slice(0, 16);
}

/** All that is wrong now, read from the ledger and the surroundings; one condition a pipeline and cause. */
export async function currentConditions(around: Surroundings): Promise<Condition[]> {
  const found = await Promise.all([
    ...around.pipelines.flatMap((pipeline) => [
      failedDocuments(around, pipeline),
      failedRun(around, pipeline),
      stuckRuns(around, pipeline),
      differences(around, pipeline),
    ]),
    disk(around),
    downChannels(around),
  ]);
  return found.flat();
}

const condition = (
  pipeline: string,
  category: string,
  rest: Partial<Condition> & Pick<Condition, 'count' | 'message' | 'next'>,
): Condition => ({
  fingerprint: fingerprintOf(pipeline, category),
  pipeline,
  category,
  severity: urgent.has(category) ? 'urgent' : 'normal',
  orders: [],
  subjects: [],
  details: [],
  ...rest,
});

async function failedDocuments({ sql }: Surroundings, pipeline: string): Promise<Condition[]> {
  const rows = await sql.query<{
    category: string | null;
    count: number;
    message: string | null;
    next: string | null;
    orders: string[];
    subjects: string[][] | null;
    details: Record<string, string | number>[] | null;
  }>(
    `select coalesce(category, 'unknown') as category, count(*) as count, min(error ->> 'message') as message, min(error ->> 'next') as next,
       (array_agg(key order by key))[1:5] as orders, (jsonb_agg(error -> 'subjects' order by key) filter (where error -> 'subjects' is not null)) as subjects,
       jsonb_agg(distinct error -> 'params') filter (where error -> 'params' is not null) as details
     from documents where pipeline = $1 and error is not null and state in ('failed', 'saved', 'submitted') group by 1 order by 1`,
    [pipeline],
  );
  return rows.map(({ category, count, message, next, orders, subjects, details }) =>
    condition(pipeline, category ?? 'unknown', {
      count,
      message: message ?? '',
      next: next ?? '',
      orders,
      subjects: [...new Set((subjects ?? []).flat())].slice(0, 20),
      details: (details ?? []).slice(0, 20),
    }),
  );
}

/** The latest run that writes has failed as a whole. */
async function failedRun({ sql, now }: Surroundings, pipeline: string): Promise<Condition[]> {
  const rows = await sql.query<{
    state: string;
    error: { message: string; next: string; kind: string } | null;
    finished_at: Date;
  }>(
    `select state, error, finished_at from runs where pipeline = $1 and kind in ('sync', 'retry') and finished_at is not null order by finished_at desc limit 1`,
    [pipeline],
  );
  const [run] = rows;
  if (run?.state !== 'failed' || !run.error || now.getTime() - run.finished_at.getTime() > dayMs) return [];
  const severity = run.error.kind === 'auth' || run.error.kind === 'config' ? 'urgent' : 'normal';
  return [condition(pipeline, 'run_failed', { severity, count: 1, message: run.error.message, next: run.error.next })];
}

async function stuckRuns({ sql, now }: Surroundings, pipeline: string): Promise<Condition[]> {
  const [row] = await sql.query<{ count: number }>(
    `select count(*) as count from runs where pipeline = $1 and kind <> 'preview' and ((state = 'running' and lease_until < $2) or (state = 'queued' and created_at < $2))`,
    [pipeline, new Date(now.getTime() - stuckMs)],
  );
  if (!row || row.count === 0) return [];
  return [
    condition(pipeline, 'run_stuck', {
      count: row.count,
      message: phrase('alerts.run_stuck.message', { count: row.count }),
      next: phrase('alerts.run_stuck.next'),
    }),
  ];
}

/** The latest nightly reconciliation differs. */
async function differences({ sql }: Surroundings, pipeline: string): Promise<Condition[]> {
  const [row] = await sql.query<{ count: number }>(
    `select coalesce((progress ->> 'differences')::int, 0) as count from reconciliations
     where pipeline = $1 and state = 'done' and requester ->> 'person' = 'schedule' order by created_at desc limit 1`,
    [pipeline],
  );
  if (!row || row.count === 0) return [];
  return [
    condition(pipeline, 'reconcile_differs', {
      count: row.count,
      message: phrase('alerts.reconcile_differs.message', { count: row.count }),
      next: phrase('alerts.reconcile_differs.next'),
    }),
  ];
}

async function disk({ dataDir }: Surroundings): Promise<Condition[]> {
  const { bavail, blocks } = await statfs(dataDir).catch(() => ({ bavail: 1, blocks: 1 }));
  if (bavail / blocks >= fullShare) return [];
  const share = Math.floor((bavail / blocks) * 100);
  return [
    condition('', 'disk_full', {
      severity: 'urgent',
      count: 1,
      message: phrase('alerts.disk_full.message', { share }),
      next: phrase('alerts.disk_full.next'),
    }),
  ];
}

function downChannels({ channels }: Surroundings): Condition[] {
  return channels
    .filter(({ up }) => !up)
    .map(({ name }) =>
      condition('', `channel_down_${name}`, {
        count: 1,
        message: phrase('alerts.channel_down.message', { name: phrase(`alerts.channel.${name}`) }),
        next: phrase('alerts.channel_down.next'),
      }),
    );
}
