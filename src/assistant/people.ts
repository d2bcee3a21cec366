import { phrase } from '../phrases.ts';
import type { Sql } from '../store/sql.ts';

interface Known {
  person: string;
  name: string;
}

/** What people are called, by their ids; who has no name goes by where they are: an id says nothing to anybody. */
export async function callNames(sql: Sql, ids: readonly string[]): Promise<(id: string) => string> {
  const rows = await namesOf(sql, ids);
  const names = new Map(rows.map(({ person, name }) => [person, name]));
  return (id) => names.get(id) ?? ownName(id) ?? phrase(`alerts.person.${id.split(':', 1)[0]}`);
}

/** Those of these people whom a colleague means by 「小李」, 「王姐」 or a name. */
export async function peopleCalled(sql: Sql, said: string, ids: readonly string[]): Promise<Known[]> {
  const named = await namesOf(sql, ids);
  const others = ids.flatMap((person) => {
    const name = named.some((one) => one.person === person) ? null : ownName(person);
    return name ? [{ person, name }] : [];
  });
  const all = [...named, ...others];
  const exactly = all.filter(({ name }) => name.includes(said));
  if (exactly.length > 0) return exactly;
  const family = /^[小老阿](.)$|^(.)(?:姐|哥|总|工|会计|经理|主管|老师|师傅|主任|老板)$/
    .exec(said)
    ?.slice(1)
    .find(Boolean);
  return family ? all.filter(({ name }) => name.startsWith(family)) : [];
}

const namesOf = async (sql: Sql, ids: readonly string[]): Promise<Known[]> =>
  await sql.query<Known>('select person, name from people where person = any($1) order by name', [[...new Set(ids)]]);

/** Whoever is at the page or the terminal goes by the name they have there; null where an id is all there is. */
function ownName(id: string): string | null {
  if (id === 'schedule') return phrase('people.schedule');
  const [channel = '', own = ''] = id.split(/:(.*)/s);
  return channel === 'dingtalk' || channel === 'feishu' ? null : own || id;
}
