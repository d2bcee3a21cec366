import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { AppError } from '../errors.ts';
import { projectRoot } from '../root.ts';
import type { Database } from './pglite.ts';

const folder = join(projectRoot, 'src', 'store', 'migrations');
const files = readdirSync(folder)
  .filter((name) => name.endsWith('.sql'))
  .sort();

/** Who migrates holds it. */
const lock = 7302991;

/** The version this code brings a database to: the number of its migrations. */
export const schemaVersion = files.length;

/** Refuses what a newer version wrote. Code: `store.newer_schema`. */
export function refuseNewer(version: number, where: string): void {
  if (version > schemaVersion)
    throw new AppError('store.newer_schema', 'config', { params: { where, version, known: schemaVersion } });
}

/** Brings the schema up to date, each migration in a transaction of its own; several processes may start at the same time. */
export async function migrate({ sql, script }: Database): Promise<void> {
  const [existing] = await sql.query<{ present: boolean }>(
    `select to_regclass('schema_version') is not null as present`,
  );
  if (existing?.present) {
    const [row] = await sql.query<{ version: number }>(
      'select coalesce(max(version), 0) as version from schema_version',
    );
    refuseNewer(row?.version ?? 0, 'database');
    if (row?.version === schemaVersion) return;
  } else {
    // Under the lock, too: `if not exists` alone lets two that start together collide.
    await script(`
      begin;
      select pg_advisory_xact_lock(${lock});
      create table if not exists schema_version (version int primary key, applied_at timestamptz not null default now());
      commit;`);
  }
  for (const [index, file] of files.entries()) {
    const body = readFileSync(join(folder, file), 'utf8');
    await script(`
      begin;
      select pg_advisory_xact_lock(${lock});
      do $migration$ begin
        if not exists (select 1 from schema_version where version = ${index + 1}) then
          ${body}
          insert into schema_version (version) values (${index + 1});
        end if;
      end $migration$;
      commit;`);
  }
}
