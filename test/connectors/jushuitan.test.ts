import { afterEach, describe, expect, test } from 'vitest';
import type { OpenSettings, QimenSettings, SignMethod } from '../../src/config.ts';
import { createJushuitanSource } from '../../src/connectors/jushuitan/source.ts';
import { saleout } from '../../src/connectors/jushuitan/streams/saleout.ts';
import type { Source, SourceOrder, SourceQuery, StoredToken, TokenStore } from '../../src/sync/connector.ts';
import { type Call, type Gateway, type Reply, startGateway } from '../fakes/gateway.ts';

let gateway: Gateway | undefined;
afterEach(async () => await gateway?.close());

const now = new Date('2026-11-24T15:00:00+08:00');
const qimen = (signMethod: SignMethod = 'md5'): QimenSettings => ({
  route: 'qimen',
  baseUrl: gateway?.origin ?? '',
  appKey: 'k',
  appSecret: 's',
  targetAppKey: '23060081',
  customerId: '1',
  signMethod,
});
const open = (): OpenSettings => ({
  route: 'open',
  baseUrl: gateway?.origin ?? '',
  appKey: 'ok',
  appSecret: 'os',
  accessToken: 'old',
  refreshToken: 'r1',
});

/** Tokens in memory with the single flight that the real store gives. */
function tokenStore(): TokenStore & { renewals: number; token: StoredToken | null } {
  let flight: Promise<StoredToken> | null = null;
  return {
    renewals: 0,
    token: null,
    async read() {
      return this.token;
    },
    async renew(_name, stale, renew) {
      if (this.token && this.token.accessToken !== stale) return this.token;
      flight ??= renew(this.token).finally(() => {
        flight = null;
      });
      this.token = await flight;
      this.renewals += 1;
      return this.token;
    },
  };
}

const waits: number[] = [];
const penalties: number[] = [];
const connect = (settings: (QimenSettings | OpenSettings)[], tokens = tokenStore()): Source => {
  waits.length = 0;
  penalties.length = 0;
  return createJushuitanSource(settings, {
    stream: saleout,
    pace: { take: async () => undefined, penalize: async (_key, ms) => void penalties.push(ms) },
    tokens,
    now: () => now,
    sleep: async (ms) => void waits.push(ms),
    limits: { perSecond: 5, perMinute: 100 },
  });
};
const window: SourceQuery = {
  by: 'io_date',
  start: new Date('2026-11-23T00:00:00+08:00'),
  end: new Date('2026-11-24T00:00:00+08:00'),
  statuses: ['Confirmed'],
  params: {},
  pageSize: 2,
};
const form = ({ body }: Call): URLSearchParams => new URLSearchParams(body);
const asksForArchived = (call: Call): boolean =>
  form(call).get('archive') === 'true' || (form(call).get('biz') ?? '').includes('"archive":true');
/** A gateway whose archive is empty. */
function serve(reply: (call: Call, index: number) => Reply | Promise<Reply>): Promise<Gateway> {
  let count = 0;
  return startGateway((call) => {
    if (!asksForArchived(call)) return reply(call, count++);
    return form(call).has('biz') ? openPage([], 0) : qimenPage([], 0, 1);
  });
}
const row = (io_id: string, modified = '2026-11-23 10:00:00', more: object = {}): object => ({
  io_id,
  modified,
  ts: 1,
  status: 'Confirmed',
  shop_id: 1,
  shop_name: 's',
  io_date: '2026-11-23 10:00:00',
  items: [{ sku_id: 'A', qty: 1, sale_amount: '1.10' }],
  ...more,
});
/** Ids as bare numbers on the wire, however long. */
const wire = (value: object): string => JSON.stringify(value).replace(/"io_id":"(\d+)"/g, '"io_id":$1');
const qimenPage = (rows: object[], total: number, page: number, size = 2): string =>
  wire({ response: { flag: 'success', code: 0, data_count: total, has_next: page * size < total, datas: rows } });
const openPage = (rows: object[], total: number): string =>
  wire({ code: 0, msg: '执行成功', data: { data_count: total, has_next: false, datas: rows } });
const refusal = (code: number, message: string, more: object = {}): string =>
  JSON.stringify({ response: { flag: 'failure', code, message, ...more } });

async function readAll(source: Source, query = window): Promise<SourceOrder[]> {
  const orders: SourceOrder[] = [];
  let cursor: string | null = null;
  do {
    const page = await source.page(query, cursor);
    orders.push(...page.orders);
    cursor = page.next;
  } while (cursor !== null);
  return orders;
}

describe('what is asked', () => {
  test.each(['md5', 'hmac', 'hmac-sha256'] as const)(
    'Qimen signed by %s, window inclusive to the second',
    async (method) => {
      gateway = await serve(() => qimenPage([], 0, 1));
      await readAll(connect([qimen(method)]));
      const asked = Object.fromEntries(form(gateway.calls[0] as Call));
      expect(asked).toMatchObject({
        method: 'jushuitan.saleout.list.query',
        sign_method: method,
        start_time: '2026-11-23 00:00:00',
        end_time: '2026-11-23 23:59:59',
        date_type: '2',
        format: 'json',
      });
      expect(asked.sign).toMatch(method === 'hmac-sha256' ? /^[0-9A-F]{64}$/ : /^[0-9A-F]{32}$/);
    },
  );

  test('order numbers are asked for as all three kinds, with every digit', async () => {
    gateway = await serve(() => qimenPage([], 0, 1));
    await readAll(connect([qimen()]), { ...window, numbers: ['900719925474099312'] });
    const asked = gateway.calls.filter((call) => !asksForArchived(call)).map(form);
    expect(asked.map((one) => [one.get('so_ids'), one.get('io_ids'), one.get('o_ids')])).toEqual([
      ['900719925474099312', null, null],
      [null, '[900719925474099312]', null],
      [null, null, '[900719925474099312]'],
    ]);
  });
});

describe('rows', () => {
  test('ids beyond 2^53 and amounts keep every digit; names and phones are not kept', async () => {
    gateway = await serve(() =>
      qimenPage(
        [row('9007199254740993', undefined, { receiver_name: '甲', receiver_mobile: '138', buyer_id: 'b' })],
        1,
        1,
      ),
    );
    const [order] = await readAll(connect([qimen()]));
    expect(order?.key).toBe('9007199254740993');
    expect(order?.raw.items[0]?.amount).toBe('1.10');
    expect(JSON.stringify(order)).not.toMatch(/甲|138|"b"/);
  });

  test('a note with a raw control character is still JSON', async () => {
    gateway = await serve(() => qimenPage([row('1', undefined, { remark: 'x' })], 1, 1).replace('"x"', '"a\u0002b"'));
    expect(await readAll(connect([qimen()]))).toHaveLength(1);
  });

  test('a row that moves to the end while pages are read is not lost', async () => {
    const pages = [
      ['1', '2'],
      ['4', '1'],
      ['2', '3'],
      ['4', '1'],
    ];
    gateway = await serve((_call, index) => {
      const ids = pages[index] ?? [];
      return qimenPage(
        ids.map((id) => row(id)),
        4,
        (index % 2) + 1,
      );
    });
    const orders = await readAll(connect([qimen()]));
    expect([...new Set(orders.map(({ key }) => key))].sort()).toEqual(['1', '2', '3', '4']);
    expect(gateway.calls.filter((call) => !asksForArchived(call))).toHaveLength(4); // one pass that did not add up, one that did
  });

  test('rows that never stand still end in an error instead of a gap', async () => {
    gateway = await serve((call, index) => {
      const page = Number(form(call).get('page_index'));
      return qimenPage([row(String(index))], 3, page, 1);
    });
    await expect(readAll(connect([qimen()]), { ...window, pageSize: 1 })).resolves.toHaveLength(3);
    await gateway.close();
    gateway = await serve((call) => qimenPage([row('7')], 3, Number(form(call).get('page_index')), 1));
    await expect(readAll(connect([qimen()]), { ...window, pageSize: 1 })).rejects.toMatchObject({
      code: 'jushuitan.moving',
    });
  });

  test('both routes are read', async () => {
    gateway = await serve((call) =>
      call.path === '/router/qm'
        ? qimenPage([row('1', '2026-11-23 10:00:00')], 1, 1)
        : openPage([row('1', '2026-11-23 11:00:00'), row('2')], 2),
    );
    const orders = await readAll(connect([qimen(), open()]));
    expect(orders.map(({ key, modified }) => [key, modified.slice(11, 13)])).toEqual([
      ['1', '10'],
      ['1', '11'],
      ['2', '10'],
    ]);
  });
});

describe('refusals', () => {
  test.each([
    [
      '7 of the gateway',
      refusal(7, 'App Call Limited', { sub_message: 'This ban will last for 3 more seconds' }),
      4000,
    ],
    ['7 in the other wrapper', JSON.stringify({ error_response: { code: 7, msg: 'App Call Limited' } }), 1100],
  ])('%s is waited out', async (_what, answer, wait) => {
    gateway = await serve((_call, index): Reply => (index === 0 ? answer : qimenPage([row('1')], 1, 1)));
    expect(await readAll(connect([qimen()]))).toHaveLength(1);
    expect(penalties).toEqual([wait]);
  });

  test.each([
    [199, 1100],
    [200, 15_000],
  ])('%i of the open platform is waited out', async (code, wait) => {
    gateway = await serve(
      (_call, index): Reply =>
        index === 0 ? JSON.stringify({ code, msg: '调用太频繁', data: null }) : openPage([row('1')], 1),
    );
    expect(await readAll(connect([open()]))).toHaveLength(1);
    expect(penalties).toEqual([wait]);
  });

  test.each([
    ['a wrong signature', refusal(25, 'Invalid signature'), 'jushuitan.signature', 'auth'],
    ['a wrong argument', refusal(41, 'Invalid arguments'), 'jushuitan.refused', 'config'],
    ['no permission', refusal(11, 'Insufficient ISV Permissions'), 'jushuitan.permission', 'auth'],
  ])('%s is not tried again', async (_what, answer, code, kind) => {
    gateway = await serve(() => answer);
    await expect(readAll(connect([qimen()]))).rejects.toMatchObject({ code, kind });
    expect(gateway.calls).toHaveLength(1);
  });

  test.each([
    ['a cut line', null],
    ['502', { status: 502, body: '<html>' }],
    ['half a body', '{"response":{"datas":['],
    ['a system that is away', refusal(10, 'Service Currently Unavailable')],
  ] as [string, Reply][])('%s is asked again', async (_what, answer) => {
    gateway = await serve((_call, index): Reply => (index === 0 ? answer : qimenPage([row('1')], 1, 1)));
    expect(await readAll(connect([qimen()]))).toHaveLength(1);
    expect(waits).toHaveLength(1);
  });
});

describe('tokens of the open platform', () => {
  test('an expired one is renewed once for all who found it so, and kept', async () => {
    const refreshed: (string | null)[] = [];
    gateway = await serve((call): Reply => {
      if (call.path === '/openWeb/auth/refreshToken') {
        refreshed.push(form(call).get('refresh_token'));
        return '{"code":0,"data":{"access_token":"fresh","refresh_token":"r2","expires_in":2592000}}';
      }
      return form(call).get('access_token') === 'fresh'
        ? openPage([row('1')], 1)
        : '{"code":100,"msg":"无效的access_token或已过期","data":null}';
    });
    const tokens = tokenStore();
    const source = connect([open()], tokens);
    await Promise.all([readAll(source), readAll(source), readAll(source)]);
    expect(refreshed).toEqual(['r1']);
    expect(tokens.token).toMatchObject({ accessToken: 'fresh', refreshToken: 'r2' });
  });

  test('a token that is refused even when it is new is an error, not a loop', async () => {
    gateway = await serve(
      (call): Reply =>
        call.path.startsWith('/openWeb')
          ? '{"code":0,"data":{"access_token":"x","refresh_token":"r","expires_in":100}}'
          : '{"code":100,"msg":"无效的access_token或已过期","data":null}',
    );
    await expect(readAll(connect([open()]))).rejects.toMatchObject({ code: 'jushuitan.token', kind: 'auth' });
    expect(gateway.calls).toHaveLength(3);
  });

  test('without any token one is asked for with the app’s own keys', async () => {
    gateway = await serve(
      (call): Reply =>
        call.path === '/openWeb/auth/getInitToken'
          ? '{"code":0,"data":{"access_token":"first","refresh_token":"r","expires_in":100}}'
          : form(call).get('access_token') === 'first'
            ? openPage([row('1')], 1)
            : '{"code":100,"msg":"x"}',
    );
    const { accessToken: _a, refreshToken: _r, ...bare } = open();
    expect(await readAll(connect([bare]))).toHaveLength(1);
  });
});

describe('following changes by rowversion', () => {
  test('from the greatest ts on, each order in its newest version, until nothing is newer', async () => {
    gateway = await serve((call) => {
      const from = BigInt(form(call).get('start_ts') ?? '0');
      const rows = [
        row('1', '2026-11-23 10:00:00', { ts: 5 }),
        row('1', '2026-11-23 11:00:00', { ts: 9 }),
        row('2', undefined, { ts: 7 }),
      ];
      return qimenPage(
        rows.filter((one) => BigInt((one as { ts: number }).ts) >= from),
        0,
        1,
      );
    });
    const source = connect([qimen()]);
    const first = await source.changes('qimen', '5', { params: {}, pageSize: 50 });
    expect(first.orders.map(({ key, ts }) => [key, ts])).toEqual([
      ['1', '9'],
      ['2', '7'],
    ]);
    expect(first.maxTs).toBe('9');
    expect(await source.changes('qimen', '9', { params: {}, pageSize: 50 })).toMatchObject({ orders: [], more: false });
  });
});
