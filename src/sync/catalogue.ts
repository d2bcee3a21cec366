import type { Catalogue, Field } from './connector.ts';

const fold = (path: string): string => path.toLowerCase();

/** A catalogue whose `find` knows every field by its path and its aliases, in any letter case. */
export function createCatalogue(system: string, api: string, fields: readonly Field[]): Catalogue {
  const byName = new Map<string, Field>();
  for (const field of fields) for (const alias of field.aliases) byName.set(fold(alias), field);
  for (const field of fields) byName.set(fold(field.path), field);
  return { system, api, fields, find: (path) => byName.get(fold(path)) };
}
