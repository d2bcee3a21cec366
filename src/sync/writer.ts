import { Intents } from './intents.ts';
import type { Job, MappedDocument, WritePolicy, WriterParts } from './job.ts';
import { Pass } from './pass.ts';
import type { Run } from './run.ts';

/**
 * Brings the bills of a batch to the state the pipeline asks for, and never sends a save whose fate is unknown twice.
 *
 * Every pass looks first (one read-back by bill number) and then does what is missing: save what is absent, submit what is
 * created, audit what is submitted. A time-out, a crash or a cut connection therefore needs no special path: the next pass
 * looks again. Throws what stops the whole run (`auth`, `config`); everything else ends on its document.
 */
export class Writer {
  readonly #parts: WriterParts;
  readonly #policy: WritePolicy;
  readonly #intents: Intents;

  constructor(parts: WriterParts, policy: WritePolicy) {
    this.#parts = parts;
    this.#policy = policy;
    this.#intents = new Intents(parts, policy.settleMs);
  }

  /** A document taken in hand. */
  jobOf(run: Run, mapped: MappedDocument): Job {
    const { intentRun, intentUntil } = mapped.document;
    return {
      ...mapped,
      touched: intentRun === run.id,
      intentUntil,
      lastError: null,
      attempts: 0,
      dueAt: this.#parts.now(),
    };
  }

  /** One look and the steps it calls for; returns the documents that are to be looked at again, each when it is due. */
  async pass(run: Run, jobs: readonly Job[]): Promise<Job[]> {
    await this.#parts.mayWrite();
    const pass = new Pass(run, jobs, this.#parts, this.#policy, this.#intents);
    try {
      await pass.carryOut();
    } finally {
      await this.#parts.queue.settle(run, pass.settled);
    }
    return pass.open;
  }
}
