import { afterEach, describe, expect, test } from 'vitest';
import { createJushuitanSource } from '../../src/connectors/jushuitan/source.ts';
import { streams } from '../../src/connectors/jushuitan/streams/index.ts';
import type { Source, SourceQuery } from '../../src/sync/connector.ts';
import { type Gateway, startGateway } from '../fakes/gateway.ts';

let gateway: Gateway | undefined;
afterEach(async () => await gateway?.close());

const now = new Date('2026-11-24T15:00:00+08:00');
const day: SourceQuery = {
  by: 'io_date',
  start: new Date('2026-11-23T00:00:00+08:00'),
  end: new Date('2026-11-24T00:00:00+08:00'),
  statuses: [],
  params: {},
  pageSize: 50,
};
const wallDay = { modified_begin: '2026-11-23 00:00:00', modified_end: '2026-11-23 23:59:59' };
type Row = Record<string, unknown>;

/** A source on a gateway that answers these rows, by number where it is asked by number, and what that gateway is asked. */
async function connect(api: string, rows: readonly Row[]): Promise<{ source: Source; asked: () => Row[] }> {
  const stream = streams.get(api);
  if (!stream) throw new Error(api);
  const opened = await startGateway(({ body }) => {
    const biz = JSON.parse(new URLSearchParams(body).get('biz') ?? '{}') as Row;
    const ids = biz.io_ids === undefined ? null : String(biz.io_ids).split(',');
    const datas = rows.filter(({ io_id, type }) =>
      ids ? ids.includes(String(io_id)) : biz.type === undefined || biz.type === type,
    );
    return JSON.stringify({ code: 0, data: { data_count: datas.length, has_next: false, datas } });
  });
  gateway = opened;
  const source = createJushuitanSource(
    [
      {
        route: 'open',
        baseUrl: opened.origin,
        appKey: 'k',
        appSecret: 's',
        accessToken: 'a',
        refreshToken: 'r',
      },
    ],
    {
      stream,
      pace: { take: async () => undefined, penalize: async () => undefined },
      tokens: {
        read: async () => null,
        renew: async () => {
          throw new Error('no token is out of date here');
        },
      },
      now: () => now,
      sleep: async () => undefined,
      limits: { perSecond: 5, perMinute: 100 },
    },
  );
  return {
    source,
    asked: () =>
      opened.calls.map(({ body }) => {
        const {
          page_index: _i,
          page_size: _s,
          is_get_total: _t,
          ...biz
        } = JSON.parse(new URLSearchParams(body).get('biz') ?? '{}') as Row;
        return biz;
      }),
  };
}

const times = { io_date: '2026-11-23 09:00:00', modified: '2026-11-23 09:00:20' };
const place = { wms_co_id: 20001, wh_id: 1, warehouse: '杭州主仓' };

interface Asked {
  api: string;
  params?: Record<string, string>;
  day: Row;
  changed: Row;
  keys: Row;
}
const statuss = ['WaitConfirm', 'Confirmed', 'Cancelled', 'Archive'];

describe.each<Asked>([
  {
    api: '/open/other/inout/query',
    params: { types: '其它进仓,其它退货' },
    day: { ...wallDay, date_type: 2, types: ['其它进仓', '其它退货'] },
    changed: { ...wallDay, date_type: 0, types: ['其它进仓', '其它退货'] },
    keys: { io_ids: [7], types: ['其它进仓', '其它退货'] },
  },
  {
    api: '/open/purchasein/query',
    day: { ...wallDay, date_type: 2, statuss },
    changed: { ...wallDay, date_type: 0, statuss },
    keys: { io_ids: [7], statuss },
  },
  {
    api: '/open/purchaseout/query',
    day: { ...wallDay, date_type: 2 },
    changed: { ...wallDay, date_type: 0 },
    keys: { io_ids: [7] },
  },
  {
    // It knows its own number as a text and no window but that of changes, which has to reach until now.
    api: '/open/inventory/count/query',
    day: { modified_begin: '2026-11-23 00:00:00', modified_end: '2026-11-24 14:59:59' },
    changed: wallDay,
    keys: { io_ids: '7' },
  },
  {
    api: '/open/allocate/query',
    day: { ...wallDay, date_type: 2, type: '调拨出' },
    changed: { ...wallDay, date_type: 0 },
    keys: { io_ids: [7] },
  },
])('$api', ({ api, params = {}, ...asked }) => {
  const query = { ...day, params };
  test('asks by its own day, by change and by number', async () => {
    const { source, asked: sent } = await connect(api, []);
    await source.page(query, null);
    await source.page({ ...query, by: 'modified' }, null);
    await source.page({ ...query, keys: ['7', 'no-id-1'] }, null);
    expect(sent()).toEqual([asked.day, asked.changed, asked.keys]);
  });

  test('reads a document with where it was, whether it moved anything and whether it came from outside', async () => {
    const row = { ...times, ...place, status: 'Archive', type: '调拨出', link_io_id: 0, so_id: '' };
    const rows = [
      { ...row, io_id: 1, items: [{ sku_id: 'A', qty: 2 }] },
      { ...row, io_id: 2, so_id: 'W2', items: [{ sku_id: 'A', qty: 0 }], wh_id: '4' },
      { ...row, io_id: 3, so_id: '3', items: [] },
      { ...row, io_id: 4, io_date: '2026-11-22 09:00:00', status: 'Cancelled', items: [{ sku_id: 'A', qty: 1 }] },
    ];
    const { source } = await connect(api, rows);
    const { orders } = await source.page({ ...query, by: 'modified' }, null);
    expect(orders.map(({ key, status, raw }) => [key, status, raw.zone, raw.moved, raw.uploaded])).toEqual([
      ['1', 'Confirmed', '20001:1', true, false],
      ['2', 'Confirmed', '20001:4', false, true],
      ['3', 'Confirmed', '20001:1', false, false],
      ['4', 'Cancelled', '20001:1', true, false],
    ]);
    expect(orders[0]).toMatchObject({ ioDate: times.io_date, modified: times.modified });
    expect(source.stateOf('Cancelled')).toBe('cancelled');
    expect(source.isKey('1') && !source.isKey('A1')).toBe(true);
  });
});

test('a count outside the day that is asked for is left out', async () => {
  const count = { ...times, ...place, status: 'Confirmed', type: '盘点', items: [{ sku_id: 'A', qty: -1, r_qty: 4 }] };
  const { source } = await connect('/open/inventory/count/query', [
    { ...count, io_id: 1 },
    { ...count, io_id: 2, io_date: '2026-11-22 23:59:59' },
  ]);
  expect((await source.page(day, null)).orders.map(({ key }) => key)).toEqual(['1']);
  expect(await source.count(day)).toBeNull();
});

test('a purchase is followed by its changes: by rowversion it would not tell of a cancelled one', async () => {
  const { source } = await connect('/open/purchasein/query', [
    { ...times, ...place, io_id: 1, ts: 99, status: 'Cancelled', items: [] },
  ]);
  expect((await source.page(day, null)).orders[0]?.ts).toBeNull();
});

test('what follows by rowversion says its lists as lists', async () => {
  const { source, asked } = await connect('/open/other/inout/query', []);
  await source.changes('open', '17', { params: { types: '其它出库' }, pageSize: 50 });
  expect(asked()).toEqual([{ start_ts: 17, types: ['其它出库'] }]);
});

describe('a move', () => {
  const api = '/open/allocate/query';
  const out = {
    ...times,
    ...place,
    io_id: 1,
    type: '调拨出',
    status: 'Confirmed',
    link_io_id: 2,
    link_wms_co_id: 20002,
    link_wh_id: 1,
    items: [{ sku_id: 'A', qty: 5, r_qty: 5 }],
  };
  const into = {
    ...out,
    io_id: 2,
    type: '调拨入',
    link_io_id: 1,
    wms_co_id: 20002,
    link_wms_co_id: 20001,
    io_date: '2026-11-24 08:00:00',
    modified: '2026-11-24 08:00:20',
    items: [{ sku_id: 'A', qty: 5, r_qty: 4 }],
  };
  const whole = {
    key: '1',
    ioDate: out.io_date,
    modified: into.modified,
    raw: {
      zone: '20001:1',
      link_zone: '20002:1',
      arrived_date: into.io_date,
      items: [{ sku_id: 'A', qty: '4' }],
    },
  };

  test.each<[string, Partial<SourceQuery>]>([
    ['of its day', {}],
    ['that changed', { by: 'modified' }],
    ['of a number', { keys: ['1'] }],
    ['of the number of its other half', { keys: ['2'] }],
  ])('%s is one document of its two halves', async (_what, query) => {
    const { source, asked } = await connect(api, [out, into]);
    const { orders } = await source.page({ ...day, ...query }, null);
    expect(orders).toHaveLength(1);
    expect(orders[0]).toMatchObject(whole);
    expect(orders[0]).not.toHaveProperty('waitsFor');
    expect(asked().length).toBe(query.by === 'modified' ? 1 : 2);
  });

  test.each<[string, Row[], string]>([
    ['has not come', [{ ...out, link_io_id: null }], ''],
    ['is not confirmed', [out, { ...into, status: 'WaitConfirm' }], '2'],
    ['cannot be found', [out], '2'],
  ])('waits while the other half %s', async (_what, rows, other) => {
    const { source } = await connect(api, rows);
    const { orders } = await source.page(day, null);
    expect(orders).toMatchObject([{ key: '1', waitsFor: other, raw: { items: [{ qty: '5' }] } }]);
  });

  test('a half whose 调拨出 nobody knows stays by itself', async () => {
    const { source } = await connect(api, [{ ...into, link_io_id: null }]);
    const { orders } = await source.page({ ...day, by: 'modified' }, null);
    expect(orders).toMatchObject([{ key: '2', raw: { type: '调拨入' } }]);
  });
});
