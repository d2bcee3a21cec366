import { duration } from '../../format.ts';
import { phrase } from '../../phrases.ts';
import { dayMs, toWall } from '../../shanghai.ts';
import { nextTick } from '../../sync/cron.ts';
import type { StoredError } from '../../sync/run.ts';
import { condition, type Source } from '../condition.ts';

const stuckMs = 600_000;
const graceMs = 300_000;
const skipsToTell = 3;
const longestIntervalMs = 40 * dayMs;

/** The latest runs that write have failed as a whole: how many since the last that did not. A refused credential is a cause of its own. */
export const failedRuns: Source = async ({ sql, now }, pipeline) => {
  const [run] = await sql.query<{
    state: string;
    error: (StoredError & { kind: string }) | null;
    finished_at: Date;
    count: number;
  }>(
    `with ended as (select state, error, finished_at from runs
       where pipeline = $1 and kind in ('sync', 'retry') and finished_at > $2 order by finished_at desc limit 100)
     select *, (select count(*) from ended where finished_at > coalesce((select max(finished_at) from ended where state <> 'failed'), '-infinity')) as count
     from ended limit 1`,
    [pipeline, new Date(now.getTime() - dayMs)],
  );
  if (run?.state !== 'failed' || !run.error) return [];
  const { kind, category, message, next } = run.error;
  const refused = category === 'session' || category === 'permission' || kind === 'auth';
  return [
    condition(pipeline, refused ? (category ?? 'session') : 'run_failed', {
      ...(kind === 'config' ? { severity: 'urgent' as const } : {}),
      count: run.count,
      unit: 'runs',
      message,
      next,
    }),
  ];
};

/** Runs nobody carries out, though they should be. */
export const stuckRuns: Source = async ({ sql, now }, pipeline) => {
  const [row] = await sql.query<{ count: number }>(
    `select count(*) as count from runs where pipeline = $1
       and ((state = 'running' and lease_until < $2) or (state = 'queued' and created_at < $2))`,
    [pipeline, new Date(now.getTime() - stuckMs)],
  );
  if (!row || row.count === 0) return [];
  return [
    condition(pipeline, 'run_stuck', {
      count: row.count,
      unit: 'runs',
      message: phrase('alerts.run_stuck.message', { count: row.count }),
      next: phrase('alerts.run_stuck.next'),
    }),
  ];
};

/** No run began within the interval of its schedule and some grace, counted from when the schedule was first seen as it is. */
export const lateRuns: Source = async ({ sql, now, schedules }, pipeline) => {
  const cron = schedules.get(pipeline);
  if (cron === undefined) {
    await sql.query('delete from seen_schedules where pipeline = $1', [pipeline]);
    return [];
  }
  await sql.query(
    `insert into seen_schedules (pipeline, cron, at) values ($1, $2, $3)
     on conflict (pipeline) do update set cron = excluded.cron, at = excluded.at where seen_schedules.cron <> excluded.cron`,
    [pipeline, cron, now],
  );
  const [row] = await sql.query<{ seen: Date; began: Date | null; active: boolean }>(
    `select (select at from seen_schedules where pipeline = $1) as seen, max(created_at) as began,
       coalesce(bool_or(state in ('queued', 'running')), false) as active
     from runs where pipeline = $1 and window_by = 'changes' and created_at > $2`,
    [pipeline, new Date(now.getTime() - longestIntervalMs)],
  );
  if (!row || row.active) return [];
  const last = new Date(Math.max(row.seen.getTime(), row.began?.getTime() ?? 0));
  const due = nextTick(cron, last);
  const late = now.getTime() - due.getTime();
  if (late <= graceMs) return [];
  return [
    condition(pipeline, 'run_late', {
      count: 1,
      unit: 'runs',
      message: phrase('alerts.run_late.message', { due: toWall(due).slice(5, 16), late: duration(late) }),
      next: phrase('alerts.run_late.next'),
    }),
  ];
};

/** A schedule that is on and cannot be kept: nothing runs by itself, though people count on it. */
export const brokenSchedules: Source = async ({ brokenSchedules: broken }, pipeline) => {
  const fault = broken.get(pipeline);
  if (!fault) return [];
  const { message, next } = fault;
  return [condition(pipeline, 'schedule_broken', { count: 1, unit: 'none', message, next })];
};

/** Ticks since the last run began that found the one before still on. */
export const skippedRuns: Source = async ({ sql }, pipeline) => {
  const [row] = await sql.query<{ count: number }>(
    `select count(*) as count from skipped_ticks where pipeline = $1 and at > coalesce(
       (select max(created_at) from runs where pipeline = $1 and window_by = 'changes'), '-infinity')`,
    [pipeline],
  );
  if (!row || row.count < skipsToTell) return [];
  return [
    condition(pipeline, 'run_skipped', {
      count: row.count,
      unit: 'runs',
      message: phrase('alerts.run_skipped.message', { count: row.count }),
      next: phrase('alerts.run_skipped.next'),
    }),
  ];
};
