import { recordCancelled } from './cancelled.ts';
import type { SourceOrder } from './connector.ts';
import { mapRecord } from './mapped-record.ts';
import { sourceQuery } from './query.ts';
import { Reading } from './reading.ts';
import type { Task } from './task.ts';
import { planSlices } from './window.ts';
import { writeRun } from './write-run.ts';

/**
 * What changed since the watermark: by rowversion, route by route. A route seen for the first time, or one whose rows carry no
 * rowversion, is read by `modified` over the run's window instead.
 */
export async function followChanges(task: Task): Promise<void> {
  const { run, source, watermarks, now } = task;
  const began = now();
  for (const [slice, route] of source.routes.entries()) {
    const mark = await watermarks.find(run.pipeline, route);
    if (mark?.ts) await followVersions(task, slice, route, mark.ts, began);
    else await followModified(task, slice, route);
  }
}

async function followVersions(task: Task, slice: number, route: string, since: string, began: Date): Promise<void> {
  const { run, source, watermarks, before } = task;
  const query = sourceQuery(task, run, run);
  for (let ts = since, more = true; more; ) {
    await before();
    const changes = await source.changes(route, ts, query);
    await takeIn(task, slice, changes.orders);
    ts = changes.maxTs ?? ts;
    await watermarks.save(run.pipeline, route, { ts, until: began });
    more = changes.more;
  }
}

async function followModified(task: Task, slice: number, route: string): Promise<void> {
  const { run, source, watermarks, before } = task;
  for (const window of planSlices(run.start, run.end, source.maxWindowDays)) {
    const query = { ...sourceQuery(task, run, window), by: 'modified' as const, statuses: [] };
    let page: string | null = null;
    let ts: string | null = null;
    do {
      await before();
      const { orders, next } = await source.page(query, page);
      await takeIn(task, slice, orders);
      ts = highest(ts, orders);
      page = next;
    } while (page !== null);
    await watermarks.save(run.pipeline, route, { ts, until: window.end });
  }
}

/** Changed rows are written at once and without a break: nothing of them waits when the watermark moves past them. */
async function takeIn(task: Task, slice: number, orders: readonly SourceOrder[]): Promise<void> {
  const { run, ledger, mapping } = task;
  const records = orders.map((order) => mapRecord(mapping, order));
  await ledger.recordPage(run, slice, records, run.checkpoint, null);
  if (orders.length === 0) return;
  await recordCancelled(task, orders);
  await writeRun({ ...task, before: async () => undefined }, Reading.done());
}

function highest(current: string | null, orders: readonly SourceOrder[]): string | null {
  return orders.reduce<string | null>(
    (max, { ts }) => (ts !== null && (max === null || BigInt(ts) > BigInt(max)) ? ts : max),
    current,
  );
}
