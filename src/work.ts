import type { Queue } from './store/queue.ts';
import type { Reconciler } from './sync/reconcile.ts';
import type { Runner } from './sync/runner.ts';
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
  const inHand = new Set<string>();
  const carry = async (id: string): Promise<void> => {
    if (inHand.has(id)) return;
    inHand.add(id);
    try {
      // False: another run of the pipeline is on. The sweep comes back for it.
      await runner.run(id);
    } finally {
      inHand.delete(id);
    }
  };
  await queue.work(runQueue, 3, async (data) => carry((data as { id: string }).id));
  const sweep = async (): Promise<void> => {
    for (const run of await runs.active())
      if (run.kind !== 'preview') void carry(run.id).catch((error: unknown) => onError(error, 'run'));
    await reconciler.resume();
  };
  const timer = setInterval(() => void sweep().catch((error: unknown) => onError(error, 'sweep')), sweepEveryMs);
  await sweep();
  return async () => {
    clearInterval(timer);
    await runner.stop();
  };
}
