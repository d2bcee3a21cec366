import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Row, type Wire, wireUp } from './wire.ts';

let wire: Wire;
beforeAll(async () => {
  wire = await wireUp();
});
afterAll(async () => await wire.end());

const days = { modified_begin: '2026-11-18 00:00:00', modified_end: '2026-11-24 23:59:59' };
const items = (row: Row): Row[] => row.items as Row[];

async function rowsOf(path: string, biz: Row = days): Promise<Row[]> {
  const rows: Row[] = [];
  for (let page_index = 1; ; page_index++) {
    const answer = await wire.open(path, { ...biz, page_index, page_size: 50 });
    expect(answer.refused).toBeNull();
    rows.push(...answer.rows);
    if (!answer.hasNext) return rows;
  }
}
const valuesOf = (rows: readonly Row[], field: string): Set<unknown> => new Set(rows.map((row) => row[field]));

const paths = {
  purchaseIn: '/open/purchasein/query',
  purchaseOut: '/open/purchaseout/query',
  other: '/open/other/inout/query',
  count: '/open/inventory/count/query',
  allocate: '/open/allocate/query',
} as const;
const everyStatus = { statuss: ['Confirmed', 'WaitConfirm', 'Cancelled', 'Archive'] };

describe.each([
  ['purchase-in', paths.purchaseIn],
  ['purchase-out', paths.purchaseOut],
  ['other-in-out', paths.other],
  ['counts', paths.count],
  ['allocates', paths.allocate],
])('%s', (name, path) => {
  test('answers by window, number and page, in the order of change', async () => {
    const rows = await rowsOf(path);
    expect(rows.length).toBeGreaterThan(30);
    expect(valuesOf(rows, 'io_id').size).toBe(rows.length);
    const times = rows.map(({ modified }) => String(modified));
    expect(times).toEqual([...times].sort());
    const [one] = rows;
    expect((await wire.open(path, { io_ids: [one?.io_id] })).rows).toEqual([one]);
    expect((await wire.open(path, { io_ids: String(one?.io_id) })).rows).toEqual([one]);
    const lots = rows.flatMap((row) => (row.batchs as Row[]).map(({ batch_no }) => batch_no));
    const named = rows.flatMap(items).flatMap(({ batch_no, batch_id }) => batch_no || batch_id || []);
    expect(named).toEqual(lots);
    for (const line of rows.flatMap(items))
      expect(line).toMatchObject({ sku_id: expect.any(String), qty: expect.any(Number) });
  });

  test.each([
    ['a longer window', { modified_begin: '2026-11-01 00:00:00', modified_end: '2026-11-24 00:00:00' }],
    ['half a window', { modified_end: '2026-11-23 00:00:00' }],
    ['larger pages', { ...days, page_size: 51 }],
    ['nothing to go by', {}],
  ])('refuses %s', async (_what, biz) => {
    expect((await wire.open(path, biz)).refused).toMatch(/^140 /);
  });

  test('has no twin on Qimen', async () => {
    expect(
      (await wire.qimen(path, { start_time: '2026-11-23 00:00:00', end_time: '2026-11-24 00:00:00' })).refused,
    ).toMatch(/^22 /);
  });

  test('is changed by hand, and found by the change', async () => {
    const [one] = await rowsOf(path);
    await wire.door('jushuitan', `${name}/${one?.io_id}`, { status: 'Cancelled' });
    const late = { modified_begin: '2026-11-24 14:59:59', modified_end: '2026-11-24 15:00:01', ...everyStatus };
    expect((await wire.open(path, late)).rows).toMatchObject([{ io_id: one?.io_id, status: 'Cancelled' }]);
  });
});

test('purchases in: confirmed ones unless others are asked for; prices not final, strangers, gaps', async () => {
  expect(valuesOf(await rowsOf(paths.purchaseIn), 'status')).toEqual(new Set(['Confirmed']));
  const rows = await rowsOf(paths.purchaseIn, { ...days, ...everyStatus });
  expect(valuesOf(rows, 'status')).toEqual(new Set(everyStatus.statuss));
  expect(valuesOf(rows, 'supplier_id')).toEqual(new Set([30_001, 30_002, 30_099]));
  expect(rows.some((row) => row.f_status === 'WaitConfirm' && items(row)[0]?.cost_price === 0)).toBe(true);
  expect(rows.flatMap(items).some(({ qty }) => qty === 0)).toBe(true);
  expect(rows.flatMap(items).some(({ sku_id }) => sku_id === 'A-1093')).toBe(true);
  for (const { cost_price, cost_amount, qty } of rows.flatMap(items)) {
    expect(String(cost_price)).toMatch(/^\d+(\.\d{1,4})?$/);
    expect(Math.abs(Number(cost_amount) - Number(cost_price) * Number(qty))).toBeLessThan(0.006);
  }
  const later = await wire.open(paths.purchaseIn, { start_ts: rows.at(-5)?.ts, ...everyStatus });
  expect(later.rows.length).toBeGreaterThan(0);
});

test('purchases out: of every status, of strangers, of what is not there', async () => {
  const rows = await rowsOf(paths.purchaseOut);
  expect(valuesOf(rows, 'status')).toEqual(new Set(['Confirmed', 'WaitConfirm', 'Cancelled', 'Archive']));
  expect(valuesOf(rows, 'seller_id')).toEqual(new Set([30_001, 30_002, 30_099]));
  expect(valuesOf(rows, 'wh_id')).toEqual(new Set([1, 4]));
  expect(rows.flatMap(items).some(({ sku_id }) => sku_id === 'QH-LTD-66')).toBe(true);
  const confirmed = await rowsOf(paths.purchaseOut, { ...days, status: 'Confirmed' });
  expect(valuesOf(confirmed, 'status')).toEqual(new Set(['Confirmed']));
});

test('other in and out: by type, with reasons known and unknown, and what came from outside', async () => {
  const rows = await rowsOf(paths.other);
  expect(valuesOf(rows, 'type')).toEqual(new Set(['其它进仓', '其它出库', '其它退货']));
  const incoming = await rowsOf(paths.other, { ...days, types: ['其它进仓', '其它退货'], status: 'Confirmed' });
  expect(valuesOf(incoming, 'type')).toEqual(new Set(['其它进仓', '其它退货']));
  const foreign = rows.find(({ so_id }) => so_id !== '');
  expect((await wire.open(paths.other, { so_ids: [foreign?.so_id] })).rows).toEqual([foreign]);
  expect(valuesOf(rows, 'drop_co_name')).toContain('没对照的类型');
});

test('counts: more, fewer, both and neither, and what should have been there', async () => {
  const rows = await rowsOf(paths.count, { ...days, status: 'Confirmed' });
  const signs = rows.map((row) => new Set(items(row).map(({ qty }) => Math.sign(Number(qty)))));
  for (const wanted of [[1], [-1], [0], [1, -1]]) expect(signs, String(wanted)).toContainEqual(new Set(wanted));
  for (const { qty, r_qty } of rows.flatMap(items)) expect(Number(r_qty) - Number(qty)).toBe(30);
});

test('moves: two halves that name each other, one that has not come, one that came short, one taken back', async () => {
  const rows = await rowsOf(paths.allocate);
  const byId = new Map(rows.map((row) => [row.io_id, row]));
  const out = rows.filter(({ type }) => type === '调拨出');
  for (const half of out) {
    const other = byId.get(half.link_io_id);
    if (!other) continue;
    expect(other).toMatchObject({
      type: '调拨入',
      link_io_id: half.io_id,
      wms_co_id: half.link_wms_co_id,
      link_wms_co_id: half.wms_co_id,
      wh_id: half.link_wh_id,
    });
    expect(items(other).map(({ qty }) => qty)).toEqual(items(half).map(({ qty }) => qty));
  }
  expect(out.some(({ link_io_id }) => link_io_id === null)).toBe(true);
  expect(out.some(({ link_io_id }) => byId.get(link_io_id)?.status === 'WaitConfirm')).toBe(true);
  expect(
    rows.some((row) => row.type === '调拨入' && items(row).some(({ qty, r_qty }) => qty === 5 && r_qty === 4)),
  ).toBe(true);
  expect(valuesOf(rows, 'remark')).toContain('红冲单据');
  expect(out.some((row) => row.wms_co_id === row.link_wms_co_id && row.wh_id !== row.link_wh_id)).toBe(true);
  expect(valuesOf(rows, 'link_wms_co_id')).toContain(20_003);
  const incoming = await rowsOf(paths.allocate, { ...days, type: '调拨入' });
  expect(valuesOf(incoming, 'type')).toEqual(new Set(['调拨入']));
});

describe('stock', () => {
  const path = '/open/inventory/query';
  const stockOf = async (wms_co_id = 0): Promise<Map<unknown, Row>> => {
    const biz = { modified_begin: '2026-11-23 00:00:00', modified_end: '2026-11-24 23:59:59', page_size: 100 };
    const { rows } = await wire.open(path, { ...biz, wms_co_id });
    return new Map(rows.map((row) => [row.sku_id, row]));
  };

  test('is that of all warehouses, or of the one asked for', async () => {
    const [all, ...each] = await Promise.all([0, 20_001, 20_002, 20_003].map(stockOf));
    for (const [sku, row] of all ?? [])
      for (const field of ['qty', 'return_qty', 'defective_qty'])
        expect(row[field], `${sku}`).toBe(each.reduce((sum, one) => sum + Number(one.get(sku)?.[field]), 0));
    const { rows } = await wire.open(path, { sku_ids: 'QH-CUP-01,QH-TEA-100' });
    expect(valuesOf(rows, 'sku_id')).toEqual(new Set(['QH-CUP-01', 'QH-TEA-100']));
    expect((await wire.open(path, { ts: 1, page_size: 100 })).rows.length).toBe(all?.size);
    const still = { modified_begin: '2026-11-23 00:00:00', modified_end: '2026-11-23 00:00:00', wms_co_id: 20_003 };
    expect((await wire.open(path, still)).rows.length).toBeGreaterThan(0);
  });

  test('is what both systems had, and what the documents have done since', async () => {
    const sku = 'QH-CUP-01';
    const window = { modified_begin: '2026-11-23 00:00:00', modified_end: '2026-11-24 23:59:59', page_size: 50 };
    const shipped: Row[] = [];
    for (const day of ['2026-11-23', '2026-11-24'])
      shipped.push(...((await wire.door('jushuitan', `orders?day=${day}`)) as Row[]));
    const sum = (rows: readonly Row[], signed: (row: Row, line: Row) => number): number =>
      rows
        .filter(({ status }) => status === 'Confirmed' || status === 'Archive')
        .flatMap((row) => items(row).map((line) => (line.sku_id === sku ? signed(row, line) : 0)))
        .reduce((a, b) => a + b, 0);
    const all = async (path: string): Promise<Row[]> =>
      (await rowsOf(path, { ...window, ...everyStatus })).filter(({ wh_id }) => Number(wh_id) === 1);
    const expected =
      300_000 -
      sum(shipped, (_, { qty }) => Number(qty)) +
      sum(await all(paths.purchaseIn), (_, { qty }) => Number(qty)) -
      sum(await all(paths.purchaseOut), (_, { qty }) => Number(qty)) +
      sum(await all(paths.other), ({ type }, { qty }) => (type === '其它出库' ? -Number(qty) : Number(qty))) +
      sum(await all(paths.count), (_, { qty }) => Number(qty)) +
      sum(await all(paths.allocate), ({ type }, { r_qty }) => (type === '调拨出' ? -Number(r_qty) : Number(r_qty)));
    expect((await stockOf()).get(sku)?.qty).toBe(expected);
    const held = await wire.ask(
      'STK_Inventory',
      'FStockId.FNumber,FStockStatusId.FNumber,FBaseQty',
      `FMaterialId.FNumber = '${sku}' and FStockOrgId.FNumber = '100'`,
    );
    expect(held).toEqual(['CK001', 'CK002', 'CK003'].map((stock) => [stock, 'KCZT01_SYS', 100_000]));
  });
});
