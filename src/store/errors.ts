import { AppError } from '../errors.ts';

/** SQLSTATE classes after which the same statement may succeed: connection, resources, serialization, shutdown. */
const transientClasses = ['08', '40', '53', '57'];
/** The line to the server: codes of the system, and what the driver says without a code. */
const lineCodes = /^E(CONN|PIPE|TIMEDOUT|NOTFOUND|AI_AGAIN|HOSTUNREACH|NETUNREACH)/;
const lineMessages = /^Connection terminated|not queryable$|^timeout exceeded when trying to connect/;

/**
 * A database error without its statement and values, which hold customers' data. Codes: `store.unavailable` (transient),
 * `store.query` (internal).
 */
export function storeError(error: unknown): AppError {
  if (error instanceof AppError) return error;
  const { code = '', message = '' } = error as { code?: string; message?: string };
  const reason = new Error(`${code} ${message}`.trim());
  const transient =
    transientClasses.includes(code.slice(0, 2)) || lineCodes.test(code) || (code === '' && lineMessages.test(message));
  return transient
    ? new AppError('store.unavailable', 'transient', { cause: reason })
    : new AppError('store.query', 'internal', { cause: reason });
}

/** Whether the store was away: what was not done can be done once it is back. */
export function storeIsAway(error: unknown): boolean {
  return error instanceof AppError && error.code === 'store.unavailable';
}
