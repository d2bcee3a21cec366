import { hasPhrase, phrase } from './phrases.ts';

/**
 * What the machine does next with an error. Closed list.
 * `transient` try again with back-off · `rate_limited` wait, then try again · `auth` renew once, then stop and tell ·
 * `config` somebody must change a setting · `data` this document cannot go as it is · `conflict` somebody else has it ·
 * `in_doubt` the effect is unknown: look before anything is sent again · `internal` our own fault.
 */
export type ErrorKind =
  | 'transient'
  | 'rate_limited'
  | 'auth'
  | 'config'
  | 'data'
  | 'conflict'
  | 'in_doubt'
  | 'internal';

/** What a person reads as the cause of a failed document. Closed list, part of the contracts. */
export const failureCategories = [
  'material_missing',
  'base_data_missing',
  'not_allocated',
  'value_map_missing',
  'period_closed',
  'negative_stock',
  'duplicate_conflict',
  'permission',
  'session',
  'rate_limited',
  'transport',
  'source_data',
  'mapping',
  'upstream_missing',
  'vendor_rule',
  'unknown',
] as const;
export type FailureCategory = (typeof failureCategories)[number];

export interface ErrorOptions {
  /**
   * Fill the placeholders of the sentence in prompts/zh/errors.yaml. Never secrets or personal data. `said` is the other side's
   * own sentence, redacted.
   */
  params?: Record<string, string | number>;
  category?: FailureCategory;
  /** Wait this long before trying again, in milliseconds (a platform's own hint). */
  retryAfterMs?: number;
  /** Material codes, map keys, field names: what the cause is about, for grouping and for the remedy. */
  subjects?: readonly string[];
  cause?: unknown;
}

/**
 * Every error of ours. `code` is a stable, greppable string (`kingdee.session_lost`) and the key of the Chinese sentence
 * (`message`) and the next step (`next`) in prompts/zh/errors.yaml. Where the other side's own sentence tells more than ours, the
 * code has a `said`, too: the sentence when there is one.
 */
export class AppError extends Error {
  readonly code: string;
  readonly kind: ErrorKind;
  readonly category: FailureCategory | undefined;
  readonly retryAfterMs: number | undefined;
  readonly subjects: readonly string[];
  readonly params: Readonly<Record<string, string | number>>;
  readonly next: string;

  constructor(code: string, kind: ErrorKind, options: ErrorOptions = {}) {
    const { params = {}, cause } = options;
    const said = `errors.${code}.said`;
    super(
      phrase(params.said !== undefined && hasPhrase(said) ? said : `errors.${code}.message`, params),
      cause === undefined ? undefined : { cause },
    );
    this.name = 'AppError';
    this.code = code;
    this.kind = kind;
    this.category = options.category;
    this.retryAfterMs = options.retryAfterMs;
    this.subjects = options.subjects ?? [];
    this.params = params;
    this.next = phrase(`errors.${code}.next`, params);
  }

  /** The shape stored in the ledger and sent over HTTP: no stack, no cause, nothing that could hold a secret. */
  toJSON(): {
    code: string;
    kind: ErrorKind;
    category?: FailureCategory;
    message: string;
    next: string;
    subjects: readonly string[];
    params?: Readonly<Record<string, string | number>>;
  } {
    return {
      code: this.code,
      kind: this.kind,
      ...(this.category === undefined ? {} : { category: this.category }),
      message: this.message,
      next: this.next,
      subjects: this.subjects,
      ...(Object.keys(this.params).length === 0 ? {} : { params: this.params }),
    };
  }
}

/** Wraps a stranger as `internal.unexpected`, keeps ours as it is. The stranger's own text stays in `cause`, for logs only. */
export function asAppError(error: unknown): AppError {
  return error instanceof AppError
    ? error
    : new AppError('internal.unexpected', 'internal', { cause: error, category: 'unknown' });
}
