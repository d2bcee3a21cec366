import type { Sql } from './sql.ts';

type Limit = readonly [count: number, withinMs: number];

/**
 * Reserves the next moment at which one more call is allowed, as a sliding window: never more than `count` within `withinMs`,
 * whatever worker asks. One statement, so that workers never see each other half-way.
 */
export function createPace(sql: Sql, now: () => Date, sleep: (ms: number) => Promise<void>) {
  return {
    async take(key: string, limits: readonly Limit[]): Promise<void> {
      const at = now().getTime();
      const keep = Math.max(...limits.map(([count]) => count));
      // slots[k - count + 1] is the call that has to be `within` old before the next may go.
      const earliest = limits
        .map(([count, within]) => `coalesce(paces.slots[cardinality(paces.slots) - ${count - 1}] + ${within}, 0)`)
        .join(', ');
      const next = `greatest($2::bigint, paces.blocked_until, ${earliest})`;
      const rows = await sql.query<{ slot: number }>(
        `insert into paces (key, slots) values ($1, array[$2::bigint])
         on conflict (key) do update set slots = (paces.slots || ${next})[greatest(1, cardinality(paces.slots) + 2 - ${keep}):]
         returning slots[cardinality(slots)] as slot`,
        [key, at],
      );
      const wait = (rows[0]?.slot ?? at) - at;
      if (wait > 0) await sleep(wait);
    },
    async penalize(key: string, forMs: number): Promise<void> {
      const until = now().getTime() + forMs;
      await sql.query(
        `insert into paces (key, slots, blocked_until) values ($1, '{}', $2)
         on conflict (key) do update set blocked_until = greatest(paces.blocked_until, excluded.blocked_until)`,
        [key, until],
      );
    },
  };
}
