import { AppError, asAppError } from '../errors.ts';
import { apart } from './apart.ts';
import type { BillRef, FoundBill, StepResult } from './connector.ts';
import type { Intents } from './intents.ts';
import type { Job, WritePolicy, WriterParts } from './job.ts';
import type { Run } from './run.ts';
import type { Settled } from './write-queue.ts';

/** A bill on its way through the steps: created (0), submitted (1), audited (2). */
interface Item {
  job: Job;
  ref: BillRef;
  reached: number;
}

/** Stops the run, not just the document: nothing else would fare better. */
const stopsRun = (error: AppError): boolean =>
  error.kind === 'auth' || error.kind === 'config' || error.kind === 'internal';
/** Worth another look: the next one asks the target where the bill is and goes on from there. */
const worthAnotherLook = (error: AppError): boolean =>
  ['transient', 'rate_limited', 'in_doubt', 'conflict'].includes(error.kind);

const unanswered = (): AppError => new AppError('sync.no_answer', 'in_doubt', { category: 'transport' });

const progress: Readonly<Record<WritePolicy['goal'], number>> = { draft: 0, submitted: 1, final: 2 };

/** One pass of the writer over one batch. */
export class Pass {
  /** To be looked at again. */
  readonly open: Job[] = [];
  readonly settled: Settled[] = [];
  readonly #run: Run;
  readonly #jobs: readonly Job[];
  readonly #parts: WriterParts;
  readonly #policy: WritePolicy;
  readonly #intents: Intents;

  constructor(run: Run, jobs: readonly Job[], parts: WriterParts, policy: WritePolicy, intents: Intents) {
    this.#run = run;
    this.#jobs = jobs;
    this.#parts = parts;
    this.#policy = policy;
    this.#intents = intents;
  }

  async carryOut(): Promise<void> {
    const jobs = this.#jobs;
    let found: Map<string, FoundBill>;
    try {
      found = await this.#parts.target.find(jobs.map((job) => job.bill.number));
    } catch (error) {
      for (const job of jobs) await this.#failOrLater(job, asAppError(error));
      return;
    }
    const absent: Job[] = [];
    const present: Item[] = [];
    const misdated: { job: Job; bill: FoundBill }[] = [];
    for (const job of jobs) {
      const bill = found.get(job.bill.number);
      if (!bill && this.#intents.isOpen(job)) this.#wait(job);
      else if (!bill && job.attempts >= this.#policy.attempts)
        await this.#fail(
          job,
          job.lastError ?? new AppError('sync.attempts_used_up', 'transient', { category: 'transport' }),
        );
      else if (!bill) absent.push(job);
      else if (bill.state === 'void') await this.#failVoid(job, bill);
      else if (isChanged(job, bill)) await this.#fail(job, changedSince(job));
      else if (differs(job, bill)) await this.#fail(job, clash('sync.bill_differs', job.bill.number));
      else if (!isMisdated(job, bill)) present.push({ job, ref: bill, reached: progress[bill.state] });
      else if (this.#intents.isOpen(job)) this.#wait(job);
      else misdated.push({ job, bill });
    }
    absent.push(...(await this.#takeBack(misdated)));
    await this.#advance([...present, ...(await this.#save(absent))]);
  }

  /** Its bill is remembered, so that somebody can have it taken out. */
  async #failVoid(job: Job, { id, number }: FoundBill): Promise<void> {
    await this.#parts.queue.meet(this.#run.pipeline, job.document.key, id);
    await this.#fail(job, billVoid(number));
  }

  /** Takes bills of another day out (撤销, then delete); returns the jobs whose bill is out, to be saved anew. */
  async #takeBack(items: readonly { job: Job; bill: FoundBill }[]): Promise<Job[]> {
    if (items.length === 0) return [];
    const { target } = this.#parts;
    // A deletion that lands late would take out the bill that is saved after it.
    await this.#intents.announce(
      this.#run,
      items.map(({ job }) => job),
    );
    const loose = items.filter(({ bill }) => bill.state !== 'submitted');
    const submitted = items.filter(({ bill }) => bill.state === 'submitted');
    loose.push(...(await this.#passing(submitted, target.unsubmit)));
    const out = (await this.#passing(loose, target.remove)).map(({ job }) => job);
    await this.#intents.over(this.#run, out);
    return out;
  }

  /** A step of taking back: those that got through it. */
  async #passing(
    items: readonly { job: Job; bill: FoundBill }[],
    act: (refs: readonly BillRef[]) => Promise<StepResult[]>,
  ): Promise<{ job: Job; bill: FoundBill }[]> {
    if (items.length === 0) return [];
    const results = await this.#step(
      items.map(({ bill }) => bill),
      act,
    );
    const passed: { job: Job; bill: FoundBill }[] = [];
    for (const [index, item] of items.entries()) {
      const result = results[index];
      if (result?.ok) passed.push(item);
      else await this.#refused([item.job], result?.error ?? unanswered());
    }
    return passed;
  }

  async #save(jobs: readonly Job[]): Promise<Item[]> {
    if (jobs.length === 0) return [];
    const { queue, target } = this.#parts;
    let results: StepResult[];
    try {
      results = await apart(jobs, async (some) => {
        await this.#intents.announce(this.#run, some);
        for (const job of some) job.touched = true;
        return await target.save(some.map((job) => job.bill));
      });
    } catch (error) {
      await this.#refused(jobs, asAppError(error));
      return [];
    }
    const saved: Item[] = [];
    const renumbered: { key: string; sent: string; given: string }[] = [];
    for (const [index, job] of jobs.entries()) {
      const result = results[index];
      if (!result?.ok) await this.#refused([job], result?.error ?? unanswered());
      else if (result.number !== job.bill.number)
        renumbered.push({ key: job.document.key, sent: job.bill.number, given: result.number });
      else saved.push({ job, ref: result, reached: 0 });
    }
    await this.#reached('saved', saved);
    for (const { job } of saved) job.intentUntil = null;
    const [first] = renumbered;
    if (!first) return saved;
    await queue.renumber(this.#run, renumbered);
    throw otherNumber(first.sent, first.given);
  }

  async #reached(state: 'saved' | 'submitted' | 'done', items: readonly Item[]): Promise<void> {
    const reached = items.map(({ job, ref }) => ({
      key: job.document.key,
      targetId: ref.id,
      content: job.content,
    }));
    await this.#parts.queue.reach(this.#run.pipeline, state, reached);
  }

  /** Submits and audits what has been saved, as far as the goal; each step takes only what the one before it got through. */
  async #advance(items: readonly Item[]): Promise<void> {
    const { target } = this.#parts;
    const goal = progress[this.#policy.goal];
    const steps = [
      { reached: 0, act: (refs: readonly BillRef[]) => target.submit(refs), stuck: 'saved' as const },
      { reached: 1, act: (refs: readonly BillRef[]) => target.audit(refs), stuck: 'submitted' as const },
    ];
    let going = items;
    for (const { reached, act, stuck } of steps.slice(0, goal)) {
      const due = going.filter((item) => item.reached === reached);
      if (due.length === 0) continue;
      const results = await this.#step(
        due.map((item) => item.ref),
        act,
      );
      const left: Item[] = [];
      for (const [index, item] of due.entries()) {
        item.job.touched = true;
        const result = results[index];
        if (result?.ok) item.reached += 1;
        else {
          left.push(item);
          await this.#failOrLater(item.job, result?.error ?? unanswered());
        }
      }
      await this.#reached(stuck, left);
      going = going.filter((item) => !left.includes(item));
    }
    await this.#reached('done', going);
    for (const { job } of going)
      this.settled.push({ key: job.document.key, outcome: job.touched ? 'written' : 'existing' });
  }

  /** A step whose answer was lost is in doubt for every bill of it: the next pass looks. */
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

  async #refused(jobs: readonly Job[], error: AppError): Promise<void> {
    await this.#intents.refused(this.#run, jobs, error);
    for (const job of jobs) await this.#failOrLater(job, error);
  }

  async #failOrLater(job: Job, error: AppError): Promise<void> {
    if (stopsRun(error)) throw error;
    if (!worthAnotherLook(error)) return await this.#fail(job, error);
    job.lastError = error;
    job.attempts += 1;
    if (job.attempts >= this.#policy.attempts && !this.#intents.isOpen(job)) return await this.#fail(job, error);
    const pause = Math.min(this.#policy.maxDelayMs, 500 * 2 ** Math.min(job.attempts - 1, 10));
    this.#again(job, Math.max(error.retryAfterMs ?? 0, pause));
  }

  /** What may still land is looked for again; that is no attempt. */
  #wait(job: Job): void {
    const left = (job.intentUntil?.getTime() ?? 0) - this.#parts.now().getTime();
    this.#again(job, Math.max(500, Math.min(left, this.#policy.maxDelayMs)));
  }

  #again(job: Job, afterMs: number): void {
    job.dueAt = new Date(this.#parts.now().getTime() + afterMs);
    this.open.push(job);
  }

  async #fail(job: Job, error: AppError): Promise<void> {
    const known = await this.#parts.target.explain(job.bill, error);
    this.settled.push({ key: job.document.key, outcome: 'failed', error: known });
  }
}

/** Our own bill, of what the document held before it was changed at the source. */
const isChanged = ({ document, content }: Job, bill: FoundBill): boolean =>
  document.targetId === bill.id && document.writtenAs !== null && document.writtenAs !== content;

/** Somebody else's bill under our number: same number, but not what this document maps to. */
function differs(job: Job, bill: FoundBill): boolean {
  if (job.touched || (job.document.targetId === bill.id && job.document.writtenAs !== null)) return false;
  if (bill.party !== null && job.party !== null && bill.party !== job.party) return true;
  return bill.amount !== null && !bill.amount.equals(job.amount);
}

/** Somebody has chosen another day for this document since its bill was made, and the bill is not in the books yet. */
const isMisdated = ({ document }: Job, bill: FoundBill): boolean =>
  document.dateOverride !== null && bill.state !== 'final' && bill.day !== document.dateOverride;

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
