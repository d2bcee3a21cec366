import type { Catalogue, Field } from './connector.ts';
import type { OwnField } from './pipeline.ts';

const fold = (path: string): string => path.toLowerCase();

/** A catalogue whose `find` knows every field by its path and its aliases, in any letter case. */
export function createCatalogue(system: string, api: string, fields: readonly Field[]): Catalogue {
  const byName = new Map<string, Field>();
  for (const field of fields) for (const alias of field.aliases) byName.set(fold(alias), field);
  for (const field of fields) byName.set(fold(field.path), field);
  return { system, api, fields, find: (path) => byName.get(fold(path)) };
}

/** A catalogue with the fields that a pipeline file declares itself. */
export function withOwnFields(catalogue: Catalogue, own: readonly OwnField[]): Catalogue {
  const declared = own.map(({ path, label, type, as, by }): Field => {
    const form = { ...(as ? { as } : {}), ...(by ? { by } : {}) };
    return { path, aliases: [], label, type, meaning: label, kind: 'model', ...form };
  });
  const paths = new Set(declared.map(({ path }) => fold(path)));
  const others = catalogue.fields.filter(({ path }) => !paths.has(fold(path)));
  return createCatalogue(catalogue.system, catalogue.api, [...others, ...declared]);
}
