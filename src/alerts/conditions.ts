import type { Condition, Source, Surroundings } from './condition.ts';
import { backlog } from './sources/backlog.ts';
import { disk } from './sources/disk.ts';
import { failedDocuments } from './sources/documents.ts';
import { downChannels } from './sources/links.ts';
import { differences } from './sources/reconciliation.ts';
import { failedRuns, lateRuns, skippedRuns, stuckRuns } from './sources/runs.ts';
import { silentSource } from './sources/silence.ts';

/** What can be wrong with a pipeline. Of two sources with the same cause the earlier speaks. */
const ofPipeline: readonly Source[] = [
  failedDocuments,
  failedRuns,
  lateRuns,
  skippedRuns,
  stuckRuns,
  silentSource,
  backlog,
  differences,
];
const ofTheHouse: readonly ((around: Surroundings) => Promise<Condition[]>)[] = [disk, downChannels];

/** All that is wrong now, read from the ledger and the surroundings; one condition a pipeline and cause. */
export async function currentConditions(around: Surroundings): Promise<Condition[]> {
  const found = await Promise.all([
    ...around.pipelines.flatMap((pipeline) => ofPipeline.map((source) => source(around, pipeline))),
    ...ofTheHouse.map((source) => source(around)),
  ]);
  const byCause = new Map<string, Condition>();
  for (const one of found.flat()) if (!byCause.has(one.fingerprint)) byCause.set(one.fingerprint, one);
  return [...byCause.values()];
}
