import { join } from 'node:path';
import { filesOf } from '../folder-files.ts';
import { hasPhrase, phrase } from '../phrases.ts';
import { readMapFile } from './map-file.ts';

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
  /** What the files hold that their makers may not know, a sentence each. */
  remarks: readonly string[];
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
  'supplier_to_supplier',
  'out_type_to_department',
];

/** Reads `<folder>/*.csv`, each as `map-file.ts` says. */
export function loadMaps(folder: string): ValueMaps {
  const { names, passedOver } = filesOf(folder, ['.csv']);
  const read = names.map((file) => ({ map: file.slice(0, -'.csv'.length), ...readMapFile(join(folder, file), file) }));
  const files = new Map(read.map(({ map, entries }) => [map, entries]));
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
    remarks: [...passedOver, ...read.flatMap(({ remarks }) => remarks)],
    has: (map) => files.has(map) || optionalMaps.includes(map),
    names: () => [...new Set([...files.keys(), ...optionalMaps])].sort(),
    get: (map, source) => entries(map).get(source),
    entries,
  };
}
