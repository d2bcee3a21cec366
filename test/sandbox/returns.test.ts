import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Page, type Row, type Wire, wireUp } from './wire.ts';

let wire: Wire;
beforeAll(async () => {
  wire = await wireUp();
});
afterAll(async () => await wire.end());

const path = '/open/aftersale/received/query';
const days = { modified_begin: '2026-11-18 00:00:00', modified_end: '2026-11-24 23:59:59' };
const items = (row: Row): Row[] => row.items as Row[];

async function everyRow(ask: (page: number) => Promise<Page>): Promise<Row[]> {
  const rows: Row[] = [];
  for (let page = 1; ; page++) {
    const answer = await ask(page);
    expect(answer.refused).toBeNull();
    rows.push(...answer.rows);
    if (!answer.hasNext) return rows;
  }
}
const receipts = (more: Row = {}): Promise<Row[]> =>
  everyRow((page_index) => wire.open(path, { ...days, page_index, page_size: 50, ...more }));
const openRefunds = (more: Row = {}): Promise<Row[]> =>
  everyRow((page_index) => wire.open('/open/refund/single/query', { ...days, page_index, page_size: 50, ...more }));
const qimenRefunds = (more: Record<string, string> = {}): Promise<Row[]> =>
  everyRow((page) =>
    wire.qimen('jushuitan.refund.list.query', {
      start_time: days.modified_begin,
      end_time: days.modified_end,
      page_index: String(page),
      page_size: '50',
      ...more,
    }),
  );

describe('receipts', () => {
  test('come of orders that are not of 淘系, with the order and the agreement they belong to', async () => {
    const rows = await receipts();
    expect(rows.length).toBeGreaterThan(20);
    expect(new Set(rows.map(({ io_id }) => io_id)).size).toBe(rows.length);
    const known = rows.filter(({ o_id }) => o_id !== null);
    expect(known.every(({ shop_id }) => Number(shop_id) >= 10_003)).toBe(true);
    const orders = await wire.open('/open/orders/out/simple/query', {
      o_ids: known.slice(0, 10).map(({ o_id }) => o_id),
    });
    const shipped = new Map(orders.rows.map((order) => [order.o_id, order]));
    for (const row of known.slice(0, 10))
      if (shipped.has(row.o_id)) expect(shipped.get(row.o_id)?.so_id).toBe(row.so_id);
    expect(shipped.size).toBeGreaterThan(5);
  });

  test('every way in which goods come back occurs', async () => {
    const rows = await receipts();
    const statuses = new Set(rows.map(({ status }) => status));
    expect(statuses).toEqual(new Set(['Confirmed', 'Cancelled', 'WaitConfirm', 'Archive']));
    expect(new Set(rows.map(({ wh_id }) => wh_id))).toEqual(new Set([2, 4]));
    expect(rows.some(({ o_id }) => o_id === null)).toBe(true);
    expect(rows.some(({ batchs }) => (batchs as Row[]).length > 0)).toBe(true);
    const perAgreement = Map.groupBy(rows, ({ as_id }) => as_id);
    const twice = [...perAgreement.values()].filter((some) => some.length > 1);
    expect(twice.some((some) => some.every(({ wh_id }) => wh_id === 2))).toBe(true);
    expect(twice.some((some) => some.some(({ wh_id }) => wh_id === 4))).toBe(true);
  });

  test('one is of an order that is shipped only afterwards', async () => {
    const rows = await receipts();
    const known = rows.filter(({ so_id }) => so_id !== '');
    const orders: Row[] = [];
    for (let from = 0; from < known.length; from += 50) {
      const so_ids = known.slice(from, from + 50).map(({ so_id }) => so_id);
      orders.push(...(await wire.open('/open/orders/out/simple/query', { so_ids, page_size: 50 })).rows);
    }
    const shipped = new Map(orders.map((order) => [order.so_id, String(order.io_date)]));
    const early = known.filter(({ so_id, io_date }) => (shipped.get(so_id) ?? '') > String(io_date));
    expect(early.length).toBeGreaterThan(0);
  });

  test('are asked for by numbers, by day of receipt, by shop and from a place on', async () => {
    const rows = await receipts();
    const one = rows.find(({ o_id, status }) => o_id !== null && status === 'Confirmed') as Row;
    for (const [name, value] of Object.entries({
      io_ids: one.io_id,
      as_ids: one.as_id,
      so_ids: one.so_id,
      o_ids: one.o_id,
    })) {
      const answer = await wire.open(path, { [name]: [value] });
      expect(answer.rows, name).toContainEqual(one);
    }
    const day = String(one.io_date).slice(0, 10);
    const that = { modified_begin: `${day} 00:00:00`, modified_end: `${day} 23:59:59`, date_type: 4, page_size: 50 };
    const answer = await wire.open(path, that);
    expect(answer.rows).toContainEqual(one);
    expect(answer.rows.every(({ io_date }) => String(io_date).startsWith(day))).toBe(true);
    const ofShop = await receipts({ shop_id: one.shop_id });
    expect(new Set(ofShop.map(({ shop_id }) => shop_id))).toEqual(new Set([one.shop_id]));
    const later = await wire.open(path, { start_ts: one.ts, page_size: 50 });
    expect(later.rows.every(({ ts }) => Number(ts) >= Number(one.ts))).toBe(true);
  });

  test.each([
    ['a longer window', { modified_begin: '2026-11-01 00:00:00', modified_end: '2026-11-24 00:00:00' }, '7 days'],
    ['half a window', { modified_begin: '2026-11-23 00:00:00' }, 'together'],
    ['larger pages', { ...days, page_size: 51 }, 'page_size'],
    ['nothing to go by', {}, 'needed'],
  ])('refuses %s', async (_what, biz, why) => {
    expect((await wire.open(path, biz)).refused).toContain(why);
  });
});

describe('agreements', () => {
  test('are answered by the route of their shop, money as that route writes it', async () => {
    const [taobao, others] = [await qimenRefunds(), await openRefunds()];
    expect(taobao.every(({ shop_id }) => Number(shop_id) <= 10_002)).toBe(true);
    expect(others.some(({ shop_id }) => Number(shop_id) <= 10_002 && shop_id !== null)).toBe(false);
    expect(typeof taobao[0]?.refund).toBe('string');
    expect(typeof others[0]?.refund).toBe('number');
  });

  test.each([
    ['qimen', () => qimenRefunds()],
    ['open', () => openRefunds()],
  ])('of every type and status on %s', async (_route, refunds) => {
    const rows = await refunds();
    const of = (field: string): Set<unknown> => new Set(rows.map((row) => row[field]));
    for (const type of ['普通退货', '拒收退货', '仅退款', '换货', '补发']) expect(of('type')).toContain(type);
    for (const status of ['Confirmed', 'Cancelled', 'Merged']) expect(of('status')).toContain(status);
    const lines = rows.flatMap(items);
    expect(new Set(lines.map(({ type }) => type))).toEqual(new Set(['退货', '换货', '补发']));
    expect(lines.some(({ r_qty, qty }) => Number(r_qty) > 0 && Number(r_qty) < Number(qty))).toBe(true);
    expect(lines.some(({ r_qty }) => r_qty === 0)).toBe(true);
    expect(lines.some(({ defective_qty }) => Number(defective_qty) > 0)).toBe(true);
    expect(lines.some(({ is_gift }) => is_gift)).toBe(true);
    expect(lines.some(({ combine_sku_id }) => combine_sku_id)).toBe(true);
  });

  test('have received what their receipts say', async () => {
    const [agreed, came] = [await openRefunds(), await receipts()];
    for (const refund of agreed) {
      const sums = new Map<unknown, number>();
      for (const receipt of came)
        if (receipt.as_id === refund.as_id && ['Confirmed', 'Archive'].includes(String(receipt.status)))
          for (const line of items(receipt)) sums.set(line.sku_id, (sums.get(line.sku_id) ?? 0) + Number(line.qty));
      const back = new Map<unknown, number>();
      for (const line of items(refund))
        if (line.type === '退货') back.set(line.sku_id, (back.get(line.sku_id) ?? 0) + Number(line.r_qty));
      for (const [sku, qty] of back) expect(qty, `${refund.as_id} ${sku}`).toBe(sums.get(sku) ?? 0);
    }
  });

  test('of which goods have come are asked for by status', async () => {
    const rows = await qimenRefunds({ status: 'Confirmed', good_status: 'SELLER_RECEIVED', type: '普通退货' });
    expect(rows.length).toBeGreaterThan(0);
    for (const row of rows)
      expect(row).toMatchObject({ status: 'Confirmed', good_status: 'SELLER_RECEIVED', type: '普通退货' });
    const [one] = rows;
    const asked = await wire.qimen('jushuitan.refund.list.query', { as_ids: `[${one?.as_id}]` });
    expect(asked.rows).toEqual([one]);
  });

  test('change by hand, and are found by the change', async () => {
    const { rows } = await wire.qimen('jushuitan.refund.list.query', {
      start_time: '2026-11-20 00:00:00',
      end_time: '2026-11-21 00:00:00',
      good_status: 'BUYER_RETURNED_GOODS',
    });
    const key = rows[0]?.as_id;
    await wire.door('jushuitan', `refunds/${key}`, { good_status: 'SELLER_RECEIVED' });
    const after = await wire.qimen('jushuitan.refund.list.query', {
      start_time: '2026-11-24 14:59:00',
      end_time: '2026-11-24 15:01:00',
    });
    expect(after.rows).toMatchObject([{ as_id: key, good_status: 'SELLER_RECEIVED' }]);
  });
});

test('orders are as they were, however many returns there are', async () => {
  const more = await wireUp({ returnsPerDay: 24 });
  try {
    const [few, many] = [wire, more].map((one) => one.door('jushuitan', 'orders?day=2026-11-20'));
    expect(await many).toEqual(await few);
    expect(await more.door('jushuitan', 'refunds?day=2026-11-20')).toHaveLength(24);
  } finally {
    await more.end();
  }
});

test('archived orders answer only to archive=true', async () => {
  const [first] = (await wire.door('jushuitan', 'orders?day=2026-11-21')) as Row[];
  const key = String(first?.io_id);
  const route = Number(first?.shop_id) <= 10_002 ? 'qimen' : 'open';
  const ask = async (archive: boolean): Promise<unknown[]> => {
    const { rows } =
      route === 'qimen'
        ? await wire.qimen('jushuitan.saleout.list.query', { io_ids: `[${key}]`, archive: String(archive) })
        : await wire.open('/open/orders/out/simple/query', { io_ids: [key], archive });
    return rows.map(({ status }) => status);
  };
  expect([await ask(false), await ask(true)]).toEqual([[first?.status], []]);
  await wire.door('jushuitan', `orders/${key}`, { status: 'Archive' });
  expect([await ask(false), await ask(true)]).toEqual([[], ['Archive']]);
});
