import type { Sql } from './sql.ts';

type Limit = readonly [count: number, withinMs: number];

/** Nobody has ever to wait longer for its turn, and nobody is told to for longer: what lies further ahead is of a clock that was wrong. */
const furthestSlotMs = 300_000;
const longestBlockMs = 3_600_000;
const slots = `(case when paces.slots[cardinality(paces.slots)] > $2::bigint + ${furthestSlotMs} then '{}'::bigint[] else paces.slots end)`;
const blocked = `(case when paces.blocked_until > $2::bigint + ${longestBlockMs} then 0 else paces.blocked_until end)`;

/**
 * Reserves the next moment at which one more call is allowed, as a sliding window: never more than `count` within `withinMs`,
 * whatever worker asks. One statement, so that workers never see each other half-way.
 */
export function createPace(sql: Sql, now: () => Date, sleep: (ms: number) => Promise<void>) {
  const keptOf = (limits: readonly Limit[]): number => Math.max(...limits.map(([count]) => count));
  /** SQL: the next moment allowed; slots[k - count + 1] is the call that has to be `within` old before it. */
  const nextOf = (limits: readonly Limit[]): string => {
    const earliest = limits
      .map(([count, within]) => `coalesce(${slots}[cardinality(${slots}) - ${count - 1}] + ${within}, 0)`)
      .join(', ');
    return `greatest($2::bigint, ${blocked}, ${earliest})`;
  };
  return {
    async take(key: string, limits: readonly Limit[]): Promise<void> {
      const at = now().getTime();
      const keep = keptOf(limits);
      const next = nextOf(limits);
      const rows = await sql.query<{ slot: number }>(
        `insert into paces (key, slots) values ($1, array[$2::bigint])
         on conflict (key) do update set slots = (${slots} || ${next})[greatest(1, cardinality(${slots}) + 2 - ${keep}):]
         returning slots[cardinality(slots)] as slot`,
        [key, at],
      );
      const wait = (rows[0]?.slot ?? at) - at;
      if (wait > 0) await sleep(wait);
    },
    /** Takes a call that is allowed now: 0; else how long it is until one is, in milliseconds, with none taken. */
    async tryTake(key: string, limits: readonly Limit[]): Promise<number> {
      const at = now().getTime();
      const next = nextOf(limits);
      const taken = await sql.query(
        `insert into paces (key, slots) values ($1, array[$2::bigint])
         on conflict (key) do update set slots = (${slots} || $2::bigint)[greatest(1, cardinality(${slots}) + 2 - ${keptOf(limits)}):]
         where ${next} <= $2::bigint returning key`,
        [key, at],
      );
      if (taken.length > 0) return 0;
      const [row] = await sql.query<{ next: number }>(`select ${next} as next from paces where key = $1`, [key, at]);
      return Math.max(1, (row?.next ?? at) - at);
    },
    async penalize(key: string, forMs: number): Promise<void> {
      const at = now().getTime();
      await sql.query(
        `insert into paces (key, slots, blocked_until) values ($1, '{}', $3)
         on conflict (key) do update set blocked_until = greatest(${blocked}, excluded.blocked_until)`,
        [key, at, at + Math.min(forMs, longestBlockMs)],
      );
    },
  };
}

export type Pace = ReturnType<typeof createPace>;
