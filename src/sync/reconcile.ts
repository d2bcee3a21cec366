import { AppError, asAppError } from '../errors.ts';
import type { Sql } from '../store/sql.ts';
import { LeaseWatch } from './lease-watch.ts';
import { type PipelineParts, partsOf } from './parts.ts';
import { compare } from './reconcile/compare.ts';
import { Findings } from './reconcile/findings.ts';
import { planDays } from './reconcile/plan.ts';
import {
  type Reconciliation,
  type ReconciliationReport,
  type StageName,
  stageNames,
} from './reconcile/reconciliation.ts';
import { Records } from './reconcile/records.ts';
import { readChanges, readSource } from './reconcile/source.ts';
import { readTarget } from './reconcile/target.ts';
import { Left, type Work } from './reconcile/work.ts';
import type { Window } from './window.ts';

export interface ReconcilerParts {
  sql: Sql;
  pipelines: ReadonlyMap<string, PipelineParts>;
  now: () => Date;
  onProgress: (reconciliation: Reconciliation) => void;
  onError: (error: unknown, where: string) => void;
}

const stages: Readonly<Record<StageName, (work: Work) => Promise<void>>> = {
  plan: planDays,
  source: readSource,
  changes: readChanges,
  target: readTarget,
  late: readChanges,
  compare,
};
const leaseMs = 30_000;
const renewEveryMs = 5000;
const showEveryMs = 500;
const mostSetbacks = 10;
const setbackPauseMs = 60_000;

/**
 * Compares both sides over whole days, document by document: plan → source by io_date → source by modified → target →
 * source by modified since → compare.
 * Both sides are kept in tables page by page with the place reached, so memory does not grow with the window and what was killed
 * goes on where it stood. Its calls wait in the same line as those of the runs, one at a time, so a run beside it gets its share.
 */
export class Reconciler {
  readonly findings: Findings;
  readonly #parts: ReconcilerParts;
  readonly #records: Records;
  readonly #owner: string;
  readonly #watch = new LeaseWatch(leaseMs);
  #leaving = false;
  readonly #active = new Map<string, Promise<unknown>>();

  constructor(parts: ReconcilerParts, owner: string) {
    this.#parts = parts;
    this.#owner = owner;
    this.#records = new Records(parts.sql, parts.now);
    this.findings = new Findings(parts.sql);
  }

  async begin(pipeline: string, window: Window, requester: Reconciliation['requester']): Promise<Reconciliation> {
    return await this.#records.begin(pipeline, window, requester);
  }

  async find(id: string): Promise<Reconciliation | null> {
    return await this.#records.find(id);
  }

  /** The report once it is done, null while it reads. Codes: `sync.reconcile_failed`, `sync.reconcile_stopped`. */
  async report(reconciliation: Reconciliation): Promise<ReconciliationReport | null> {
    const { error, state } = reconciliation;
    if (error) throw new AppError('sync.reconcile_failed', 'transient', { params: { ...error } });
    if (state === 'stopped') throw new AppError('sync.reconcile_stopped', 'data');
    return state === 'done' ? await this.findings.report(reconciliation) : null;
  }

  /** Those that are on, newest first. */
  async running(): Promise<Reconciliation[]> {
    return await this.#records.running();
  }

  /** Ends it at its next page. False when it is over already. */
  async requestStop(id: string): Promise<boolean> {
    return await this.#records.requestStop(id);
  }

  /** Frees the leases of workers that are known to be gone. */
  async releaseLeases(): Promise<void> {
    await this.#records.release();
  }

  /** Carries it out beside whatever else is done; what goes wrong is on the reconciliation. */
  start(id: string): void {
    this.carryOut(id).catch((error: unknown) => this.#parts.onError(error, 'reconcile'));
  }

  /** Goes on with those that nobody holds. */
  async resume(): Promise<void> {
    for (const lease of this.#watch.abandoned(await this.#records.leases())) await this.#records.freeLease(lease);
    for (const id of await this.#records.abandoned(this.#owner)) this.start(id);
  }

  /** Leaves every one at its next page; they go on after the next start. */
  async stop(): Promise<void> {
    this.#leaving = true;
    await Promise.allSettled(this.#active.values());
  }

  /**
   * Reads and compares to the end, or as far as it may: still `running` when it has to wait for something to pass. Null when it is
   * nobody's turn yet, somebody else holds it or it is over.
   */
  async carryOut(id: string): Promise<Reconciliation | null> {
    // A lease that ran out while the store was down is still in our own hands.
    if (this.#active.has(id)) return null;
    const work = this.#take(id);
    this.#active.set(id, work);
    try {
      return await work;
    } finally {
      this.#active.delete(id);
    }
  }

  async #take(id: string): Promise<Reconciliation | null> {
    const reconciliation = await this.#records.claim(id, this.#owner, leaseMs);
    return reconciliation && (await this.#carry(reconciliation));
  }

  async #carry(reconciliation: Reconciliation): Promise<Reconciliation | null> {
    const { id } = reconciliation;
    // The store being down is said by the next statement of the work itself.
    const renew = setInterval(
      () => void this.#records.renew(id, this.#owner, leaseMs).catch(() => undefined),
      renewEveryMs,
    );
    try {
      await this.#pass(this.#work(reconciliation));
      return await this.#end(id, 'done', null);
    } catch (error) {
      if (!(error instanceof Left)) return await this.#fail(reconciliation, asAppError(error));
      if (error.why === 'stopped') return await this.#end(id, 'stopped', null);
      if (error.why === 'leaving') await this.#records.release(id);
      return await this.find(id);
    } finally {
      clearInterval(renew);
    }
  }

  async #pass(work: Work): Promise<void> {
    const { reconciliation } = work;
    for (const [index, name] of stageNames.entries()) {
      if (reconciliation.place.stage !== name) continue;
      await stages[name](work);
      const next = stageNames[index + 1];
      if (next) await work.reach({ stage: next, index: 0 });
    }
    const counts = await this.findings.countsByKind(reconciliation);
    const differences = counts.reduce((sum, { count }) => sum + count, 0);
    await work.reach(reconciliation.place, { differences, leftMs: null });
  }

  /** What passes by itself is waited out, so that an outage does not cost the hours before it; the rest ends it. */
  async #fail({ id, progress }: Reconciliation, error: AppError): Promise<Reconciliation | null> {
    const { setbacks = 0 } = progress;
    if ((error.kind !== 'transient' && error.kind !== 'rate_limited') || setbacks >= mostSetbacks)
      return await this.#end(id, 'failed', error);
    await this.#records.postpone(id, { ...progress, setbacks: setbacks + 1 }, setbackPauseMs);
    return await this.find(id);
  }

  async #end(id: string, state: Reconciliation['state'], error: AppError | null): Promise<Reconciliation | null> {
    const ended = await this.#records.end(id, state, error);
    if (ended) this.#parts.onProgress(ended);
    return ended;
  }

  #work(reconciliation: Reconciliation): Work {
    const { sql, now, onProgress, pipelines } = this.#parts;
    const parts = partsOf(pipelines, reconciliation.pipeline);
    let shown = Number.NEGATIVE_INFINITY;
    return {
      sql,
      now,
      parts,
      pipelines,
      reconciliation,
      reach: async (place, progress = {}, tx = sql) => {
        reconciliation.place = place;
        Object.assign(reconciliation.progress, { setbacks: 0 }, progress);
        const { held, stopRequested } = await this.#records.move(tx, reconciliation, this.#owner);
        if (!held) throw new Left('lost');
        if (stopRequested) throw new Left('stopped');
        if (this.#leaving) throw new Left('leaving');
        if (now().getTime() - shown < showEveryMs) return;
        shown = now().getTime();
        onProgress(reconciliation);
      },
    };
  }
}
