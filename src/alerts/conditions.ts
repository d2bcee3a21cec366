import type { Condition, Source, Surroundings } from './condition.ts';
import { backlog } from './sources/backlog.ts';
import { disk } from './sources/disk.ts';
import { failedDocuments } from './sources/documents.ts';
import { downChannels } from './sources/links.ts';
import { differences } from './sources/reconciliation.ts';
import { brokenSchedules, failedRuns, lateRuns, skippedRuns, stuckRuns } from './sources/runs.ts';
import { silentSource } from './sources/silence.ts';

/** What can be wrong with a pipeline. Of two sources with the same cause the earlier speaks. */
const ofPipeline: readonly Source[] = [
  failedDocuments,
  failedRuns,
  brokenSchedules,
  lateRuns,
  skippedRuns,
  stuckRuns,
  silentSource,
  backlog,
  differences,
];
const ofTheHouse: readonly ((around: Surroundings) => Promise<Condition[]>)[] = [disk, downChannels];

/**
 * All that is wrong now, read from the ledger and the surroundings; one condition a pipeline and cause. A source that cannot look
 * hides what it would have seen and nothing else; why is added to `failures`.
 */
export async function currentConditions(around: Surroundings, failures: unknown[]): Promise<Condition[]> {
  const looks = await Promise.allSettled([
    ...around.pipelines.flatMap((pipeline) => ofPipeline.map((source) => source(around, pipeline))),
    ...ofTheHouse.map((source) => source(around)),
  ]);
  const byCause = new Map<string, Condition>();
  for (const look of looks) {
    if (look.status === 'rejected') failures.push(look.reason);
    else for (const one of look.value) if (!byCause.has(one.fingerprint)) byCause.set(one.fingerprint, one);
  }
  return [...byCause.values()];
}
