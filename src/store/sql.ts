import { AppError } from '../errors.ts';

/** What may be bound to `$n`. Objects and arrays for jsonb are passed as JSON text. */
export type SqlValue = string | number | boolean | null | Date | readonly string[] | readonly number[];

/**
 * All that is seen of the database outside `store/`: asynchronous, and shaped like messages (text and values in, plain rows
 * out), so that the embedded database can move to a thread of its own without touching a caller.
 *
 * Values out: int8 → number, numeric → string, timestamptz → Date, date → `YYYY-MM-DD` string, jsonb → parsed.
 */
export interface Sql {
  /** One statement with `$1…` parameters. */
  query<Row>(text: string, params?: readonly SqlValue[]): Promise<Row[]>;
  /** All or nothing. Inside `work`, only `tx` may be used: the embedded database has one connection. */
  transaction<T>(work: (tx: Sql) => Promise<T>): Promise<T>;
  /** A large read, `batchRows` rows at a time (500), with nothing but one batch in memory. */
  cursor<Row>(text: string, params?: readonly SqlValue[], batchRows?: number): AsyncIterable<Row[]>;
}

/** Values as every database takes them: U+0000 has no place in a text, and one must not cost the statement of everything beside it. */
export function bindable(params: readonly SqlValue[]): SqlValue[] {
  const held = <T>(value: T): T | string =>
    typeof value === 'string' && value.includes('\0') ? value.replaceAll('\0', '') : value;
  return params.map((value) => (Array.isArray(value) ? (value.map(held) as SqlValue) : held(value)));
}

/** The row of a statement that always gives one. */
export function one<Row>(rows: readonly Row[]): Row {
  const [row] = rows;
  if (row === undefined) throw new AppError('internal.unexpected', 'internal');
  return row;
}
