import type { PipelineParts } from './parts.ts';
import { type FailureGroup, namedRun } from './run.ts';
import type { SyncService } from './service.ts';

/** Causes that end outside of us, and how to see that they have: the codes the failure names are there now. */
const remedies: Readonly<Partial<Record<FailureGroup['category'], 'material'>>> = {
  material_missing: 'material',
};

/** Starts a retry of what failed for a cause that is gone (补漏); true when there was something. */
export async function retryRepaired(sync: SyncService, id: string, now: Date): Promise<boolean> {
  const parts = sync.pipelines.get(id);
  if (!parts) return false;
  const keys: string[] = [];
  for (const group of await sync.outcomes.openFailures(id)) if (await isGone(parts, group)) keys.push(...group.orders);
  if (keys.length === 0) return false;
  await sync.start(
    namedRun(
      { pipeline: id, kind: 'retry', trigger: 'schedule', requester: { person: 'schedule', conversation: 'schedule' } },
      keys,
      now,
    ),
  );
  return true;
}

async function isGone({ target }: PipelineParts, { category, subjects }: FailureGroup): Promise<boolean> {
  const kind = remedies[category];
  if (!kind || subjects.length === 0) return false;
  target.forget();
  const known = await target.lookup(kind, subjects);
  return subjects.every((code) => known.has(code));
}
