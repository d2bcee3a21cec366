import type { Sql } from '../store/sql.ts';

/** Somebody wants quiet about one alert, or about all (`fingerprint` null), for a while. */
export interface Silence {
  fingerprint: string | null;
  person: string;
  name: string | null;
  /** Where it was asked for: there its end is told. */
  conversation: string;
  at: Date;
  until: Date;
}

const columns = 'fingerprint, person, conversation, at, until';
const name = '(select p.name from people p where p.person = silences.person) as name';

export async function addSilence(
  sql: Sql,
  { fingerprint, person, conversation, at, until }: Omit<Silence, 'name'>,
): Promise<void> {
  await sql.query('insert into silences (fingerprint, person, conversation, at, until) values ($1, $2, $3, $4, $5)', [
    fingerprint,
    person,
    conversation,
    at,
    until,
  ]);
}

/** The silences that hold. */
export async function openSilences(sql: Sql, now: Date): Promise<Silence[]> {
  return await sql.query<Silence>(
    `select ${columns}, ${name} from silences where ended_at is null and until > $1 order by at`,
    [now],
  );
}

/** Ends, before their time, the silences that keep an alert quiet, one over everything included; without one, all. */
export async function endSilences(sql: Sql, now: Date, fingerprint?: string): Promise<void> {
  await sql.query(
    'update silences set ended_at = $1 where ended_at is null and ($2::text is null or fingerprint = $2 or fingerprint is null)',
    [now, fingerprint ?? null],
  );
}

/** Silences whose time is over, each given to one caller only. */
export async function takeExpired(tx: Sql, now: Date): Promise<Silence[]> {
  return await tx.query<Silence>(
    `update silences set ended_at = until where ended_at is null and until <= $1 returning ${columns}, ${name}`,
    [now],
  );
}
