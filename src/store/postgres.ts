import pg from 'pg';
import { storeError } from './errors.ts';
import type { Database } from './pglite.ts';
import type { Sql, SqlValue } from './sql.ts';

const { builtins } = pg.types;
const parsers: Record<number, (text: string) => unknown> = {
  [builtins.INT8]: Number,
  [builtins.NUMERIC]: String,
  [builtins.DATE]: String,
};
const types: pg.CustomTypesConfig = {
  getTypeParser: (oid, format) => parsers[oid] ?? pg.types.getTypeParser(oid, format),
};

class PostgresSql implements Sql {
  readonly #pool: pg.Pool;
  readonly #client: pg.PoolClient | undefined;

  constructor(pool: pg.Pool, client?: pg.PoolClient) {
    this.#pool = pool;
    this.#client = client;
  }

  async query<Row>(text: string, params: readonly SqlValue[] = []): Promise<Row[]> {
    try {
      return (await (this.#client ?? this.#pool).query(text, [...params])).rows as Row[];
    } catch (error) {
      throw storeError(error);
    }
  }

  async transaction<T>(work: (tx: Sql) => Promise<T>): Promise<T> {
    if (this.#client) return await work(this);
    const client = await this.#pool.connect().catch((error: unknown) => Promise.reject(storeError(error)));
    const tx = new PostgresSql(this.#pool, client);
    try {
      await tx.query('begin');
      const result = await work(tx);
      await tx.query('commit');
      client.release();
      return result;
    } catch (error) {
      const broken = await client.query('rollback').then(
        () => false,
        () => true,
      );
      client.release(broken);
      throw error; // ours is said already; what the caller threw is the caller's
    }
  }

  async *cursor<Row>(text: string, params: readonly SqlValue[] = [], batchRows = 500): AsyncIterable<Row[]> {
    const client = await this.#pool.connect().catch((error: unknown) => Promise.reject(storeError(error)));
    try {
      await client.query('begin read only');
      await client.query(`declare page no scroll cursor for ${text}`, [...params]);
      for (;;) {
        const { rows } = await client.query(`fetch ${batchRows} from page`);
        if (rows.length > 0) yield rows as Row[];
        if (rows.length < batchRows) return;
      }
    } finally {
      await client.query('rollback').catch(() => undefined);
      client.release();
    }
  }
}

/** Opens a pool on a PostgreSQL server. A lost connection is an error of the statement that met it, never of the process. */
export async function openPostgres(url: string): Promise<Database> {
  const pool = new pg.Pool({ connectionString: url, types, max: 10 });
  pool.on('error', () => undefined);
  const sql = new PostgresSql(pool);
  await sql.query('select 1');
  return {
    sql,
    async script(text) {
      try {
        const results = (await pool.query(text)) as unknown as pg.QueryResult | pg.QueryResult[];
        return [results].flat().flatMap((result) => result.rows as unknown[]);
      } catch (error) {
        throw storeError(error);
      }
    },
    close: () => pool.end(),
  };
}
