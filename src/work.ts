import type { Queue } from './store/queue.ts';
import { LeaseWatch } from './sync/lease-watch.ts';
import type { Reconciler } from './sync/reconcile.ts';
import { leaseMs, type Runner } from './sync/runner.ts';
import type { Runs } from './sync/runs.ts';

/** The queue that runs wait in. */
export const runQueue = 'run';
const sweepEveryMs = 3000;

/** Takes runs from the queue, and picks up those, and the reconciliations, whose worker has died. */
export async function startWork(parts: {
  queue: Queue;
  runner: Runner;
  runs: Runs;
  reconciler: Reconciler;
  onError: (error: unknown, where: string) => void;
}): Promise<() => Promise<void>> {
  const { queue, runner, runs, reconciler, onError } = parts;
  // False: another run of the pipeline is on. The sweep comes back for it.
  await queue.work(runQueue, 3, async (data) => void (await runner.run((data as { id: string }).id)));
  const watch = new LeaseWatch(leaseMs);
  const sweep = async (): Promise<void> => {
    for (const lease of watch.abandoned(await runs.leases())) await runs.freeLease(lease);
    for (const run of await runs.active()) void runner.run(run.id).catch((error: unknown) => onError(error, 'run'));
    await reconciler.resume();
  };
  const timer = setInterval(() => void sweep().catch((error: unknown) => onError(error, 'sweep')), sweepEveryMs);
  await sweep();
  return async () => {
    clearInterval(timer);
    await runner.stop();
  };
}
