import type { BaseDataKind, BaseDatum } from '../sync/connector.ts';
import type { FailureGroup } from '../sync/run.ts';
import type { SyncService } from '../sync/service.ts';
import type { Settings } from './settings.ts';

/** What a code that the target does not know may have been meant to be, and the map entry that would say so. */
export interface Suggestion {
  code: string;
  found: BaseDatum;
  map: string;
  source: string;
}

/** The map that leads to each kind of base data; where several do, nothing is suggested. */
const mapOfKind: Readonly<Partial<Record<BaseDataKind, string>>> = {
  material: 'sku_to_material',
  customer: 'shop_to_customer',
  stock: 'warehouse_to_stock',
};

/** Similar codes for the first `most` codes that are not there. Read only; where the target cannot be asked now there are none. */
export async function suggestionsFor(
  { sync, settings }: { sync: SyncService; settings: Settings },
  pipeline: string,
  groups: readonly FailureGroup[],
  most: number,
): Promise<Suggestion[]> {
  const target = sync.pipelines.get(pipeline)?.target;
  const asked = groups.flatMap(wanted).slice(0, most);
  if (!target || asked.length === 0) return [];
  const names = await sync.outcomes.itemNames(
    pipeline,
    asked.map(({ code }) => code),
  );
  try {
    const found = await Promise.all(
      asked.map(async ({ kind, code }) => {
        const map = mapOfKind[kind];
        const [datum] = map ? await target.near(kind, code, names.get(code)) : [];
        return map && datum ? [{ code, found: datum, map, source: sourceOf(settings, map, code) }] : [];
      }),
    );
    return found.flat();
  } catch {
    return []; // the list of failures is worth more than a hint on it
  }
}

function wanted({ category, subjects, details }: FailureGroup): { kind: BaseDataKind; code: string }[] {
  if (category !== 'material_missing' && category !== 'base_data_missing') return [];
  const kinds = new Set(details.flatMap(({ kind }) => (kind === undefined ? [] : [String(kind) as BaseDataKind])));
  const [kind] = kinds;
  return kind && kinds.size === 1 ? subjects.map((code) => ({ kind, code })) : [];
}

/** The code on the source's side: the one a map leads from, else the same code. */
function sourceOf(settings: Settings, map: string, code: string): string {
  return [...settings.maps.entries(map)].find(([, target]) => target === code)?.[0] ?? code;
}
