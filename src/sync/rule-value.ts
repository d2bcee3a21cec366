import { Decimal, toDecimal } from '../decimal.ts';
import { AppError } from '../errors.ts';
import { fromWall, toDay } from '../shanghai.ts';
import type { Catalogue } from './connector.ts';
import { mapLabel, type ValueMaps } from './maps.ts';
import type { Rule } from './pipeline.ts';

/**
 * What a rule makes of the value it starts from: map, default, format and wrapping, in the order a reader of the file expects.
 * Undefined = the field is left out. Codes: `mapping.no_map_entry`, `.empty`, `.bad_date`, `.not_a_number`.
 */
export function ruleValue(
  start: unknown,
  rule: Rule,
  path: string,
  maps: ValueMaps,
  target: Catalogue,
  otherwise: () => unknown,
): unknown {
  const field = target.find(path);
  const as = rule.as ?? field?.as;
  let value = start;
  if (rule.map && value !== null) {
    const key = String(value);
    value = maps.get(rule.map, key) ?? otherwise() ?? (rule.default === 'same' ? key : (rule.default ?? null));
    if (value === null && !rule.optional) {
      throw new AppError('mapping.no_map_entry', 'data', {
        category: 'value_map_missing',
        params: { map: rule.map, label: mapLabel(rule.map), key },
        subjects: [key],
      });
    }
  }
  if (value === null && rule.default !== undefined && rule.default !== 'same') value = rule.default;
  if (value === null || value === '') {
    if (rule.optional) return undefined;
    throw new AppError('mapping.empty', 'data', {
      category: 'source_data',
      params: { field: field?.label ?? path },
      subjects: [field?.label ?? path],
    });
  }
  if (rule.format === 'date') {
    const instant = fromWall(String(value));
    if (!instant)
      throw new AppError('mapping.bad_date', 'data', {
        category: 'source_data',
        params: { field: field?.label ?? path },
        subjects: [field?.label ?? path],
      });
    value = toDay(instant);
  }
  if (rule.round !== undefined || as === 'number') {
    const number = toDecimal(value);
    if (!number)
      throw new AppError('mapping.not_a_number', 'data', {
        category: 'mapping',
        params: { field: path },
        subjects: [path],
      });
    value = rule.round === undefined ? number : number.toDecimalPlaces(rule.round);
  }
  if (as === 'base') return { [field?.by ?? 'FNumber']: String(value) };
  if (as === 'bool') return value === true || value === 'true' || value === '1';
  if (as === 'text') return value instanceof Decimal ? value.toFixed() : String(value);
  return typeof value === 'number' ? new Decimal(value) : value;
}
