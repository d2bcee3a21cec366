import { CronExpressionParser } from 'cron-parser';
import { type Job, scheduleJob } from 'node-schedule';
import type { SyncService } from './service.ts';

export interface Schedules {
  stop(): void;
}

export interface Schedule {
  cron: string;
  enabled: boolean;
}

const lookEveryMs = 15_000;
const timezone = 'Asia/Shanghai';

/** The instant of the next tick after `after`. */
export function nextRun(cron: string, after: Date): Date {
  return CronExpressionParser.parse(cron, { tz: timezone, currentDate: after }).next().toDate();
}

/**
 * Ticks of the enabled pipelines (传递时间). A tick only queues a run of what changed since the watermark; several processes tick
 * at once and get the same run. `now` decides the window, the tick only says when to look. `changed` are the schedules set in
 * chat, in this process or another: they win over the files and are looked at every 15 seconds.
 */
export async function startSchedules({
  sync,
  changed,
  now,
  onError,
}: {
  sync: SyncService;
  changed: () => Promise<ReadonlyMap<string, Schedule>>;
  now: () => Date;
  onError: (error: unknown, where: string) => void;
}): Promise<Schedules> {
  const jobs = new Map<string, { cron: string; job: Job }>();
  const apply = async (): Promise<void> => {
    const overrides = await changed();
    for (const [id, { pipeline }] of sync.pipelines) {
      const { cron, enabled } = overrides.get(id) ?? pipeline.schedule;
      const current = jobs.get(id);
      if (current && (!enabled || current.cron !== cron)) {
        current.job.cancel();
        jobs.delete(id);
      }
      if (!enabled || jobs.has(id)) continue;
      const job = scheduleJob({ rule: cron, tz: timezone }, () => {
        void tick(sync, id, pipeline.schedule.lookback, now()).catch((error: unknown) => onError(error, 'schedule'));
      });
      if (job) jobs.set(id, { cron, job });
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

/** Queues the run of one tick, unless the one before it is still on. The window is [watermark − lookback, this minute]. */
export async function tick(sync: SyncService, pipeline: string, lookbackMs: number, now: Date): Promise<void> {
  const active = await sync.runs.active();
  const end = new Date(Math.floor(now.getTime() / 60_000) * 60_000);
  const before = active.find((run) => run.pipeline === pipeline && run.by === 'changes');
  if (before) {
    // One that began with this tick is another process's.
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
