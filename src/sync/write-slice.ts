import { asAppError } from '../errors.ts';
import { chunk } from './chunk.ts';
import type { StoredDocument } from './ledger.ts';
import type { Task } from './task.ts';
import { Writer } from './writer.ts';

/** Writes what waits in a slice, several batches at a time. */
export async function writeSlice(task: Task, slice: number): Promise<void> {
  const { run, ledger, pipeline, before } = task;
  const { batch, concurrency } = pipeline.limits.target;
  const writer = writerOf(task);
  for (;;) {
    await before();
    const pending = await ledger.pending(run, slice, batch * concurrency);
    if (pending.length === 0) return;
    const results = await Promise.allSettled(
      chunk(pending, batch).map((documents) => writeBatch(task, writer, documents)),
    );
    const failed = results.find((result) => result.status === 'rejected');
    if (failed) throw failed.reason;
  }
}

function writerOf({ ledger, target, now, sleep, mayWrite, pipeline }: Task): Writer {
  const { after } = pipeline.target;
  return new Writer(
    { ledger, target, now, sleep, mayWrite },
    {
      goal: after.includes('audit') ? 'C' : after.includes('submit') ? 'B' : 'A',
      attempts: pipeline.retry.attempts,
      maxDelayMs: pipeline.retry.max_delay,
      settleMs: pipeline.limits.target.settle,
    },
  );
}

/** Maps again, since the ledger keeps orders and not bills. What no longer maps fails alone. */
async function writeBatch(
  { run, ledger, mapping }: Task,
  writer: Writer,
  documents: readonly StoredDocument[],
): Promise<void> {
  const jobs = [];
  for (const document of documents) {
    // Since it was read, somebody has taken it out.
    if (document.state === 'withdrawn') {
      await ledger.settle(run, document.key, 'skipped');
      continue;
    }
    try {
      jobs.push({ document, ...mapping.apply(document.order, document.dateOverride) });
    } catch (error) {
      await ledger.settle(run, document.key, 'failed', asAppError(error));
    }
  }
  await writer.write(run, jobs);
}
