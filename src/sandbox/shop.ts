/** The make-believe merchant: shops, warehouses and goods, and which of them 金蝶 knows. */

/** How much there is of a merchant, and from when to when. */
export interface Shop {
  seed: number;
  ordersPerDay: number;
  returnsPerDay: number;
  /** How far back there are documents, in days. */
  days: number;
  now: () => Date;
  /** Whether nothing is wrong with the orders of a day. */
  isClean: (day: Date) => boolean;
}

interface Outlet {
  id: number;
  name: string;
  route: 'qimen' | 'open';
  /** The customer in 金蝶; null = nobody has mapped this shop yet. */
  customer: string | null;
}

export const shops: readonly Outlet[] = [
  { id: 10001, name: '青禾天猫旗舰店', route: 'qimen', customer: 'CUST0001' },
  { id: 10002, name: '青禾淘宝企业店', route: 'qimen', customer: 'CUST0002' },
  { id: 10003, name: '青禾京东自营店', route: 'open', customer: 'CUST0003' },
  { id: 10004, name: '青禾抖音旗舰店', route: 'open', customer: 'CUST0004' },
  { id: 10037, name: '青禾快手新店', route: 'open', customer: null },
];

export const warehouses = [
  { id: 20001, name: '杭州主仓', stock: 'CK001', org: '100' },
  { id: 20002, name: '广州分仓', stock: 'CK002', org: '100' },
  { id: 20003, name: '成都分仓', stock: 'CK003', org: '101' },
] as const;

export const suppliers = [
  { id: 30001, code: 'SUP001', name: '西湖茶厂' },
  { id: 30002, code: 'SUP002', name: '景德陶坊' },
] as const;

export const departments = [
  { code: 'BM001', name: '仓储部' },
  { code: 'BM002', name: '市场部' },
] as const;

/** What both systems hold of a good in each warehouse when the shop is opened. */
export const opening = 100_000;

/** Zones of a warehouse (wh_id). */
export const zones = { main: 1, returned: 2, defective: 4 } as const;

export interface Good {
  sku: string;
  name: string;
  /** Cents. */
  price: number;
  shelfLife?: boolean;
}

export const goods: readonly Good[] = [
  { sku: 'QH-TEA-100', name: '明前龙井 100g', price: 12_800 },
  { sku: 'QH-TEA-250', name: '明前龙井 250g', price: 29_900 },
  { sku: 'QH-CUP-01', name: '白瓷品茗杯', price: 3590 },
  { sku: 'QH-POT-02', name: '紫砂小壶', price: 19_900 },
  { sku: 'QH-BOX-03', name: '节庆礼盒', price: 36_800 },
  { sku: 'QH-SNK-11', name: '桂花糕 6 枚', price: 2690, shelfLife: true },
  { sku: 'QH-SNK-12', name: '绿豆饼 8 枚', price: 1990, shelfLife: true },
  { sku: 'QH-CAN-05', name: '密封茶罐', price: 4550 },
];

/** Goods that make trouble in 金蝶, each in its own way. */
export const trouble = {
  missing: { sku: 'A-1093', name: '新品冷泡杯', price: 5900 },
  notAllocated: { sku: 'QH-VIP-88', name: '会员定制礼', price: 8800 },
  outOfStock: { sku: 'QH-LTD-66', name: '限量盖碗', price: 16_800 },
} as const satisfies Record<string, Good>;

/** A small pseudo-random generator (mulberry32): the same seed, the same shop. */
export function randomOf(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
