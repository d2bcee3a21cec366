import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { lockFolder } from './lock.ts';
import { migrate, refuseNewer, schemaVersion } from './migrate.ts';
import { type Database, openPglite } from './pglite.ts';
import { openPostgres } from './postgres.ts';
import type { Sql } from './sql.ts';

export interface Store {
  sql: Sql;
  /** Whether this process alone owns the database. */
  embedded: boolean;
  database: Database;
  /** Whether it answers, soon. */
  answers(): Promise<boolean>;
  close(): Promise<void>;
}

const answerMs = 5000;

/**
 * Opens the store: PGlite in `dataDir`, or the PostgreSQL server at `databaseUrl`. The folder is locked first in both cases, and
 * a folder or database of a newer version is refused before anything in it is touched.
 * Codes: `store.folder_held`, `store.newer_schema`, `store.damaged`, `store.no_answer`, `store.login`, `store.no_database`.
 */
export async function openStore({
  dataDir,
  databaseUrl,
}: {
  dataDir: string;
  databaseUrl?: string | undefined;
}): Promise<Store> {
  const lock = lockFolder(dataDir);
  try {
    const database = databaseUrl ? await openPostgres(databaseUrl) : await openEmbedded(dataDir);
    try {
      await migrate(database);
    } catch (error) {
      await database.close();
      throw error;
    }
    return {
      sql: database.sql,
      embedded: !databaseUrl,
      database,
      answers: () => answers(database.sql),
      async close() {
        await database.close();
        lock.release();
      },
    };
  } catch (error) {
    lock.release();
    throw error;
  }
}

async function answers(sql: Sql): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<boolean>((resolve) => {
    timer = setTimeout(() => resolve(false), answerMs);
  });
  const asked = sql.query('select 1').then(
    () => true,
    () => false,
  );
  return await Promise.race([asked, late]).finally(() => clearTimeout(timer));
}

async function openEmbedded(dataDir: string): Promise<Database> {
  const marker = join(dataDir, 'format.json');
  // Half written when the power went, it says nothing: what it stands for is in the database, too.
  const [, version = '0'] = existsSync(marker) ? (/"version":(\d+)/.exec(readFileSync(marker, 'utf8')) ?? []) : [];
  refuseNewer(Number(version), dataDir);
  const database = await openPglite(join(dataDir, 'pg'));
  writeFileSync(marker, JSON.stringify({ version: schemaVersion }));
  return database;
}
