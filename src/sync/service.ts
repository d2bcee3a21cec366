import type { FailureCategory } from '../errors.ts';
import { toIso } from '../shanghai.ts';
import type { Sql } from '../store/sql.ts';
import type { Brake } from './brake.ts';
import type { Decisions } from './decisions.ts';
import type { Ledger } from './ledger.ts';
import type { Outcomes } from './outcomes.ts';
import { type PipelineParts, partsOf } from './parts.ts';
import { type Preview, preview } from './preview.ts';
import { countRows } from './query.ts';
import type { Run, RunRequest, RunState, RunView, Withdrawn } from './run.ts';
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

export interface SyncServiceParts {
  runs: Runs;
  ledger: Ledger;
  outcomes: Outcomes;
  watermarks: Watermarks;
  decisions: Decisions;
  brake: Brake;
  pipelines: ReadonlyMap<string, PipelineParts>;
  enqueue: (runId: string, tx: Sql) => Promise<void>;
  now: () => Date;
}

const ended: readonly RunState[] = ['succeeded', 'partial', 'failed', 'cancelled'];

/** What the rest of the house asks of the sync core: start, look, wait, stop. */
export class SyncService {
  readonly runs: Runs;
  readonly ledger: Ledger;
  readonly outcomes: Outcomes;
  readonly decisions: Decisions;
  readonly brake: Brake;
  readonly watermarks: Watermarks;
  readonly pipelines: ReadonlyMap<string, PipelineParts>;
  readonly #parts: SyncServiceParts;
  readonly #previews = new Set<Promise<Preview>>();
  #stopping = false;
  readonly #listeners = new Set<(runId: string) => void>();

  constructor(parts: SyncServiceParts) {
    this.runs = parts.runs;
    this.ledger = parts.ledger;
    this.outcomes = parts.outcomes;
    this.decisions = parts.decisions;
    this.brake = parts.brake;
    this.watermarks = parts.watermarks;
    this.pipelines = parts.pipelines;
    this.#parts = parts;
  }

  /** The pipeline meant where nobody names one: the one that says so, else the first of the folder. */
  get defaultPipeline(): string {
    const all = [...this.pipelines.values()].map(({ pipeline }) => pipeline);
    return (all.find((pipeline) => pipeline.default) ?? all[0])?.id ?? '';
  }

  /** The id of a pipeline there is. Code: `sync.unknown_pipeline`. */
  known(id: string): string {
    return partsOf(this.pipelines, id).pipeline.id;
  }

  /** Queues a run, or joins the active one of the same window; carried out by a worker. Code: `sync.braked`. */
  async start(request: RunRequest): Promise<{ run: Run; joined: boolean }> {
    await this.brake.refuse();
    return await this.runs.create(request, this.#parts.enqueue);
  }

  /** Reads and counts what a run would do, here and now; nothing is written, and nothing is kept. */
  async preview(request: RunRequest): Promise<Preview> {
    const before = (): void => {
      if (this.#stopping) throw new Error('stopping');
    };
    const { now, outcomes } = this.#parts;
    const withdrawn = (keys: readonly string[]): Promise<Withdrawn[]> => outcomes.withdrawn(request.pipeline, { keys });
    const work = preview(partsOf(this.pipelines, request.pipeline), request, { now, before, withdrawn });
    this.#previews.add(work);
    try {
      const found = await work;
      const fields = this.labels(request.pipeline, found.cleaned.fields);
      return { ...found, cleaned: { ...found.cleaned, fields } };
    } finally {
      this.#previews.delete(work);
    }
  }

  /** Leaves the previews at their next call. */
  async stop(): Promise<void> {
    this.#stopping = true;
    await Promise.allSettled(this.#previews);
  }

  /** Rows the source says a request has: quick, but an order on both routes counts twice. */
  async count(request: RunRequest): Promise<number | null> {
    return await countRows(partsOf(this.pipelines, request.pipeline), request);
  }

  async view(id: string): Promise<RunView> {
    const run = await this.runs.find(id);
    if (!run) throw new Error(`no run ${id}`);
    const [counts, failures, totals, cleaned, withdrawn] = await Promise.all([
      this.outcomes.counts(id),
      this.outcomes.runFailures(run),
      this.outcomes.totals(run, ['written', 'existing', 'failed', 'skipped', 'pending']),
      hasEnded(run) ? this.outcomes.cleaned(run) : { orders: [], fields: [] },
      hasEnded(run) ? this.outcomes.withdrawn(run.pipeline, { run: id }) : [],
    ]);
    const fields = this.labels(run.pipeline, cleaned.fields);
    return { run, counts, failures, totals, cleaned: { ...cleaned, fields }, withdrawn };
  }

  /** What people call these fields of the source. */
  labels(pipeline: string, fields: readonly string[]): string[] {
    const catalogue = this.pipelines.get(pipeline)?.mapping.source;
    return fields.map((field) => catalogue?.find(field)?.label ?? field);
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
