import type { Sql } from '../store/sql.ts';
import type { Ledger } from './ledger.ts';
import type { PipelineParts } from './parts.ts';
import type { Run } from './run.ts';
import type { Runs } from './runs.ts';
import type { Watermarks } from './watermarks.ts';
import type { WriteQueue } from './write-queue.ts';

/** A run in the hands of a worker, with all that it takes to carry it out. */
export interface Task extends PipelineParts {
  sql: Sql;
  pipelines: ReadonlyMap<string, PipelineParts>;
  run: Run;
  runs: Runs;
  ledger: Ledger;
  queue: WriteQueue;
  watermarks: Watermarks;
  now: () => Date;
  sleep: (ms: number) => Promise<void>;
  /** Called before every page and every batch; throws when the run has to be left there. */
  before: () => Promise<void>;
  /** Called before every round of writing; throws while the emergency brake holds. */
  mayWrite: () => Promise<void>;
}
