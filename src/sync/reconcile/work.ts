import type { Sql } from '../../store/sql.ts';
import type { PipelineParts } from '../parts.ts';
import type { Place, Progress, Reconciliation } from './reconciliation.ts';

/** One reconciliation in somebody's hands, as its stages see it. */
export interface Work {
  readonly sql: Sql;
  readonly now: () => Date;
  readonly parts: PipelineParts;
  readonly pipelines: ReadonlyMap<string, PipelineParts>;
  readonly reconciliation: Reconciliation;
  /**
   * Keeps how far the work is, in the transaction of what was read where there is one, so that it goes on from here after a crash.
   * Throws when it is to end here: somebody asked to stop, another holds it now, or the process ends.
   */
  reach(place: Place, progress?: Progress, tx?: Sql): Promise<void>;
}

/** Thrown inside a stage to leave it. */
export class Left extends Error {
  readonly why: 'stopped' | 'lost' | 'leaving';

  constructor(why: 'stopped' | 'lost' | 'leaving') {
    super(why);
    this.why = why;
  }
}
