import type { AppError } from '../errors.ts';
import type { BillState, Target } from './connector.ts';
import type { Intended } from './intents.ts';
import type { StoredDocument } from './ledger.ts';
import type { Mapped } from './mapping.ts';
import type { WriteQueue } from './write-queue.ts';

export interface WritePolicy {
  /** How far a bill has to get. */
  goal: Exclude<BillState, 'void'>;
  /** Looks at one document before it fails. */
  attempts: number;
  /** The longest pause between two looks, ms. */
  maxDelayMs: number;
  /** After a cut connection or a crash a save may still land for so long, ms: nothing is sent again before. */
  settleMs: number;
}

/** A document with the bill its record maps to. */
export interface MappedDocument extends Mapped {
  document: StoredDocument;
  /** What it holds, see `contentOf`. */
  content: string;
}

/** A document on its way. */
export interface Job extends MappedDocument, Pick<Intended, 'intentUntil'> {
  /** Whether this run changed anything in the target for it: written, not just existing. */
  touched: boolean;
  lastError: AppError | null;
  /** Looks so far; those spent waiting for what may still land are none. */
  attempts: number;
  /** When it is looked at again. */
  dueAt: Date;
}

export interface WriterParts {
  queue: WriteQueue;
  target: Target;
  now: () => Date;
  /** See `Task`. */
  mayWrite: () => Promise<void>;
}
