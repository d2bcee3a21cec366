import type { Sql } from '../store/sql.ts';
import type { Alert, Said, SpokenAlert } from './alert.ts';
import type { Condition } from './condition.ts';

/** How long what is over is still looked at: to say that it is, and to move its cards. */
const rememberMs = 86_400_000;

/** $1 = now. What an alert is follows from its row and the longest silence that holds. */
const alerts = `select a.fingerprint, a.pipeline, a.category, a.severity, a.count, a.unit, a.message, a.next, a.about, a.episode, a.since,
    a.resolved_at as "resolvedAt", a.owner, p.name as "ownerName", a.owned_at as "ownedAt", case when a.resolved_at is null then s.until end as until, s.person as silencer, s.name as "silencerName",
    case when a.resolved_at is not null then 'resolved' when s.until is not null then 'silenced'
         when a.owner is not null then 'acknowledged' else 'firing' end as state
  from alerts a left join people p on p.person = a.owner left join lateral (
    select until, person, name from silences left join people using (person) where ended_at is null and until > $1 and (fingerprint is null or fingerprint = a.fingerprint)
    order by until desc limit 1) s on true`;

/** Takes in one thing that is wrong. Back after less than `episodeMs` it is the same alert, with its owner and its beginning. */
export async function see(sql: Sql, found: Condition, now: Date, episodeMs: number): Promise<void> {
  const { fingerprint, pipeline, category, severity, count, unit, message, next, orders, subjects, details } = found;
  const anew = (fresh: string, kept: string): string =>
    `case when alerts.resolved_at < $11 then ${fresh} else ${kept} end`;
  await sql.query(
    `insert into alerts (fingerprint, pipeline, category, severity, count, unit, message, next, about, since, last_seen)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9::jsonb, $10, $10)
     on conflict (fingerprint) do update set severity = excluded.severity, count = excluded.count, unit = excluded.unit,
       message = excluded.message, next = excluded.next, about = excluded.about, last_seen = excluded.last_seen,
       episode = ${anew('alerts.episode + 1', 'alerts.episode')}, since = ${anew('excluded.since', 'alerts.since')},
       owner = ${anew('null', 'alerts.owner')}, owned_at = ${anew('null', 'alerts.owned_at')}, resolved_at = null`,
    [
      fingerprint,
      pipeline,
      category,
      severity,
      count,
      unit,
      message,
      next,
      JSON.stringify({ orders, subjects, details }),
      now,
      new Date(now.getTime() - episodeMs),
    ],
  );
}

/** What has not been seen for `afterMs` is over. */
export async function resolve(sql: Sql, seen: readonly Condition[], now: Date, afterMs: number): Promise<void> {
  await sql.query(
    `update alerts set resolved_at = $1 where resolved_at is null and not (fingerprint = any($2)) and last_seen <= $3`,
    [now, seen.map(({ fingerprint }) => fingerprint), new Date(now.getTime() - afterMs)],
  );
}

/** What is wrong now, the oldest first. */
export async function openAlerts(sql: Sql, now: Date): Promise<Alert[]> {
  return await sql.query<Alert>(`${alerts} where a.resolved_at is null order by a.since, a.fingerprint`, [now]);
}

/** What is wrong or was lately, with all that was said of it. */
export async function spokenAlerts(sql: Sql, now: Date): Promise<SpokenAlert[]> {
  const lately = new Date(now.getTime() - rememberMs);
  const found = await sql.query<Alert>(
    `${alerts} where a.resolved_at is null or a.resolved_at > $2 order by a.since, a.fingerprint`,
    [now, lately],
  );
  const said = await sql.query<Said & { fingerprint: string }>(
    `select n.fingerprint, n.receiver, n.kind, n.card_id as "cardId", n.severity, n.count, n.at,
       exists (select 1 from outbox o where o.done_at is null and o.conversation = n.receiver
         and o.content -> 'reply' -> 'card' ->> 'id' = n.card_id) as pending,
       (n.receiver like 'web:%' or exists (select 1 from sent_cards c where c.card_id = n.card_id and c.conversation = n.receiver
         and c.handle is not null and c.handle <> '{}'::jsonb)) as movable
     from notifications n join alerts a using (fingerprint, episode)
     where a.resolved_at is null or a.resolved_at > $1 order by n.at, n.card_id`,
    [lately],
  );
  return found.map((alert) => ({
    ...alert,
    said: said.filter(({ fingerprint }) => fingerprint === alert.fingerprint),
  }));
}

/** What was over before, with what was said of it, and where runs were shown. */
export async function forgetBefore(sql: Sql, before: Date): Promise<void> {
  await sql.query('delete from alerts where resolved_at < $1', [before]);
  await sql.query(
    `delete from notifications n using alerts a where a.fingerprint = n.fingerprint and n.episode < a.episode and n.at < $1`,
    [before],
  );
  await sql.query('delete from silences where until < $1', [before]);
  await sql.query('delete from run_cards where at < $1', [before]);
}

/** Puts an alert, or every open one that nobody has, in somebody's name. */
export async function take(sql: Sql, person: string, now: Date, fingerprint?: string): Promise<string[]> {
  const rows = await sql.query<{ fingerprint: string }>(
    `update alerts set owner = $1, owned_at = $2
     where resolved_at is null and owner is distinct from $1 and (fingerprint = $3 or ($3::text is null and owner is null)) returning fingerprint`,
    [person, now, fingerprint ?? null],
  );
  return rows.map((row) => row.fingerprint);
}
