import type { FailureCategory } from '../errors.ts';
import { toIso } from '../shanghai.ts';
import type { Sql } from '../store/sql.ts';
import type { Decisions } from './decisions.ts';
import type { Ledger } from './ledger.ts';
import type { Outcomes } from './outcomes.ts';
import { type PipelineParts, partsOf } from './parts.ts';
import { countRows } from './query.ts';
import type { FailureGroup, Run, RunCounts, RunRequest, RunState, Totals } from './run.ts';
import type { Runner } from './runner.ts';
import type { Runs } from './runs.ts';
import type { Watermarks } from './watermarks.ts';

/** The `run` object of the contracts. */
export interface RunReport {
  id: string;
  pipeline: string;
  state: RunState;
  window: { start: string; end: string };
  counts: { fetched: number; written: number; existing: number; failed: number; skipped: number };
  failures: { category: FailureCategory; count: number; orders: string[] }[];
  error?: { code: string; message: string; next: string };
}

/** A run with all that a card about it says. */
export interface RunView {
  run: Run;
  counts: RunCounts;
  failures: FailureGroup[];
  totals: Totals;
}

export interface SyncServiceParts {
  runs: Runs;
  ledger: Ledger;
  outcomes: Outcomes;
  watermarks: Watermarks;
  decisions: Decisions;
  runner: Runner;
  pipelines: ReadonlyMap<string, PipelineParts>;
  enqueue: (runId: string, tx: Sql) => Promise<void>;
}

const ended: readonly RunState[] = ['succeeded', 'partial', 'failed', 'cancelled'];

/** What the rest of the house asks of the sync core: start, look, wait, stop. */
export class SyncService {
  readonly runs: Runs;
  readonly ledger: Ledger;
  readonly outcomes: Outcomes;
  readonly decisions: Decisions;
  readonly watermarks: Watermarks;
  readonly pipelines: ReadonlyMap<string, PipelineParts>;
  readonly #parts: SyncServiceParts;
  readonly #listeners = new Set<(runId: string) => void>();

  constructor(parts: SyncServiceParts) {
    this.runs = parts.runs;
    this.ledger = parts.ledger;
    this.outcomes = parts.outcomes;
    this.decisions = parts.decisions;
    this.watermarks = parts.watermarks;
    this.pipelines = parts.pipelines;
    this.#parts = parts;
  }

  /** The pipeline meant where nobody names one: the first of the folder. */
  get defaultPipeline(): string {
    return [...this.pipelines.keys()][0] ?? '';
  }

  /** The id of a pipeline there is. Code: `sync.unknown_pipeline`. */
  known(id: string): string {
    return partsOf(this.pipelines, id).pipeline.id;
  }

  /** Queues a run, or joins the active one of the same window; carried out by a worker. */
  async start(request: RunRequest): Promise<{ run: Run; joined: boolean }> {
    return await this.runs.create(request, this.#parts.enqueue);
  }

  /** Reads and counts what a run would do, here and now; nothing is written. */
  async preview(request: RunRequest): Promise<RunView> {
    const { run } = await this.runs.create({ ...request, kind: 'preview' }, async () => undefined);
    await this.#parts.runner.run(run.id);
    return await this.view(run.id);
  }

  /** Rows the source says a request has: quick, but an order on both routes counts twice. */
  async count(request: RunRequest): Promise<number | null> {
    return await countRows(partsOf(this.pipelines, request.pipeline), request);
  }

  async view(id: string): Promise<RunView> {
    const run = await this.runs.find(id);
    if (!run) throw new Error(`no run ${id}`);
    const [counts, failures, totals] = await Promise.all([
      this.outcomes.counts(id),
      this.outcomes.runFailures(run),
      this.outcomes.totals(run, ['written', 'existing', 'failed', 'skipped', 'pending', 'planned']),
    ]);
    return { run, counts, failures, totals };
  }

  /** Resolves when the run has ended, wherever it runs. */
  async ended(id: string, sleep: (ms: number) => Promise<void>): Promise<RunView> {
    for (;;) {
      const run = await this.runs.find(id);
      if (run && ended.includes(run.state)) return await this.view(id);
      await sleep(200);
    }
  }

  onProgress(listener: (runId: string) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  progressed(runId: string): void {
    for (const listener of this.#listeners) listener(runId);
  }
}

export function hasEnded(run: Run): boolean {
  return ended.includes(run.state);
}

export function runReport({ run, counts, failures }: RunView): RunReport {
  const { fetched, written, existing, failed, skipped } = counts;
  return {
    id: run.id,
    pipeline: run.pipeline,
    state: run.state,
    window: { start: toIso(run.start), end: toIso(run.end) },
    counts: { fetched, written, existing, failed, skipped },
    failures: failures.map(({ category, count, orders }) => ({ category, count, orders })),
    ...(run.error ? { error: { code: run.error.code, message: run.error.message, next: run.error.next } } : {}),
  };
}
