import { PGlite, type Transaction, types } from '@electric-sql/pglite';
import { storeError } from './errors.ts';
import { bindable, type Sql, type SqlValue } from './sql.ts';

/** The same values out as from a PostgreSQL server: see sql.ts. */
const parsers = {
  [types.INT8]: (text: string): number => Number(text),
  [types.NUMERIC]: (text: string): string => text,
  [types.DATE]: (text: string): string => text,
  [types.TIMESTAMPTZ]: (text: string): Date => new Date(text),
};

class PgliteSql implements Sql {
  readonly #runner: PGlite | Transaction;

  constructor(runner: PGlite | Transaction) {
    this.#runner = runner;
  }

  async query<Row>(text: string, params: readonly SqlValue[] = []): Promise<Row[]> {
    try {
      return (await this.#runner.query<Row>(text, bindable(params))).rows;
    } catch (error) {
      throw storeError(error);
    }
  }

  async transaction<T>(work: (tx: Sql) => Promise<T>): Promise<T> {
    if (!(this.#runner instanceof PGlite)) return await work(this);
    return await this.#runner.transaction((tx) => work(new PgliteSql(tx)));
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

/** Opens PGlite on a folder. The folder's lock must be held: two processes on one folder destroy each other's rows. */
export async function openPglite(folder: string): Promise<Database> {
  const db = await PGlite.create({ dataDir: folder, parsers });
  // PGlite has no autovacuum; the queue's tables would grow without end.
  const vacuum = setInterval(() => void db.exec('vacuum analyze').catch(() => undefined), 3_600_000);
  vacuum.unref();
  return {
    sql: new PgliteSql(db),
    async script(text) {
      try {
        return (await db.exec(text)).flatMap((result) => result.rows);
      } catch (error) {
        // One connection for all: a failed script must not leave its transaction open for the next caller.
        await db.exec('rollback').catch(() => undefined);
        throw storeError(error);
      }
    },
    async close() {
      clearInterval(vacuum);
      await db.close();
    },
  };
}
