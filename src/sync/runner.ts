import { type AppError, asAppError } from '../errors.ts';
import { storeIsAway } from '../store/errors.ts';
import { type Brake, braked } from './brake.ts';
import { coverWindow } from './cover-window.ts';
import { followChanges } from './follow-changes.ts';
import type { Outcomes } from './outcomes.ts';
import { type PipelineParts, partsOf } from './parts.ts';
import type { Run } from './run.ts';
import type { Task } from './task.ts';
import { undoOrders } from './undo-orders.ts';

export interface RunnerParts extends Pick<Task, 'sql' | 'runs' | 'ledger' | 'queue' | 'watermarks' | 'now' | 'sleep'> {
  outcomes: Outcomes;
  brake: Brake;
  pipelines: ReadonlyMap<string, PipelineParts>;
  /** Called after every step that changed a run, for whoever shows it. */
  onProgress: (runId: string) => void;
}

export const leaseMs = 30_000;
const renewEveryMs = 5_000;

type Reason = 'cancelled' | 'braked' | 'lease_lost' | 'stopping';

/** Thrown inside a run to leave it: somebody asked to stop it or everything, or another worker holds it now. */
class Interrupted extends Error {
  readonly reason: Reason;
  constructor(reason: Reason, cause?: AppError) {
    super(reason, { cause });
    this.reason = reason;
  }
}

/**
 * The life of a run: claimed, held by a lease, carried out, ended. Everything it knows is in the store after every page and every
 * batch, so a run that was killed goes on where it stood, in this process or another.
 */
export class Runner {
  readonly #parts: RunnerParts;
  readonly #owner: string;
  #stopping = false;
  readonly #active = new Map<string, Promise<boolean>>();

  constructor(parts: RunnerParts, owner: string) {
    this.#parts = parts;
    this.#owner = owner;
  }

  /**
   * Runs to the end, or as far as it may. Returns false when it is in hand already, or somebody else holds the run or its pipeline:
   * try again later.
   */
  async run(id: string): Promise<boolean> {
    if (this.#active.has(id)) return false;
    const work = this.#carry(id);
    this.#active.set(id, work);
    try {
      return await work;
    } finally {
      this.#active.delete(id);
    }
  }

  async #carry(id: string): Promise<boolean> {
    const run = await this.#parts.runs.claim(id, this.#owner, leaseMs);
    if (!run) return false;
    try {
      await this.#live(run);
    } finally {
      this.#parts.onProgress(id);
    }
    return true;
  }

  /** Leaves every run at its next checkpoint; they go on after the next start. */
  async stop(): Promise<void> {
    this.#stopping = true;
    await Promise.allSettled(this.#active.values());
  }

  async #live(run: Run): Promise<void> {
    const { runs, brake, onProgress } = this.#parts;
    const renew = (): ReturnType<typeof runs.renewLease> => runs.renewLease(run.id, this.#owner, leaseMs);
    // Where the store is down, the next statement of the run says so.
    const renewing = setInterval(() => void renew().catch(() => undefined), renewEveryMs);
    const mayWrite = async (): Promise<void> => {
      const by = await brake.held();
      if (by) throw new Interrupted('braked', braked(by));
    };
    const before = async (): Promise<void> => {
      const { held, cancelRequested } = await renew();
      if (this.#stopping) throw new Interrupted('stopping');
      if (!held) throw new Interrupted('lease_lost');
      if (cancelRequested) throw new Interrupted('cancelled');
      await mayWrite();
      onProgress(run.id);
    };
    try {
      await this.#carryOut(run, { before, mayWrite });
      await this.#finish(run);
    } catch (error) {
      await this.#giveUp(run, error);
    } finally {
      clearInterval(renewing);
    }
  }

  async #carryOut(run: Run, checks: Pick<Task, 'before' | 'mayWrite'>): Promise<void> {
    const task: Task = { ...this.#parts, ...partsOf(this.#parts.pipelines, run.pipeline), run, ...checks };
    if (run.kind === 'undo') await undoOrders(task);
    else if (run.by === 'changes') await followChanges(task);
    else await coverWindow(task);
  }

  async #finish(run: Run): Promise<void> {
    const { failed } = await this.#parts.outcomes.counts(run.id);
    await this.#parts.runs.finish(run.id, failed > 0 ? 'partial' : 'succeeded', null);
  }

  async #giveUp(run: Run, error: unknown): Promise<void> {
    const { queue, runs } = this.#parts;
    if (error instanceof Interrupted) {
      if (error.reason !== 'cancelled' && error.reason !== 'braked') return; // the lease runs out or was taken: the run goes on elsewhere or later
      await queue.dropPending(run);
      // What the brake has stopped does not begin by itself once it is released: somebody says it again.
      await runs.finish(run.id, 'cancelled', error.reason === 'braked' ? asAppError(error.cause) : null);
      return;
    }
    // What it knows is kept: it goes on at its checkpoint once the store is back.
    if (storeIsAway(error)) return;
    const known = asAppError(error);
    await queue.failPending(run, known);
    await runs.finish(run.id, 'failed', known);
  }
}
