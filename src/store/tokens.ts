import type { Sql } from './sql.ts';

interface Token {
  accessToken: string;
  refreshToken: string;
  expiresAt: Date;
}

/**
 * ERP tokens in SQL: a lost rotated refresh token means authorising again. Renewal is single-flight in this process; another
 * process that renewed meanwhile is noticed by the stored token being another than the stale one.
 */
export function createTokenStore(sql: Sql, now: () => Date) {
  const renewing = new Map<string, Promise<Token>>();
  const read = async (name: string): Promise<Token | null> => {
    const rows = await sql.query<Token>(
      'select access_token as "accessToken", refresh_token as "refreshToken", expires_at as "expiresAt" from tokens where name = $1',
      [name],
    );
    return rows[0] ?? null;
  };
  const renewOnce = async (
    name: string,
    stale: string | null,
    renew: (current: Token | null) => Promise<Token>,
  ): Promise<Token> => {
    const current = await read(name);
    if (current && current.accessToken !== stale) return current;
    const fresh = await renew(current);
    await sql.query(
      `insert into tokens (name, access_token, refresh_token, expires_at, updated_at) values ($1, $2, $3, $4, $5)
       on conflict (name) do update set access_token = excluded.access_token, refresh_token = excluded.refresh_token,
         expires_at = excluded.expires_at, updated_at = excluded.updated_at`,
      [name, fresh.accessToken, fresh.refreshToken, fresh.expiresAt, now()],
    );
    return fresh;
  };
  return {
    read,
    async renew(name: string, stale: string | null, renew: (current: Token | null) => Promise<Token>): Promise<Token> {
      const running = renewing.get(name);
      if (running) return await running;
      const work = renewOnce(name, stale, renew).finally(() => renewing.delete(name));
      renewing.set(name, work);
      return await work;
    },
  };
}
