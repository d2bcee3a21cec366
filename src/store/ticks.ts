import type { Sql } from './sql.ts';

/** A tick may lie so far ahead of one's own clock: no two clocks are the same. */
const aheadMs = 300_000;

/** Later than the one that was taken last; or that one lies ahead, and whoever took it is not taking any more. */
const isNext = `ticks.at < excluded.at or (ticks.at > $3 and ticks.taken_at < now() - interval '15 minutes')`;

/** Whether this caller does what is due at `at`, once among all that ask: also at the first tick there is. */
export async function takeTick(sql: Sql, key: string, at: Date, now: Date): Promise<boolean> {
  const taken = await sql.query(
    `insert into ticks (key, at) values ($1, $2)
     on conflict (key) do update set at = excluded.at, taken_at = now() where ${isNext} returning key`,
    [key, at, new Date(now.getTime() + aheadMs)],
  );
  return taken.length > 0;
}

/** The same, but a key seen for the first time begins with the next tick. */
export async function claimTick(sql: Sql, key: string, at: Date, now: Date): Promise<boolean> {
  const first = await sql.query(
    'insert into ticks (key, at) values ($1, $2) on conflict (key) do nothing returning key',
    [key, at],
  );
  return first.length === 0 && (await takeTick(sql, key, at, now));
}
