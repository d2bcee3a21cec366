import type { Sql } from './sql.ts';

/** Whether this caller does what is due at `at`: true for one of all that ask. A key seen for the first time begins with the next tick. */
export async function claimTick(sql: Sql, key: string, at: Date): Promise<boolean> {
  const known = await sql.query(
    'insert into ticks (key, at) values ($1, $2) on conflict (key) do nothing returning key',
    [key, at],
  );
  if (known.length > 0) return false;
  return (await sql.query('update ticks set at = $2 where key = $1 and at < $2 returning key', [key, at])).length > 0;
}
