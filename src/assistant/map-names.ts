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
