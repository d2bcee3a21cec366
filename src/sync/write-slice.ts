import { chunk } from '../chunk.ts';
import { asAppError } from '../errors.ts';
import { contentOf } from './content.ts';
import type { StoredDocument } from './ledger.ts';
import type { Task } from './task.ts';
import { upstreamOf } from './upstream.ts';
import { otherNumber, Writer } from './writer.ts';

/** Writes what waits in a slice, several batches at a time. */
export async function writeSlice(task: Task, slice: number): Promise<void> {
  const { run, ledger, pipeline, before } = task;
  const { batch, concurrency } = pipeline.limits.target;
  const writer = writerOf(task);
  await refuseOtherNumbers(task);
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

/** While a bill stands in the target under a number that is not ours, the next would get one, too. Code: `sync.other_number`. */
async function refuseOtherNumbers({ run, ledger, target }: Task): Promise<void> {
  const renumbered = await ledger.renumbered(run.pipeline);
  if (renumbered.length === 0) return;
  const found = await target.find(renumbered.map(({ given }) => given));
  const [still] = renumbered.filter(({ given }) => found.has(given));
  if (still) throw otherNumber(still.sent, still.given);
  await ledger.numberAnew(run.pipeline);
}

function writerOf({ ledger, target, now, sleep, mayWrite, pipeline }: Task): Writer {
  const { after } = pipeline.target;
  return new Writer(
    { ledger, target, now, sleep, mayWrite },
    {
      goal: after.includes('audit') ? 'final' : after.includes('submit') ? 'submitted' : 'draft',
      attempts: pipeline.retry.attempts,
      maxDelayMs: pipeline.retry.max_delay,
      settleMs: pipeline.limits.target.settle,
    },
  );
}

/** Maps again, since the ledger keeps records and not bills. What no longer maps fails alone. */
async function writeBatch(task: Task, writer: Writer, documents: readonly StoredDocument[]): Promise<void> {
  const { run, ledger, source, pipeline, mapping, now } = task;
  const jobs = [];
  const twins = source.twin === null ? new Map() : await ledger.twins(run.pipeline, source.twin, documents);
  const joined = await upstreamOf(task, documents);
  for (const document of documents) {
    // Since it was read, somebody has taken it out.
    if (document.state === 'withdrawn') {
      await ledger.settle(run, document.key, 'skipped');
      continue;
    }
    // The same goods came in by the other route, and are booked.
    if (twins.has(document.key)) {
      await ledger.settle(run, document.key, 'existing');
      continue;
    }
    try {
      const order = joined.priced(document.order, now());
      const content = contentOf(document.order, pipeline);
      jobs.push({ document, content, ...mapping.apply(order, document.dateOverride) });
    } catch (error) {
      await ledger.settle(run, document.key, 'failed', asAppError(error));
    }
  }
  await writer.write(run, jobs);
}
