import { AppError } from '../../errors.ts';
import { someOf } from '../../format.ts';
import { phrase } from '../../phrases.ts';
import type { Sql } from '../../store/sql.ts';
import type { Role, Roles } from './roles.ts';

const mostNamed = 3;

/** What is said to somebody whose role is too small: theirs, the one it takes, and who has it. Code: `gate.not_allowed`. */
export async function notAllowed(house: { sql: Sql; roles: Roles }, role: Role, least: Role): Promise<AppError> {
  const names = { role: phrase(`replies.role.${role}`), least: phrase(`replies.role.${least}`) };
  return new AppError('gate.not_allowed', 'auth', { params: { ...names, who: await whoMay(house, least) } });
}

/** The role that may, and the people who have it, as far as their platform has said what they are called. */
async function whoMay({ sql, roles }: { sql: Sql; roles: Roles }, least: Role): Promise<string> {
  const rows = await sql.query<{ name: string }>('select name from people where person = any($1) order by name', [
    roles.people(least),
  ]);
  const role = phrase(`replies.role.${least}`);
  if (rows.length === 0) return role;
  const names = rows.map(({ name }) => name);
  return phrase('replies.role_people', { role, people: someOf(names, mostNamed) });
}
