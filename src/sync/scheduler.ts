import { type Job, scheduleJob } from 'node-schedule';
import type { Sql } from '../store/sql.ts';
import { takeTick } from '../store/ticks.ts';
import type { Pipeline } from './pipeline.ts';
import { runsByItself, type Schedule, scheduleInForce } from './schedule.ts';
import type { SyncService } from './service.ts';

export interface Schedules {
  stop(): void;
}

const lookEveryMs = 15_000;
const mostDriftMs = 30_000;
/** How far from its time a tick may come: clocks differ, and a process may have been busy. */
const mostEarlyMs = 60_000;
const mostLateMs = 600_000;
const timezone = 'Asia/Shanghai';

/**
 * Ticks of the enabled pipelines (传递时间). A tick only queues a run of what changed since the watermark, once however many
 * processes tick. `now` decides the window, the tick only says when to look. `changed` are the schedules set in
 * chat, in this process or another: they win over the files and are looked at every 15 seconds. One that cannot be kept stops
 * that pipeline's ticks alone; the alerts say so.
 */
export async function startSchedules({
  sql,
  sync,
  changed,
  now,
  onError,
}: {
  sql: Sql;
  sync: SyncService;
  changed: () => Promise<ReadonlyMap<string, Schedule>>;
  now: () => Date;
  onError: (error: unknown, where: string) => void;
}): Promise<Schedules> {
  const jobs = new Map<string, { cron: string; job: Job }>();
  const stepped = clockWatch(now);
  const apply = async (): Promise<void> => {
    const overrides = await changed();
    // Ticks wait for the time they were set for: on another clock it is another.
    if (stepped()) {
      for (const { job } of jobs.values()) job.cancel();
      jobs.clear();
    }
    for (const [id, { pipeline }] of sync.pipelines) {
      const held = scheduleInForce(pipeline, overrides.get(id));
      const { cron } = held;
      const current = jobs.get(id);
      if (current && (!runsByItself(held) || current.cron !== cron)) {
        current.job.cancel();
        jobs.delete(id);
      }
      if (!runsByItself(held) || jobs.has(id)) continue;
      const job = scheduleJob({ rule: cron, tz: timezone }, (at) => {
        void tickOnce({ sql, sync, now }, pipeline, at).catch((error: unknown) => onError(error, 'schedule'));
      });
      if (job) jobs.set(id, { cron, job });
      else onError(new Error(`no ticks of ${id}`), 'schedule');
    }
  };
  await apply();
  const timer = setInterval(() => void apply().catch((error: unknown) => onError(error, 'schedule')), lookEveryMs);
  return {
    stop() {
      clearInterval(timer);
      for (const { job } of jobs.values()) job.cancel();
    },
  };
}

/** Whether the clock has been put on or back since the last look. */
function clockWatch(now: () => Date): () => boolean {
  const ahead = (): number => now().getTime() - performance.now();
  let last = ahead();
  return () => {
    const step = Math.abs(ahead() - last);
    last = ahead();
    return step > mostDriftMs;
  };
}

/**
 * A tick of the schedule at its nominal time: of all processes whose clocks come to it, one does it. One that is not now was set on
 * another clock, and is none.
 */
export async function tickOnce(
  { sql, sync, now }: { sql: Sql; sync: SyncService; now: () => Date },
  { id, schedule }: Pick<Pipeline, 'id' | 'schedule'>,
  at: Date,
): Promise<void> {
  const late = now().getTime() - at.getTime();
  if (late < -mostEarlyMs || late > mostLateMs) return;
  if (await takeTick(sql, `schedule:${id}`, at, now())) await tick(sync, id, schedule.lookback, now());
}

/** Queues the run of one tick, unless the one before it is still on or writing is stopped. The window is [watermark − lookback, this minute]. */
export async function tick(sync: SyncService, pipeline: string, lookbackMs: number, now: Date): Promise<void> {
  if (await sync.brake.held()) return;
  const active = await sync.runs.active();
  const end = new Date(Math.floor(now.getTime() / 60_000) * 60_000);
  const before = active.find((run) => run.pipeline === pipeline && run.by === 'changes');
  if (before) {
    // One that began in this minute is this tick's.
    if (before.createdAt < end) await sync.runs.recordSkippedTick(pipeline, end);
    return;
  }
  const marks = await Promise.all(
    (sync.pipelines.get(pipeline)?.source.routes ?? []).map((route) => sync.watermarks.find(pipeline, route)),
  );
  const from = Math.min(end.getTime(), ...marks.map((mark) => mark?.until.getTime() ?? end.getTime()));
  await sync.start({
    pipeline,
    kind: 'sync',
    trigger: 'schedule',
    by: 'changes',
    start: new Date(from - lookbackMs),
    end,
    filters: {},
    requester: { person: 'schedule', conversation: 'schedule' },
  });
}
