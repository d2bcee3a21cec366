import { AppError, asAppError } from '../errors.ts';
import type { BillRef, BillState, FoundBill, StepResult, Target } from './connector.ts';
import { type Intended, Intents } from './intents.ts';
import type { Ledger, StoredDocument } from './ledger.ts';
import type { Mapped } from './mapping.ts';
import type { Run } from './run.ts';

export interface WritePolicy {
  /** How far a bill has to get. */
  goal: Exclude<BillState, 'void'>;
  /** Looks at one batch before what is left of it fails. */
  attempts: number;
  /** The longest pause between two looks, ms. */
  maxDelayMs: number;
  /** After a cut connection or a crash a save may still land for so long, ms: nothing is sent again before. */
  settleMs: number;
}

/** A document on its way, with the bill its order maps to. */
interface Job extends MappedDocument, Pick<Intended, 'intentUntil'> {
  /** Whether this run changed anything in the target for it: written, not just existing. */
  touched: boolean;
  lastError: AppError | null;
}

/** A document with the bill its record maps to. */
export interface MappedDocument extends Mapped {
  document: StoredDocument;
  /** What it holds, see `contentOf`. */
  content: string;
}

export interface WriterParts {
  ledger: Ledger;
  target: Target;
  now: () => Date;
  sleep: (ms: number) => Promise<void>;
  /** See `Task`. */
  mayWrite: () => Promise<void>;
}

/** Stops the run, not just the document: nothing else would fare better. */
const stopsRun = (error: AppError): boolean =>
  error.kind === 'auth' || error.kind === 'config' || error.kind === 'internal';
/** Worth another look: the next round asks the target where the bill is and goes on from there. */
const worthAnotherLook = (error: AppError): boolean =>
  ['transient', 'rate_limited', 'in_doubt', 'conflict'].includes(error.kind);

const unanswered = (): AppError => new AppError('sync.no_answer', 'in_doubt', { category: 'transport' });

const progress: Readonly<Record<WritePolicy['goal'], number>> = { draft: 0, submitted: 1, final: 2 };

/**
 * Brings the bills of one batch to the state the pipeline asks for, and never sends a save whose fate is unknown twice.
 *
 * Every round looks first (one read-back by bill number) and then does what is missing: save what is absent, submit what is
 * created, audit what is submitted. A time-out, a crash or a cut connection therefore needs no special path: the next round
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

  async write(run: Run, batch: readonly MappedDocument[]): Promise<void> {
    let open: Job[] = batch.map((item) => ({
      ...item,
      touched: item.document.intentRun === run.id,
      intentUntil: item.document.intentUntil,
      lastError: null,
    }));
    // Rounds spent waiting for a deadline are no attempts: what waited has its full number of them afterwards.
    let attempts = 0;
    for (let round = 0; open.length > 0; round++) {
      const waiting = open.some((job) => this.#intents.isOpen(job));
      if (round > 0) await this.#parts.sleep(this.#pause(round, open));
      if (attempts >= this.#policy.attempts && !waiting) {
        for (const job of open)
          await this.#fail(
            run,
            job,
            job.lastError ?? new AppError('sync.attempts_used_up', 'transient', { category: 'transport' }),
          );
        return;
      }
      if (!waiting) attempts += 1;
      await this.#parts.mayWrite();
      open = await this.#round(run, open);
    }
  }

  #pause(round: number, open: readonly Job[]): number {
    const hint = Math.max(0, ...open.map((job) => job.lastError?.retryAfterMs ?? 0));
    return Math.max(hint, Math.min(this.#policy.maxDelayMs, 500 * 2 ** Math.min(round - 1, 10)));
  }

  /** One look and the steps it calls for; returns the jobs that are not at their goal yet. */
  async #round(run: Run, jobs: readonly Job[]): Promise<Job[]> {
    const { target } = this.#parts;
    let found: Map<string, FoundBill>;
    try {
      found = await target.find(jobs.map((job) => job.bill.number));
    } catch (error) {
      return this.#later(jobs, asAppError(error));
    }
    const absent: Job[] = [];
    const present: { job: Job; bill: FoundBill; reached: number }[] = [];
    const misdated: { job: Job; bill: FoundBill }[] = [];
    const open: Job[] = [];
    for (const job of jobs) {
      const bill = found.get(job.bill.number);
      if (!bill) (this.#intents.isOpen(job) ? open : absent).push(job);
      else if (bill.state === 'void') await this.#failVoid(run, job, bill);
      else if (this.#changed(job, bill)) await this.#fail(run, job, changedSince(job));
      else if (this.#differs(job, bill)) await this.#fail(run, job, clash('sync.bill_differs', job.bill.number));
      else if (!this.#misdated(job, bill)) present.push({ job, bill, reached: progress[bill.state] });
      else if (this.#intents.isOpen(job)) open.push(job);
      else misdated.push({ job, bill });
    }
    absent.push(...(await this.#takeBack(run, misdated, open)));
    const saved = await this.#save(run, absent, open);
    const ready = [...present.map(({ job, bill, reached }) => ({ job, ref: bill, reached })), ...saved];
    await this.#advance(run, ready, open);
    return open;
  }

  /** Its bill is remembered, so that somebody can have it taken out. */
  async #failVoid(run: Run, job: Job, { id, number }: FoundBill): Promise<void> {
    await this.#parts.ledger.meet(run.pipeline, job.document.key, id);
    await this.#fail(run, job, billVoid(number));
  }

  /** Our own bill, of what the document held before it was changed at the source. */
  #changed({ document, content }: Job, bill: FoundBill): boolean {
    return document.targetId === bill.id && document.writtenAs !== null && document.writtenAs !== content;
  }

  /** Somebody else's bill under our number: same number, but not what this document maps to. */
  #differs(job: Job, bill: FoundBill): boolean {
    if (job.touched || (job.document.targetId === bill.id && job.document.writtenAs !== null)) return false;
    if (bill.party !== null && job.party !== null && bill.party !== job.party) return true;
    return bill.amount !== null && !bill.amount.equals(job.amount);
  }

  /** Somebody has chosen another day for this document since its bill was made, and the bill is not in the books yet. */
  #misdated(job: Job, bill: FoundBill): boolean {
    return job.document.dateOverride !== null && bill.state !== 'final' && bill.day !== job.document.dateOverride;
  }

  /** Takes bills of another day out (撤销, then delete); returns the jobs whose bill is out, to be saved anew. */
  async #takeBack(run: Run, items: readonly { job: Job; bill: FoundBill }[], open: Job[]): Promise<Job[]> {
    if (items.length === 0) return [];
    const { target } = this.#parts;
    const jobs = items.map(({ job }) => job);
    // A deletion that lands late would take out the bill that is saved after it.
    await this.#intents.announce(run, jobs);
    const loose = items.filter(({ bill }) => bill.state !== 'submitted');
    const submitted = items.filter(({ bill }) => bill.state === 'submitted');
    loose.push(...(await this.#passing(run, submitted, target.unsubmit, open)));
    const out = (await this.#passing(run, loose, target.remove, open)).map(({ job }) => job);
    await this.#intents.over(run, out);
    return out;
  }

  /** A step of taking back: those that got through it. */
  async #passing(
    run: Run,
    items: readonly { job: Job; bill: FoundBill }[],
    act: (refs: readonly BillRef[]) => Promise<StepResult[]>,
    open: Job[],
  ): Promise<{ job: Job; bill: FoundBill }[]> {
    if (items.length === 0) return [];
    const refs = items.map(({ bill }) => bill);
    const results = await this.#step(refs, act);
    const passed: { job: Job; bill: FoundBill }[] = [];
    for (const [index, item] of items.entries()) {
      const result = results[index];
      if (result?.ok) passed.push(item);
      else await this.#refused(run, item.job, result?.error ?? unanswered(), open);
    }
    return passed;
  }

  async #save(run: Run, jobs: readonly Job[], open: Job[]): Promise<{ job: Job; ref: BillRef; reached: number }[]> {
    if (jobs.length === 0) return [];
    const { ledger, target } = this.#parts;
    let results: StepResult[];
    try {
      results = await apart(jobs, async (some) => {
        await this.#intents.announce(run, some);
        for (const job of some) job.touched = true;
        return await target.save(some.map((job) => job.bill));
      });
    } catch (error) {
      await this.#intents.refused(run, jobs, asAppError(error));
      open.push(...this.#later(jobs, asAppError(error)));
      return [];
    }
    const saved: { job: Job; ref: BillRef; reached: number }[] = [];
    let renumbered: AppError | null = null;
    for (const [index, job] of jobs.entries()) {
      const result = results[index];
      if (!result?.ok) await this.#refused(run, job, result?.error ?? unanswered(), open);
      else if (result.number !== job.bill.number) {
        await ledger.renumber(run, job.document.key, result.number);
        renumbered ??= otherNumber(job.bill.number, result.number);
      } else {
        await this.#reach(run, job, 'saved', result.id);
        job.intentUntil = null;
        saved.push({ job, ref: result, reached: 0 });
      }
    }
    if (renumbered) throw renumbered;
    return saved;
  }

  async #refused(run: Run, job: Job, error: AppError, open: Job[]): Promise<void> {
    await this.#intents.refused(run, [job], error);
    await this.#failOrLater(run, job, error, open);
  }

  /** Submits and audits what has been saved, as far as the goal; each step takes only what the one before it got through. */
  async #advance(run: Run, items: readonly { job: Job; ref: BillRef; reached: number }[], open: Job[]): Promise<void> {
    const goal = progress[this.#policy.goal];
    const steps = [
      { reached: 0, state: 'submitted' as const, act: (refs: readonly BillRef[]) => this.#parts.target.submit(refs) },
      { reached: 1, state: 'done' as const, act: (refs: readonly BillRef[]) => this.#parts.target.audit(refs) },
    ];
    let current = [...items];
    for (const step of steps.slice(0, goal)) {
      const due = current.filter((item) => item.reached === step.reached);
      if (due.length === 0) continue;
      const results = await this.#step(
        due.map((item) => item.ref),
        step.act,
      );
      const passed = new Set<Job>();
      for (const [index, item] of due.entries()) {
        item.job.touched = true;
        const result = results[index];
        if (result?.ok) {
          if (step.state === 'submitted') await this.#reach(run, item.job, 'submitted', item.ref.id);
          passed.add(item.job);
        } else {
          await this.#reach(run, item.job, step.reached === 0 ? 'saved' : 'submitted', item.ref.id);
          await this.#failOrLater(run, item.job, result?.error ?? unanswered(), open);
        }
      }
      current = current.flatMap((item) =>
        item.reached !== step.reached ? [item] : passed.has(item.job) ? [{ ...item, reached: step.reached + 1 }] : [],
      );
    }
    for (const { job, ref } of current.filter((item) => item.reached >= goal)) {
      await this.#reach(run, job, 'done', ref.id);
      await this.#parts.ledger.settle(run, job.document.key, job.touched ? 'written' : 'existing');
    }
  }

  async #reach(run: Run, { document, content }: Job, state: 'saved' | 'submitted' | 'done', id: string): Promise<void> {
    await this.#parts.ledger.reach(run.pipeline, document.key, state, id, content);
  }

  /** A step whose answer was lost is in doubt for every bill of it: the next round looks. */
  async #step(
    refs: readonly BillRef[],
    act: (refs: readonly BillRef[]) => Promise<StepResult[]>,
  ): Promise<StepResult[]> {
    try {
      return await apart(refs, act);
    } catch (error) {
      const known = asAppError(error);
      if (stopsRun(known)) throw known;
      return refs.map((ref) => ({ ok: false, number: ref.number, error: known }));
    }
  }

  async #failOrLater(run: Run, job: Job, error: AppError, open: Job[]): Promise<void> {
    if (worthAnotherLook(error) || stopsRun(error)) open.push(...this.#later([job], error));
    else await this.#fail(run, job, error);
  }

  #later(jobs: readonly Job[], error: AppError): Job[] {
    if (stopsRun(error)) throw error;
    for (const job of jobs) job.lastError = error;
    return [...jobs];
  }

  async #fail(run: Run, job: Job, error: AppError): Promise<void> {
    const { ledger, target } = this.#parts;
    await ledger.settle(run, job.document.key, 'failed', await target.explain(job.bill, error));
  }
}

/**
 * A step over a batch. Those that were refused with it only because of another are tried once more without it; where nobody says
 * because of which, in halves.
 */
async function apart<Item>(
  items: readonly Item[],
  act: (items: readonly Item[]) => Promise<StepResult[]>,
): Promise<StepResult[]> {
  const results = await act(items);
  const rest = [...results.entries()].filter(([, result]) => !result.ok && result.apart).map(([index]) => index);
  if (rest.length === 0 || items.length === 1) return results;
  const half = Math.ceil(rest.length / 2);
  for (const some of rest.length < items.length ? [rest] : [rest.slice(0, half), rest.slice(half)]) {
    const again = await apart(
      some.map((index) => items[index] as Item),
      act,
    );
    for (const [place, index] of some.entries()) results[index] = again[place] ?? (results[index] as StepResult);
  }
  return results;
}

const clash = (code: string, number: string): AppError =>
  new AppError(code, 'data', { category: 'duplicate_conflict', params: { number }, subjects: [number] });

/** Its number is taken by a bill that counts for nothing. */
export const billVoid = (number: string): AppError => clash('sync.bill_void', number);

const changedSince = ({ bill: { number } }: Job): AppError =>
  new AppError('sync.changed_at_source', 'data', { category: 'source_data', params: { number }, subjects: [number] });

/** The target numbers bills by a rule of its own: none of ours would be found again, so nothing more is written. */
export const otherNumber = (sent: string, given: string): AppError =>
  new AppError('sync.other_number', 'config', {
    category: 'duplicate_conflict',
    params: { sent, given },
    subjects: [given],
  });
