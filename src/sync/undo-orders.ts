import type { AppError } from '../errors.ts';
import type { FoundBill } from './connector.ts';
import { Reading } from './reading.ts';
import type { Task } from './task.ts';
import { writeRun } from './write-run.ts';

/** Takes the bills of the named documents back out, and writes them anew where the run says so (撤单重推). Only somebody's word leads here. */
export async function undoOrders(task: Task): Promise<void> {
  const { run, ledger, queue, mapping, before } = task;
  const out: string[] = [];
  const ended = await queue.ended(run);
  for (const key of run.filters.keys ?? []) {
    if (ended.has(key)) continue;
    await before();
    await ledger.joinRun(run, key);
    const error = await takeOut(task, mapping.billNumber(key));
    if (error) {
      await queue.settle(run, [{ key, outcome: 'failed', error }]);
      continue;
    }
    await ledger.withdraw(run, key);
    if (run.filters.again) out.push(key);
    else await queue.settle(run, [{ key, outcome: 'undone' }]);
  }
  if (out.length === 0) return;
  await ledger.putBack(run.pipeline, out);
  await writeRun(task, Reading.done());
}

/** UnAudit what is audited, 撤销 what is submitted, then Delete; a bill that is not there is out already. Returns what went wrong. */
async function takeOut({ target }: Task, number: string): Promise<AppError | null> {
  const look = async (): Promise<FoundBill | undefined> => (await target.find([number])).get(number);
  let bill = await look();
  if (bill?.state === 'submitted' || bill?.state === 'final') {
    const [result] = await (bill.state === 'submitted' ? target.unsubmit([bill]) : target.unaudit([bill]));
    if (result && !result.ok && result.error.kind !== 'conflict') return result.error;
    bill = await look();
  }
  const [removed] = bill ? await target.remove([bill]) : [];
  return removed && !removed.ok ? removed.error : null;
}
