import type { SourceOrder, SourceQuery } from './connector.ts';
import { mapRecord } from './mapped-record.ts';
import type { Task } from './task.ts';

/** Looks for orders of a slice that are cancelled at the source now and have a bill in the target; where they are asked for apart. */
export async function findCancelled(task: Task, query: SourceQuery): Promise<void> {
  const { source } = task;
  if (source.cancelled.length === 0) return;
  let page: string | null = null;
  do {
    await task.before();
    const { orders, next } = await source.page({ ...query, statuses: source.cancelled }, page);
    await recordCancelled(task, orders);
    page = next;
  } while (page !== null);
}

/** Records those of these orders that are cancelled and have a bill in the target. */
export async function recordCancelled(
  { run, ledger, mapping, source, target }: Task,
  orders: readonly SourceOrder[],
): Promise<void> {
  const cancelled = orders.filter(({ status }) => source.stateOf(status) === 'cancelled');
  if (cancelled.length === 0) return;
  const found = await target.find(cancelled.map((order) => mapping.billNumber(order.key)));
  for (const order of cancelled) {
    const bill = found.get(mapping.billNumber(order.key));
    if (bill && bill.state !== 'void') await ledger.recordCancelled(run.pipeline, mapRecord(mapping, order), bill.id);
  }
}
