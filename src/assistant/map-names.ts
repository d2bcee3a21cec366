import type { Sql } from '../store/sql.ts';
import type { BaseDataKind } from '../sync/connector.ts';
import type { Slots } from './language/slots.ts';

/** The value maps that can be changed in chat, with the kind of base data each leads to. */
export const kindOfMap = {
  shop_to_customer: 'customer',
  shop_to_org: 'organization',
  warehouse_to_stock: 'stock',
  warehouse_to_org: 'organization',
  sku_to_material: 'material',
} as const satisfies Record<string, BaseDataKind>;

export type MapName = keyof typeof kindOfMap;
export const mapNames = Object.keys(kindOfMap) as [MapName, ...MapName[]];

/** Which map answers for the kind of 聚水潭 code that a sentence is about. */
export function mapOf({ entity }: Slots): MapName {
  if (entity === 'warehouse') return 'warehouse_to_stock';
  return entity === 'material' ? 'sku_to_material' : 'shop_to_customer';
}

/** The code that goes by this name at the source, as its orders have it; the name itself where none does. */
export async function codeOf(sql: Sql, map: MapName, name: string): Promise<string> {
  const [id, called] = map.startsWith('shop')
    ? ['shop_id', 'shop_name']
    : ['warehouse_id', `raw -> 'raw' ->> 'warehouse'`];
  if (map === 'sku_to_material') return name;
  const [row] = await sql.query<{ id: string }>(`select ${id} as id from documents where ${called} = $1 limit 1`, [
    name,
  ]);
  return row?.id ?? name;
}
