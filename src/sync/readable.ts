import { toDecimal } from '../decimal.ts';
import { AppError } from '../errors.ts';
import { excerpt } from '../format.ts';
import type { Catalogue, Field, RowFault, SourceOrder } from './connector.ts';
import type { Rule } from './pipeline.ts';

const line = 'items.';

/** The fields of the source that a rule or an expression reads; in a line's rule bare names are the line's. */
export function fieldsRead(rule: Pick<Rule, 'from' | 'or' | 'expr'>, inLine: boolean, source: Catalogue): Field[] {
  const named = [rule.from, ...(rule.or ?? [])].flatMap((name) => (name === undefined ? [] : [name]));
  const computed = [...(rule.expr ?? '').matchAll(/\b((?:order|line)\.\w+)/g)].map(([, name = '']) => name);
  return [...named, ...computed].flatMap((name) => {
    const bare = name.replace(/^(order|line)\./, '');
    return source.find(inLine && !name.startsWith('order.') ? `${line}${bare}` : bare) ?? [];
  });
}

/** Refuses an order for what its row is not. Codes: `mapping.unreadable`, `mapping.no_number`. */
export function refuseFaults(faults: readonly RowFault[], source: Catalogue): void {
  const [fault] = faults;
  if (!fault) return;
  const { field, value } = fault;
  if (value === null) throw new AppError('mapping.no_number', 'data', { category: 'source_data', subjects: [field] });
  throw unreadable(field, value, source);
}

/** Refuses an order in which one of these fields holds something else than its type: it is neither guessed nor taken as absent. */
export function refuseUnreadable(order: SourceOrder, fields: Iterable<Field>, source: Catalogue): void {
  for (const { path, type } of fields) {
    const values = path.startsWith(line)
      ? order.raw.items.map((item) => item[path.slice(line.length)])
      : [order.raw[path]];
    const wrong = values.find((value) => !isReadable(value, type));
    if (wrong !== undefined) throw unreadable(path, excerpt(wrong), source);
  }
}

export const isOfLine = (field: string): boolean => field === 'items' || field.startsWith(line);

function isReadable(value: unknown, type: Field['type']): boolean {
  if (value === undefined || value === null || value === '') return true;
  if (type === 'number') return toDecimal(value) !== null;
  return type === 'bool' ? typeof value === 'boolean' || typeof value === 'string' : typeof value === 'string';
}

function unreadable(path: string, value: string, source: Catalogue): AppError {
  const label = source.find(path)?.label ?? path;
  return new AppError('mapping.unreadable', 'data', {
    category: 'source_data',
    params: { field: label, path, value },
    subjects: [label],
  });
}
