import { findCancelled, recordCancelled } from './cancelled.ts';
import type { SourceQuery } from './connector.ts';
import { mapRecord } from './mapped-record.ts';
import { matches, namesOrders, slicesOf, sourceQuery } from './query.ts';
import { Reading } from './reading.ts';
import type { Checkpoint } from './run.ts';
import type { Task } from './task.ts';
import type { Window } from './window.ts';
import { writeRun } from './write-run.ts';

/**
 * A window: its slices are read page by page into the ledger, and what has come is written meanwhile; at the end what was cancelled
 * since is looked for. Starts at the run's checkpoint.
 */
export async function coverWindow(task: Task): Promise<void> {
  const { run, runs, ledger, source } = task;
  const nameless = (run.filters.keys ?? []).filter((key) => !source.isKey(key));
  if (nameless.length > 0) await ledger.strikeOff(run, nameless);
  const slices = slicesOf(task, run);
  const { stage, slice: first = 0 }: Checkpoint = run.checkpoint;
  if (stage !== 'cancelled') await readAndWrite(task, slices);
  if (namesOrders(run.filters)) return;
  for (const [index, slice] of slices.entries()) {
    if (stage === 'cancelled' && index < first) continue;
    await findCancelled(task, sourceQuery(task, run, slice));
    await runs.saveCheckpoint(run.id, { slice: index + 1, stage: 'cancelled' });
  }
}

/** Both at once; where one of them has to be left, the other ends at its next page or batch. */
async function readAndWrite(task: Task, slices: readonly Window[]): Promise<void> {
  const reading = new Reading();
  let left: unknown = null;
  const both = {
    ...task,
    before: async () => {
      if (left) throw left;
      await task.before();
    },
  };
  const leaving = (error: unknown): never => {
    left ??= error;
    reading.end();
    throw error;
  };
  await Promise.allSettled([readSlices(both, slices, reading).catch(leaving), writeRun(both, reading).catch(leaving)]);
  if (left) throw left;
}

async function readSlices(task: Task, slices: readonly Window[], reading: Reading): Promise<void> {
  const { run, source } = task;
  const { slice: from = 0, page = null }: Checkpoint = run.checkpoint;
  // On one route a page is the last word about its documents; on two the other may have a later version.
  const atOnce = source.routes.length === 1;
  for (const [index, slice] of slices.entries()) {
    if (index < from) continue;
    await readSlice(task, sourceQuery(task, run, slice), index, index === from ? page : null, (brought) =>
      reading.page(brought, atOnce ? index : index - 1),
    );
    reading.page(0, index);
  }
  reading.end();
}

/** Takes the pages of a slice into the ledger, from `cursor` on. */
async function readSlice(
  task: Task,
  query: SourceQuery,
  slice: number,
  cursor: string | null,
  onPage: (brought: number) => void,
): Promise<void> {
  const { run, ledger, source, mapping, before } = task;
  let page = cursor;
  do {
    await before();
    const { orders, next, total } = await source.page(query, page);
    const records = orders.filter((order) => matches(order, run.filters)).map((order) => mapRecord(mapping, order));
    const checkpoint: Checkpoint = next === null ? { slice: slice + 1 } : { slice, page: next };
    // What the source counts is what it was asked for, not what the filters leave of it.
    const counted = Object.keys(run.filters).length > 0 ? null : total;
    await ledger.recordPage(run, slice, records, checkpoint, counted);
    await recordCancelled(task, source.cancelled.length === 0 ? orders : []);
    onPage(records.filter(({ outcome }) => outcome === 'pending').length);
    page = next;
  } while (page !== null);
}
