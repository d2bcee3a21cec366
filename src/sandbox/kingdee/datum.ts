import { departments, goods, shops, suppliers, trouble, warehouses } from '../shop.ts';

export interface Datum {
  code: string;
  name: string;
  organizations: string[];
  /** 数据状态; audited (C) where it does not say. */
  status?: 'A' | 'B' | 'C' | 'D';
  /** 禁用 */
  forbidden?: boolean;
  /** Of a material, whether its lines name a lot (启用批号管理); where it does not say they may or may not. */
  lots?: boolean;
  /** Of a material, that what is bought of it is inspected first (来料检验), and then received of an inspection only. */
  inspected?: boolean;
}

/** A kind of base data that a field of a bill refers to. */
export type Reference =
  | 'organization'
  | 'material'
  | 'customer'
  | 'warehouse'
  | 'supplier'
  | 'department'
  | 'unit'
  | 'status'
  | 'currency';

/** What 金蝶 knows of the shop from the beginning. */
export function openingData(): Record<Reference, Map<string, Datum>> {
  const both = ['100', '101'];
  const known = (data: Iterable<Omit<Datum, 'organizations'>>, organizations = both): Map<string, Datum> =>
    new Map([...data].map(({ code, name }) => [code, { code, name, organizations }]));
  const everywhere = (code: string, name = code): Map<string, Datum> => known([{ code, name }], []);
  const { outOfStock, notAllocated } = trouble;
  const material = [...goods, outOfStock].map(({ sku, name }) => ({ code: sku, name }));
  return {
    organization: new Map([...everywhere('100', '青禾贸易'), ...everywhere('101', '青禾西南')]),
    material: new Map([...known(material), ...known([{ code: notAllocated.sku, name: notAllocated.name }], ['999'])]),
    customer: known(shops.flatMap(({ customer, name }) => (customer ? [{ code: customer, name }] : []))),
    warehouse: known(warehouses.map(({ stock, name }) => ({ code: stock, name }))),
    supplier: known(suppliers),
    department: known(departments),
    unit: everywhere('Pcs'),
    status: new Map([...everywhere('KCZT01_SYS', '可用'), ...everywhere('KCZT08_SYS', '不良')]),
    currency: everywhere('PRE001', '人民币'),
  };
}
