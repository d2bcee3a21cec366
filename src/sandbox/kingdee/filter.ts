export type Row = Record<string, unknown>;

export interface Condition {
  /** In lower case, as the keys of rows are. */
  field: string;
  operator: string;
  values: string[];
  holds: (row: Row) => boolean;
}

/**
 * The part of the filter language that is needed: `A in ('x','y') and B='z' or C like 'p%'`; `or` binds less than `and`. A row
 * matches when all conditions of one choice hold; what is not understood holds for nothing.
 */
export function choicesOf(text: string): Condition[][] {
  if (text.trim() === '') return [[]];
  return text
    .split(/\s+or\s+(?=[\w.]+\s)/i)
    .map((choice) => choice.split(/\s+and\s+(?=\(?[\w.]+\s)/i).map(conditionOf));
}

function conditionOf(text: string): Condition {
  const match = /^\(?\s*([\w.]+)\s*(in\b|like\b|>=|<=|=|<|>)\s*(.+?)\s*\)?$/is.exec(text.trim());
  const [, name = '', sign = '', right = ''] = match ?? [];
  const [field, operator] = [name.toLowerCase(), sign.toLowerCase()];
  const values = [...right.matchAll(/'((?:[^']|'')*)'/g)].map((value) => (value[1] ?? '').replaceAll("''", "'"));
  const [first = ''] = values;
  const tests: Readonly<Record<string, (own: string) => boolean>> = {
    in: (own) => values.includes(own),
    like: (own) => like(first).test(own),
    '=': (own) => own === first,
    '>=': (own) => own >= first,
    '<=': (own) => own <= first,
    '<': (own) => own < first,
    '>': (own) => own > first,
  };
  const test = tests[operator] ?? (() => false);
  return { field, operator, values, holds: (row) => test(String(row[field] ?? '')) };
}

/** An SQL LIKE pattern: `%` any signs, `_` any one, `[x]` the sign itself; letter case does not matter. */
function like(pattern: string): RegExp {
  const signs = pattern.match(/\[.\]|./gs) ?? [];
  const source = signs.map((sign) =>
    sign === '%' ? '.*' : sign === '_' ? '.' : sign.replace(/^\[(.)\]$/s, '$1').replace(/[.*+?^${}()|[\]\\]/g, '\\$&'),
  );
  return new RegExp(`^${source.join('')}$`, 'is');
}
