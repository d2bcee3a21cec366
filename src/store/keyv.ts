import { EventEmitter } from 'node:events';
import type { Sql } from './sql.ts';

/** keyv's storage on our own database: what may be forgotten. `expires` is an absolute time in ms. */
export class SqlKeyv extends EventEmitter {
  readonly #sql: Sql;
  readonly capabilities = { expires: true };

  constructor(sql: Sql) {
    super();
    this.#sql = sql;
  }

  async get(key: string): Promise<string | undefined> {
    return (await this.#sql.query<{ value: string }>('select value from keyv where key = $1', [key]))[0]?.value;
  }

  async set(key: string, value: string, expires?: number): Promise<boolean> {
    await this.#sql.query(
      `insert into keyv (key, value, expires) values ($1, $2, $3)
       on conflict (key) do update set value = excluded.value, expires = excluded.expires`,
      [key, value, expires ?? null],
    );
    return true;
  }

  async delete(key: string): Promise<boolean> {
    return (await this.#sql.query('delete from keyv where key = $1 returning key', [key])).length > 0;
  }

  async has(key: string): Promise<boolean> {
    return (await this.get(key)) !== undefined;
  }

  async clear(): Promise<void> {
    await this.#sql.query('delete from keyv');
  }

  async getMany(keys: string[]): Promise<(string | undefined)[]> {
    return await Promise.all(keys.map((key) => this.get(key)));
  }

  async setMany(entries: { key: string; value: string; expires?: number }[]): Promise<boolean[]> {
    return await Promise.all(entries.map(({ key, value, expires }) => this.set(key, value, expires)));
  }

  async deleteMany(keys: string[]): Promise<boolean[]> {
    return await Promise.all(keys.map((key) => this.delete(key)));
  }

  async hasMany(keys: string[]): Promise<boolean[]> {
    return await Promise.all(keys.map((key) => this.has(key)));
  }
}
