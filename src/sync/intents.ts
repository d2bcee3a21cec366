import type { AppError } from '../errors.ts';
import type { Target } from './connector.ts';
import type { Run } from './run.ts';
import type { WriteQueue } from './write-queue.ts';

/** A document that something is sent for. */
export interface Intended {
  document: { key: string };
  /** Until then what was sent may still land. */
  intentUntil: Date | null;
}

/** A call that was not answered in time may land until so many times as long. */
const unansweredTimes = 3;

/** What is written down before a call whose effect must not be had twice, so that whoever comes after a crash waits for it, too. */
export class Intents {
  readonly #parts: { queue: WriteQueue; target: Target; now: () => Date };
  readonly #settleMs: number;

  constructor(parts: { queue: WriteQueue; target: Target; now: () => Date }, settleMs: number) {
    this.#parts = parts;
    this.#settleMs = settleMs;
  }

  isOpen(job: Intended): boolean {
    const { now, target } = this.#parts;
    if (job.intentUntil === null || job.intentUntil <= now()) return false;
    // No call lands later than this from now; what says so was written by another clock.
    const furthest = this.#in(Math.max(target.timeoutMs * unansweredTimes, target.timeoutMs + this.#settleMs));
    if (job.intentUntil > furthest) job.intentUntil = furthest;
    return true;
  }

  /** Before the call. */
  async announce(run: Run, jobs: readonly Intended[]): Promise<void> {
    const until = this.#in(this.#parts.target.timeoutMs + this.#settleMs);
    await this.#parts.queue.intend(run, keysOf(jobs), until);
    for (const job of jobs) job.intentUntil = until;
  }

  /** After it: how long it may still land. A refusal lands never; a time-out perhaps much later than a cut line. */
  async refused(run: Run, jobs: readonly Intended[], { kind, code }: AppError): Promise<void> {
    if (kind !== 'in_doubt') return await this.over(run, jobs);
    await this.#extend(
      run,
      jobs,
      this.#in(code === 'http.timeout' ? this.#parts.target.timeoutMs * unansweredTimes : this.#settleMs),
    );
  }

  async over(run: Run, jobs: readonly Intended[]): Promise<void> {
    await this.#extend(run, jobs, null);
  }

  async #extend(run: Run, jobs: readonly Intended[], until: Date | null): Promise<void> {
    await this.#parts.queue.extendIntent(run, keysOf(jobs), until);
    for (const job of jobs) job.intentUntil = until;
  }

  #in(ms: number): Date {
    return new Date(this.#parts.now().getTime() + ms);
  }
}

const keysOf = (jobs: readonly Intended[]): string[] => jobs.map(({ document }) => document.key);
