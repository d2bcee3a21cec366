import { scheduleJob } from 'node-schedule';
import type { SyncService } from './service.ts';

export interface Schedules {
  stop(): void;
}

/**
 * Ticks of the enabled pipelines (传递时间). A tick only queues a run of what changed since the watermark; several processes tick
 * at once and get the same run. `now` decides the window, the tick only says when to look.
 */
export function startSchedules({
  sync,
  now,
  onError,
}: {
  sync: SyncService;
  now: () => Date;
  onError: (error: unknown, where: string) => void;
}): Schedules {
  const jobs = [...sync.pipelines.values()]
    .filter(({ pipeline }) => pipeline.schedule.enabled)
    .map(({ pipeline }) =>
      scheduleJob({ rule: pipeline.schedule.cron, tz: pipeline.schedule.timezone }, () => {
        void tick(sync, pipeline.id, pipeline.schedule.lookback, now()).catch((error: unknown) =>
          onError(error, 'schedule'),
        );
      }),
    );
  return {
    stop() {
      for (const job of jobs) job?.cancel();
    },
  };
}

/** Queues the run of one tick, unless the one before it is still on. The window is [watermark − lookback, this minute]. */
export async function tick(sync: SyncService, pipeline: string, lookbackMs: number, now: Date): Promise<void> {
  const active = await sync.ledger.activeRuns();
  if (active.some((run) => run.pipeline === pipeline && run.by === 'changes')) return;
  const end = new Date(Math.floor(now.getTime() / 60_000) * 60_000);
  const marks = await Promise.all(
    (sync.pipelines.get(pipeline)?.source.routes ?? []).map((route) => sync.ledger.watermark(pipeline, route)),
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
