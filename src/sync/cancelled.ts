import type { SourceOrder, SourceQuery } from './connector.ts';
import { readOrder } from './reading.ts';
import type { Task } from './task.ts';

/** The status that means: shipped once, and taken back. */
export const cancelledStatus = 'Cancelled';

export const isCancelled = (order: SourceOrder): boolean => order.status === cancelledStatus;

/** Looks for orders of a slice that are cancelled at the source now and have a bill in the target. */
export async function findCancelled(task: Task, query: SourceQuery): Promise<void> {
  let page: string | null = null;
  do {
    await task.before();
    const { orders, next } = await task.source.page({ ...query, statuses: [cancelledStatus] }, page);
    await recordCancelled(task, orders);
    page = next;
  } while (page !== null);
}

/** Records those of these cancelled orders that have a bill in the target. */
export async function recordCancelled(
  { run, ledger, mapping, target }: Task,
  orders: readonly SourceOrder[],
): Promise<void> {
  if (orders.length === 0) return;
  const found = await target.find(orders.map((order) => mapping.billNumber(order.key)));
  for (const order of orders) {
    const bill = found.get(mapping.billNumber(order.key));
    if (bill) await ledger.recordCancelled(run.pipeline, readOrder(mapping, order), bill.id);
  }
}
