import { AppError } from '../errors.ts';

/** SQLSTATE classes after which the same statement may succeed: connection, resources, serialization, shutdown. */
const transientClasses = ['08', '40', '53', '57'];

/**
 * A database error without its statement and values, which hold customers' data. Codes: `store.unavailable` (transient),
 * `store.query` (internal).
 */
export function storeError(error: unknown): AppError {
  if (error instanceof AppError) return error;
  const { code = '', message = '' } = error as { code?: string; message?: string };
  const reason = new Error(`${code} ${message}`.trim());
  const transient = transientClasses.includes(code.slice(0, 2)) || /^E(CONN|PIPE|TIMEDOUT)/.test(code);
  return transient
    ? new AppError('store.unavailable', 'transient', { cause: reason })
    : new AppError('store.query', 'internal', { cause: reason });
}
