import pg from 'pg';
import { AppError } from '../errors.ts';
import { storeError, storeIsAway } from './errors.ts';
import type { Database } from './pglite.ts';
import { bindable, type Sql, type SqlValue } from './sql.ts';

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
      return (await (this.#client ?? this.#pool).query(text, bindable(params))).rows as Row[];
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
    let broken = false;
    try {
      await client.query('begin read only');
      await client.query(`declare page no scroll cursor for ${text}`, bindable(params));
      for (;;) {
        const { rows } = await client.query(`fetch ${batchRows} from page`);
        if (rows.length > 0) yield rows as Row[];
        if (rows.length < batchRows) return;
      }
    } catch (error) {
      throw storeError(error);
    } finally {
      await client.query('rollback').catch(() => {
        broken = true;
      });
      client.release(broken);
    }
  }
}

/**
 * Why a server does not take us in, with its host and port only. Codes: `store.no_answer` (transient), `store.login` (auth),
 * `store.no_database` (config).
 */
function openingError(error: unknown, url: string): AppError {
  const known = storeError(error);
  const { host, searchParams } = new URL(url);
  const options = { params: { host: host || (searchParams.get('host') ?? 'localhost') }, cause: known.cause };
  const { code = '' } = error as { code?: string };
  if (storeIsAway(known)) return new AppError('store.no_answer', 'transient', options);
  if (code.startsWith('28')) return new AppError('store.login', 'auth', options);
  return code === '3D000' ? new AppError('store.no_database', 'config', options) : known;
}

/** Opens a pool on a PostgreSQL server. A lost connection is an error of the statement that met it, never of the process. */
export async function openPostgres(url: string): Promise<Database> {
  const pool = new pg.Pool({ connectionString: url, types, max: 10, keepAlive: true, connectionTimeoutMillis: 30_000 });
  pool.on('error', () => undefined);
  // The pool listens to idle clients only; one that is cut between two statements of a transaction tells nobody but itself.
  pool.on('connect', (client) => client.on('error', () => undefined));
  const sql = new PostgresSql(pool);
  await pool.query('select 1').catch(async (error: unknown) => {
    await pool.end();
    throw openingError(error, url);
  });
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
