import { chunk } from '../chunk.ts';
import { asAppError } from '../errors.ts';
import { contentOf } from './content.ts';
import type { Job, MappedDocument } from './job.ts';
import type { StoredDocument } from './ledger.ts';
import { otherNumber } from './pass.ts';
import type { Reading } from './reading.ts';
import type { Task } from './task.ts';
import { upstreamOf } from './upstream.ts';
import type { Settled } from './write-queue.ts';
import { Writer } from './writer.ts';

/** While only another run has what waits in hand, it is asked for again after so long. */
const othersMs = 500;

/**
 * Writes what waits in a run while reading fills the ledger, several batches at once, until reading is over and nothing waits. A
 * document that has to wait waits alone.
 */
export async function writeRun(task: Task, reading: Reading): Promise<void> {
  await refuseOtherNumbers(task);
  await task.queue.release(task.run);
  const line = new Line(task, reading, await task.queue.waiting(task.run));
  await line.workOff();
}

/** While a bill stands in the target under a number that is not ours, the next would get one, too. Code: `sync.other_number`. */
async function refuseOtherNumbers({ run, queue, target }: Task): Promise<void> {
  const renumbered = await queue.renumbered(run.pipeline);
  if (renumbered.length === 0) return;
  const found = await target.find(renumbered.map(({ given }) => given));
  const [still] = renumbered.filter(({ given }) => found.has(given));
  if (still) throw otherNumber(still.sent, still.given);
  await queue.numberAnew(run.pipeline);
}

function writerOf({ queue, target, now, mayWrite, pipeline }: Task): Writer {
  const { after } = pipeline.target;
  return new Writer(
    { queue, target, now, mayWrite },
    {
      goal: after.includes('audit') ? 'final' : after.includes('submit') ? 'submitted' : 'draft',
      attempts: pipeline.retry.attempts,
      maxDelayMs: pipeline.retry.max_delay,
      settleMs: pipeline.limits.target.settle,
    },
  );
}

/** The documents of one run on their way: waiting in the ledger, in a batch, or waiting for their next look. */
class Line {
  readonly #task: Task;
  readonly #reading: Reading;
  readonly #writer: Writer;
  readonly #flights = new Set<Promise<void>>();
  /** Taken in hand, and to be looked at again. */
  #waiting: Job[] = [];
  #failure: unknown = null;
  /** What the run found in the ledger when it was taken up. */
  readonly #found: number;
  #claimed = 0;

  constructor(task: Task, reading: Reading, found: number) {
    this.#task = task;
    this.#reading = reading;
    this.#found = found;
    this.#writer = writerOf(task);
  }

  async workOff(): Promise<void> {
    const { before, sleep, now } = this.#task;
    try {
      for (;;) {
        await before();
        if (this.#failure) throw this.#failure;
        const news = this.#reading.news();
        await this.#send();
        if (this.#flights.size > 0) await Promise.race([...this.#flights, news]);
        else if (this.#waiting.length > 0 && this.#reading.over) await sleep(this.#untilDue(now()));
        else if (!this.#reading.over) await news;
        else if ((await this.#task.queue.waiting(this.#task.run)) === 0) return;
        else await sleep(othersMs);
      }
    } finally {
      await Promise.allSettled(this.#flights);
    }
  }

  #untilDue(now: Date): number {
    return Math.max(1, Math.min(...this.#waiting.map(({ dueAt }) => dueAt.getTime() - now.getTime())));
  }

  /** Sends as many batches as there is room for: what is due again first, then what the ledger has. */
  async #send(): Promise<void> {
    const { limit, now } = this.#task;
    let room = limit.concurrency - this.#flights.size;
    if (room <= 0) return;
    const due = this.#waiting.filter(({ dueAt }) => dueAt <= now());
    for (const jobs of chunk(due, limit.batch).slice(0, room)) {
      this.#waiting = this.#waiting.filter((job) => !jobs.includes(job));
      this.#fly(jobs.length, async () => jobs);
      room -= 1;
    }
    const left = Math.max(0, this.#found + this.#reading.brought - this.#claimed);
    // A batch that is far from full waits for the next page, unless nothing else is under way.
    const worth = this.#reading.over || left >= limit.batch / 2 || this.#flights.size === 0;
    if (room <= 0 || !worth) return;
    // What is left is shared out, so that none works alone at the end.
    const size = Math.max(1, Math.min(limit.batch, Math.ceil(left / (this.#reading.over ? limit.concurrency : 1))));
    const documents = await this.#task.queue.claim(this.#task.run, this.#reading.ready, size * room);
    this.#claimed += documents.length;
    for (const some of chunk(documents, size)) this.#fly(some.length, () => this.#takeInHand(some));
  }

  #fly(count: number, jobsOf: () => Promise<Job[]>): void {
    const flight = this.#write(count, jobsOf)
      .catch((error: unknown) => {
        this.#failure ??= error;
      })
      .finally(() => this.#flights.delete(flight));
    this.#flights.add(flight);
  }

  async #write(count: number, jobsOf: () => Promise<Job[]>): Promise<void> {
    const { limit, run, now } = this.#task;
    const jobs = await jobsOf();
    if (jobs.length === 0) return;
    const began = now().getTime();
    const open = await this.#writer.pass(run, jobs);
    this.#waiting.push(...open);
    const strained = open.some(({ lastError }) => lastError && lastError.kind !== 'conflict');
    if (strained) limit.troubled();
    else limit.answered(count, now().getTime() - began);
  }

  /** Maps again, since the ledger keeps records and not bills. What no longer maps fails alone. */
  async #takeInHand(documents: readonly StoredDocument[]): Promise<Job[]> {
    const { run, queue, source, pipeline, mapping, now } = this.#task;
    const twins = source.twin === null ? null : await queue.twins(run.pipeline, source.twin, documents);
    const upstream = await upstreamOf(this.#task, documents);
    const settled: Settled[] = [];
    const mapped: MappedDocument[] = [];
    for (const document of documents) {
      const { key } = document;
      // Since it was read, somebody has taken it out.
      if (document.state === 'withdrawn') settled.push({ key, outcome: 'skipped' });
      // The same goods came in by the other route, and are booked.
      else if (twins?.has(key)) settled.push({ key, outcome: 'existing' });
      else
        try {
          const order = upstream.priced(document.order, now());
          const content = contentOf(document.order, pipeline, mapping.decidedBy);
          mapped.push({ document, content, ...mapping.apply(order, document.dateOverride) });
        } catch (error) {
          settled.push({ key, outcome: 'failed', error: asAppError(error) });
        }
    }
    await queue.settle(run, settled);
    return mapped.map((one) => this.#writer.jobOf(run, one));
  }
}
