import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { AppError } from '../errors.ts';
import { hasPhrase, phrase } from '../phrases.ts';

/** What people call a value map; a map of their own by its file's name. */
export const mapLabel = (map: string): string => (hasPhrase(`replies.map.${map}`) ? phrase(`replies.map.${map}`) : map);

/** The value maps (对照表) of a folder: shop → customer, warehouse → stock and organisation, SKU → material. */
export interface ValueMaps {
  /** Puts the changes made in chat over what the files say. */
  change(changes: readonly MapChange[]): void;
  has(map: string): boolean;
  names(): string[];
  get(map: string, source: string): string | undefined;
  entries(map: string): ReadonlyMap<string, string>;
  /** Where a change made in chat says something else than the file, or something the file does not have. */
  differences(): MapDifference[];
}

export interface MapDifference {
  map: string;
  source: string;
  target: string;
  /** Null where the file has no such source. */
  inFile: string | null;
}

/** One entry as somebody set it in chat; a null target takes the change back. */
export interface MapChange {
  map: string;
  source: string;
  target: string | null;
}

/** Maps that may be absent: a missing SKU map means the same code, a missing salesman map means none. */
export const optionalMaps = [
  'sku_to_material',
  'shop_to_salesman',
  'shop_to_department',
  'zone_to_stock',
  'zone_to_status',
  'return_reason',
];

interface Row {
  record: Record<string, string>;
  info: { lines: number };
}

/** Reads `<folder>/*.csv`, header `source,target,note`. Codes: `pipeline.map_encoding`, `map_columns`, `map_duplicate`, `map_row`. */
export function loadMaps(folder: string): ValueMaps {
  const names = existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith('.csv')) : [];
  const files = new Map(names.map((file) => [basename(file, '.csv'), readMap(join(folder, file), file)]));
  let changed = new Map<string, ReadonlyMap<string, string>>();
  let differing: MapDifference[] = [];
  const empty: ReadonlyMap<string, string> = new Map();
  const entries = (map: string): ReadonlyMap<string, string> => changed.get(map) ?? files.get(map) ?? empty;
  return {
    change(changes) {
      changed = new Map();
      differing = [];
      for (const { map, source, target } of changes) {
        if (target === null) continue;
        changed.set(map, new Map([...entries(map), [source, target]]));
        const inFile = files.get(map)?.get(source) ?? null;
        if (inFile !== target) differing.push({ map, source, target, inFile });
      }
    },
    differences: () => differing,
    has: (map) => files.has(map) || optionalMaps.includes(map),
    names: () => [...new Set([...files.keys(), ...optionalMaps])].sort(),
    get: (map, source) => entries(map).get(source),
    entries,
  };
}

function readMap(path: string, file: string): ReadonlyMap<string, string> {
  const fail = (code: string, params: Record<string, string | number>): AppError =>
    new AppError(`pipeline.${code}`, 'config', { params: { file, ...params } });
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(readFileSync(path));
  } catch {
    throw fail('map_encoding', {});
  }
  const [header = ''] = text.split(/\r?\n/, 1);
  const columns = header.split(',').map((name) => name.trim());
  const missing = ['source', 'target'].filter((name) => !columns.includes(name));
  if (missing.length > 0) throw fail('map_columns', { missing: missing.join('、') });
  const rows: Row[] = parse(text, {
    columns: true,
    info: true,
    trim: true,
    skip_empty_lines: true,
    relax_column_count: true,
  });
  const map = new Map<string, string>();
  for (const { record, info } of rows) {
    const { source, target } = record;
    if (!source || !target) throw fail('map_row', { line: info.lines });
    if (map.has(source)) throw fail('map_duplicate', { line: info.lines, source });
    map.set(source, target);
  }
  return map;
}
