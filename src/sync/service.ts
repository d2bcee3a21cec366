import { AppError, type FailureCategory } from '../errors.ts';
import { toIso } from '../shanghai.ts';
import type { Sql } from '../store/sql.ts';
import type { Ledger } from './ledger.ts';
import type { FailureGroup, Run, RunCounts, RunRequest, RunState, Totals } from './run.ts';
import type { PipelineParts, Runner } from './runner.ts';

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
  ledger: Ledger;
  runner: Runner;
  pipelines: ReadonlyMap<string, PipelineParts>;
  enqueue: (runId: string, tx: Sql) => Promise<void>;
}

const ended: readonly RunState[] = ['succeeded', 'partial', 'failed', 'cancelled'];

/** What the rest of the house asks of the sync core: start, look, wait, stop. */
export class SyncService {
  readonly ledger: Ledger;
  readonly pipelines: ReadonlyMap<string, PipelineParts>;
  readonly #parts: SyncServiceParts;
  readonly #listeners = new Set<(runId: string) => void>();

  constructor(parts: SyncServiceParts) {
    this.ledger = parts.ledger;
    this.pipelines = parts.pipelines;
    this.#parts = parts;
  }

  /** The pipeline meant where nobody names one: the first of the folder. */
  get defaultPipeline(): string {
    return [...this.pipelines.keys()][0] ?? '';
  }

  /** The id of a pipeline there is. Code: `sync.unknown_pipeline`. */
  known(id: string): string {
    if (this.pipelines.has(id)) return id;
    throw new AppError('sync.unknown_pipeline', 'data', {
      params: { id, known: [...this.pipelines.keys()].join('、') },
    });
  }

  /** Queues a run, or joins the active one of the same window; carried out by a worker. */
  async start(request: RunRequest): Promise<{ run: Run; joined: boolean }> {
    return await this.ledger.createRun(request, this.#parts.enqueue);
  }

  /** Reads and counts what a run would do, here and now; nothing is written. */
  async preview(request: RunRequest): Promise<RunView> {
    const { run } = await this.ledger.createRun({ ...request, kind: 'preview' }, async () => undefined);
    await this.#parts.runner.run(run.id);
    return await this.view(run.id);
  }

  /** Rows the source says a request has: quick, but an order on both routes counts twice. */
  async count(request: RunRequest): Promise<number | null> {
    return await this.#parts.runner.count(request);
  }

  async view(id: string): Promise<RunView> {
    const run = await this.ledger.run(id);
    if (!run) throw new Error(`no run ${id}`);
    const [counts, failures, totals] = await Promise.all([
      this.ledger.counts(id),
      this.ledger.runFailures(run),
      this.ledger.totals(run, ['written', 'existing', 'failed', 'skipped', 'pending', 'planned']),
    ]);
    return { run, counts, failures, totals };
  }

  /** Resolves when the run has ended, wherever it runs. */
  async ended(id: string, sleep: (ms: number) => Promise<void>): Promise<RunView> {
    for (;;) {
      const run = await this.ledger.run(id);
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
