import { findCancelled, recordCancelled } from './cancelled.ts';
import type { SourceQuery } from './connector.ts';
import { matches, namesOrders, slicesOf, sourceQuery } from './query.ts';
import { readOrder } from './reading.ts';
import type { Checkpoint } from './run.ts';
import type { Task } from './task.ts';
import { writeSlice } from './write-slice.ts';

/**
 * The stages of a window: for each slice read its pages, write what they brought, then look for what was cancelled since. Starts
 * at the run's checkpoint.
 */
export async function coverWindow(task: Task): Promise<void> {
  const { run, runs, ledger, source } = task;
  const nameless = (run.filters.keys ?? []).filter((key) => !source.isKey(key));
  if (nameless.length > 0) await ledger.strikeOff(run, nameless);
  const from = run.checkpoint.slice ?? 0;
  for (const [index, slice] of slicesOf(task, run).entries()) {
    if (index < from) continue;
    const { stage = 'read', page = null }: Checkpoint = index === from ? run.checkpoint : {};
    const query = sourceQuery(task, run, slice);
    if (stage === 'read') await readSlice(task, query, index, page);
    if (stage !== 'cancelled') {
      await writeSlice(task, index);
      await runs.saveCheckpoint(run.id, { slice: index, stage: 'cancelled' });
    }
    if (!namesOrders(run.filters)) await findCancelled(task, query);
    await runs.saveCheckpoint(run.id, { slice: index + 1 });
  }
}

/** Takes the pages of a slice into the ledger, from `cursor` on. */
async function readSlice(task: Task, query: SourceQuery, slice: number, cursor: string | null): Promise<void> {
  const { run, ledger, source, mapping, before } = task;
  let page = cursor;
  do {
    await before();
    const { orders, next, total } = await source.page(query, page);
    const readings = orders.filter((order) => matches(order, run.filters)).map((order) => readOrder(mapping, order));
    const checkpoint: Checkpoint = next === null ? { slice, stage: 'write' } : { slice, stage: 'read', page: next };
    // What the source counts is what it was asked for, not what the filters leave of it.
    const counted = Object.keys(run.filters).length > 0 ? null : total;
    await ledger.recordPage(run, slice, readings, checkpoint, counted);
    await recordCancelled(task, orders);
    page = next;
  } while (page !== null);
}
