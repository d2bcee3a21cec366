import { existsSync, readdirSync } from 'node:fs';
import { PGlite, type Transaction, types } from '@electric-sql/pglite';
import { AppError } from '../errors.ts';
import { storeError } from './errors.ts';
import { bindable, type Sql, type SqlValue } from './sql.ts';

/** The same values out as from a PostgreSQL server: see sql.ts. */
const parsers = {
  [types.INT8]: (text: string): number => Number(text),
  [types.NUMERIC]: (text: string): string => text,
  [types.DATE]: (text: string): string => text,
  [types.TIMESTAMPTZ]: (text: string): Date => new Date(text),
};

/** Buffers as large as a merchant's ledger needs: PGlite's own 128 MB are zeroed and held by every process that opens a store. */
const startParams = [...PGlite.defaultStartParams, '-c', 'shared_buffers=32MB'];

/** SQLSTATEs of a page, an index or a file that is not what it was: data_corrupted, index_corrupted, undefined_file. */
const damageCodes = ['XX001', 'XX002', '58P01'];

/** Code: `store.damaged`. The cause names files and pages only, never rows. */
const damaged = (folder: string, cause: unknown): AppError =>
  new AppError('store.damaged', 'internal', { params: { folder }, cause });

const embeddedError = (folder: string, error: unknown): AppError =>
  damageCodes.includes((error as { code?: string }).code ?? '')
    ? damaged(folder, new Error((error as Error).message))
    : storeError(error);

class PgliteSql implements Sql {
  readonly #runner: PGlite | Transaction;
  readonly #folder: string;

  constructor(runner: PGlite | Transaction, folder: string) {
    this.#runner = runner;
    this.#folder = folder;
  }

  async query<Row>(text: string, params: readonly SqlValue[] = []): Promise<Row[]> {
    try {
      return (await this.#runner.query<Row>(text, bindable(params))).rows;
    } catch (error) {
      throw embeddedError(this.#folder, error);
    }
  }

  async transaction<T>(work: (tx: Sql) => Promise<T>): Promise<T> {
    if (!(this.#runner instanceof PGlite)) return await work(this);
    return await this.#runner.transaction((tx) => work(new PgliteSql(tx, this.#folder)));
  }

  async *cursor<Row>(text: string, params: readonly SqlValue[] = [], batchRows = 500): AsyncIterable<Row[]> {
    // One connection serves everybody, so a cursor may not hold a transaction open between batches: rows are taken by position.
    for (let offset = 0; ; offset += batchRows) {
      const rows = await this.query<Row>(`select * from (${text}) page limit ${batchRows} offset ${offset}`, params);
      if (rows.length > 0) yield rows;
      if (rows.length < batchRows) return;
    }
  }
}

export interface Database {
  sql: Sql;
  /** Several statements in one text, as migrations and the queue's schema need. */
  script(text: string): Promise<unknown[]>;
  close(): Promise<void>;
}

/**
 * Opens PGlite on a folder. The folder's lock must be held: two processes on one folder destroy each other's rows. Code:
 * `store.damaged`, since an engine that gives up on files that were there says only that it has given up.
 */
export async function openPglite(folder: string): Promise<Database> {
  const before = existsSync(folder) && readdirSync(folder).length > 0;
  const db = await PGlite.create({ dataDir: folder, parsers, startParams }).catch((error: unknown) => {
    throw before ? damaged(folder, error) : error;
  });
  // PGlite has no autovacuum; the queue's tables would grow without end.
  const vacuum = setInterval(() => void db.exec('vacuum analyze').catch(() => undefined), 3_600_000);
  vacuum.unref();
  return {
    sql: new PgliteSql(db, folder),
    async script(text) {
      try {
        return (await db.exec(text)).flatMap((result) => result.rows);
      } catch (error) {
        // One connection for all: a failed script must not leave its transaction open for the next caller.
        await db.exec('rollback').catch(() => undefined);
        throw embeddedError(folder, error);
      }
    },
    async close() {
      clearInterval(vacuum);
      await db.close();
    },
  };
}
