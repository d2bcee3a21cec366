import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openAccount } from '../../src/connectors/kingdee/account.ts';
import { Client } from '../../src/connectors/kingdee/client.ts';
import { salOutstock } from '../../src/connectors/kingdee/forms/sal-outstock.ts';
import { nearFilter } from '../../src/connectors/kingdee/near.ts';
import { Session } from '../../src/connectors/kingdee/session.ts';
import { createKingdeeTarget } from '../../src/connectors/kingdee/target.ts';
import { AppError } from '../../src/errors.ts';
import { type KingdeeSandbox, startKingdee } from '../../src/sandbox/kingdee/server.ts';
import type { Target, TargetBill } from '../../src/sync/connector.ts';

const dir = mkdtempSync(join(tmpdir(), 'xiaoqing-'));
const now = (): Date => new Date('2026-11-24T15:00:00+08:00');
let kingdee: KingdeeSandbox;
let target: Target;
beforeAll(async () => {
  kingdee = await startKingdee({ dir, port: 0, now });
  const account = openAccount(
    { ...kingdee.account, baseUrl: kingdee.url, auth: 'login-sign', lcid: 2052, orgNum: '100' },
    { now, sleep: async () => undefined, timeoutMs: 2000 },
  );
  target = createKingdeeTarget(account, { form: salOutstock, options: {}, unit: 'Pcs' });
  for (const [code, name] of [
    ['A1093', '保温杯'],
    ['A-1093-01', '保温杯 蓝'],
    ['A-1039', '茶托'],
    ['A-7700', '果盘'],
    ['X%1', '一_成[新]'],
    ['ZZ-9', '新品冷泡杯'],
  ])
    await byHand('materials', { code, name });
});
afterAll(async () => {
  await kingdee.close();
  rmSync(dir, { recursive: true, force: true });
});
const byHand = (path: string, given: object) =>
  fetch(`${kingdee.origin}/sandbox/${path}`, { method: 'POST', body: JSON.stringify(given) });
const fault = (...faults: object[]) =>
  fetch(`${kingdee.origin}/faults`, { method: 'POST', body: JSON.stringify(faults) });
const billOf = (materials: readonly (readonly [code: string, quantity: number])[], more: object = {}): TargetBill => ({
  number: 'N1',
  model: {
    FBillNo: 'N1',
    FBillTypeID: { FNumber: 'XSCKD01_SYS' },
    FDate: '2026-11-23',
    FSaleOrgId: { FNumber: '100' },
    FStockOrgId: { FNumber: '100' },
    FCustomerID: { FNumber: 'CUST0001' },
    SubHeadEntity: { FSettleOrgID: { FNumber: '100' }, FSettleCurrID: { FNumber: 'PRE001' } },
    FEntity: materials.map(([code, FRealQty]) => ({
      FMaterialID: { FNumber: code },
      FStockID: { FNumber: 'CK001' },
      FRealQty,
      FTaxPrice: 1,
    })),
    ...more,
  },
});

describe('what a code may have been meant to be', () => {
  test.each([
    ['A-1093', undefined, ['A1093', 'A-1093-01', 'A-1039']],
    ['A-1093', '新品冷泡杯', ['A1093', 'A-1093-01', 'ZZ-9']],
    ['B-20', undefined, []],
    ['QQ', '一_成[新]', ['X%1']],
    ['QQ', '一x成[新]', []],
    ['---', undefined, []],
  ])('%s (%s): %j', async (code, name, found) => {
    const near = await target.near('material', code, name);
    expect(near.map((datum) => datum.code)).toEqual(found);
  });

  test('signs of the filter language in a name mean themselves', () => {
    expect(nearFilter('A1', "50%_[o'clock")).toBe("FNumber like 'A%1%' or FName like '50[%][_][[]o''clock%'");
  });
});

describe('a search by code or a part of the name', () => {
  test.each([
    ['material', 'a-10', ['A-1039', 'A-1093-01', 'QH-TEA-100']],
    ['material', '保温', ['A-1093-01', 'A1093']],
    ['material', 'A1093', ['A1093']],
    ['material', 'x%', ['X%1']],
    ['material', "it's or like it", []],
    ['stock', '', ['CK001', 'CK002', 'CK003']],
    ['supplier', '', ['SUP001', 'SUP002']],
    ['organization', '西南', ['101']],
  ] as const)('%s %j: %j', async (kind, text, codes) => {
    const { data, count, atLeast } = await target.search(kind, text, 20);
    expect(data.map(({ code }) => code)).toEqual(codes);
    expect([count, atLeast]).toEqual([codes.length, false]);
  });

  test('its own code comes first, and only so many of them', async () => {
    for (const code of ['B', 'AB', 'B-2']) await byHand('warehouses', { code });
    const { data, count } = await target.search('stock', 'b', 2);
    expect([data.map(({ code }) => code), count]).toEqual([['B', 'AB'], 3]);
  });

  test('says what is forbidden, not audited, or not of an organisation', async () => {
    await byHand('customers', { code: 'S-1', forbidden: true });
    await byHand('customers', { code: 'S-2', status: 'A', organizations: ['101'] });
    const { data } = await target.search('customer', 'S-', 20);
    expect(data).toMatchObject([
      { code: 'S-1', disabled: true, unaudited: false, organizations: ['100', '101'] },
      { code: 'S-2', disabled: false, unaudited: true, organizations: ['101'] },
    ]);
  });
});

describe('the make-believe 金蝶 is as strict as the real one', () => {
  const query = async (asked: object) => {
    const client = new Client(
      new Session(
        { ...kingdee.account, baseUrl: kingdee.url, auth: 'login-sign', lcid: 2052, orgNum: '100' },
        2000,
        now,
      ),
      async () => undefined,
    );
    return await client.query({ FormId: 'BD_STOCK', FieldKeys: 'FNumber', FilterString: '', ...asked });
  };
  test.each([
    [{ FieldKeys: 'FNumber,FNoSuch' }],
    [{ FilterString: "FNoSuch = '1'" }],
    [{ OrderString: 'FNoSuch' }],
    [{ FormId: 'BD_NOSUCH' }],
  ])(
    'refuses %j',
    async (asked) =>
      await expect(query(asked)).rejects.toMatchObject({ code: 'kingdee.refused', params: { code: '9' } }),
  );

  test.each([
    ["FUseOrgId.FNumber = '100' and (FNumber = 'CK001' or FNumber = 'CK003')", ['CK001', 'CK003']],
    ["FUseOrgId.FNumber = '100' and FNumber <> 'CK001' and FNumber like 'CK%'", ['CK002', 'CK003']],
    ["FNumber = 'a or FNumber like b'", []],
    ['FNumber is nonsense', []],
  ])('%s: %j', async (filter, codes) => {
    const rows = await query({ FilterString: filter, OrderString: 'FNumber' });
    expect(rows.map(([code]) => code)).toEqual(codes);
  });

  test('orders, and holds its upper bound of rows', async () => {
    const rows = await query({
      FilterString: "FNumber like 'CK%' and FUseOrgId.FNumber = '100'",
      OrderString: 'FNumber DESC',
      TopRowCount: 2,
    });
    expect(rows).toEqual([['CK003'], ['CK002']]);
  });

  test('takes no base data that are forbidden or not audited', async () => {
    for (const [code, more] of [
      ['F-1', { forbidden: true }],
      ['F-2', { status: 'A' }],
    ] as const) {
      await byHand('materials', { code, ...more });
      const [saved] = await target.save([billOf([[code, 1]])]);
      expect(saved).toMatchObject({ ok: false });
    }
  });
});

test('what a bill names that is not there, or not for its organisation', async () => {
  const bills = [
    billOf([['QH-TEA-100', 1]]),
    billOf(
      [
        ['A-0', 1],
        ['QH-VIP-88', 1],
      ],
      { FCustomerID: { FNumber: 'C-0' } },
    ),
  ];
  expect(await target.missing(bills)).toEqual([
    [],
    [
      { kind: 'customer', code: 'C-0', why: 'absent' },
      { kind: 'material', code: 'A-0', why: 'absent' },
      { kind: 'material', code: 'QH-VIP-88', why: 'not_allocated' },
    ],
  ]);
});

describe('what is short', () => {
  const refused = new AppError('kingdee.negative_stock', 'data', { category: 'negative_stock' });

  test('by material and stock, summed over the lines', async () => {
    await byHand('stock', { code: 'QH-LTD-66', quantity: 1, stock: 'CK001' });
    const { category, subjects, message } = await target.explain(
      billOf([
        ['QH-LTD-66', 2],
        ['QH-LTD-66', 1],
        ['QH-TEA-100', 9],
      ]),
      refused,
    );
    expect([category, subjects]).toEqual(['negative_stock', ['QH-LTD-66']]);
    expect(message).toContain('QH-LTD-66 在仓库 CK001 杭州主仓 缺 2（要 3，有 1）');
  });

  test('where the stock may not be read: what is needed, and who knows the rest', async () => {
    await fault({ kind: 'no_permission', count: 1, path: 'ExecuteBillQuery' });
    const { message } = await target.explain(billOf([['QH-LTD-66', 2]]), refused);
    expect(message).toContain('QH-LTD-66 在仓库 CK001 杭州主仓 要 2，库存数以金蝶为准');
  });

  test('where it cannot be asked now, the cause stays as it was', async () => {
    await fault({ kind: 'error_5xx', count: 9, path: 'ExecuteBillQuery' });
    expect(await target.explain(billOf([['QH-LTD-66', 2]]), refused)).toBe(refused);
    await fault();
  });
});

describe('a closed period', () => {
  const bill = billOf([['QH-TEA-100', 1]]);
  const ref = { id: '', number: bill.number };

  test('names the bill’s day and the closing day, at the audit and at the save', async () => {
    expect((await target.save([bill]))[0]).toMatchObject({ ok: true });
    await target.submit([ref]);
    await byHand('closed', { day: '2026-11-23' });
    const closed = {
      ok: false,
      error: { code: 'kingdee.closed_until', params: { closed: '2026-11-23' }, subjects: ['2026-11-23'] },
    };
    expect((await target.audit([ref]))[0]).toMatchObject(closed);
    const other = { number: 'N2', model: { ...bill.model, FBillNo: 'N2' } };
    expect((await target.save([other]))[0]).toMatchObject(closed);
  });

  test('a submission is taken back, and only then can the bill be removed', async () => {
    expect((await target.remove([ref]))[0]).toMatchObject({ ok: false });
    expect((await target.unsubmit([ref]))[0]).toMatchObject({ ok: true });
    expect((await target.find([ref.number])).get(ref.number)).toMatchObject({ state: 'draft', day: '2026-11-23' });
    expect((await target.remove([ref]))[0]).toMatchObject({ ok: true });
  });
});

test.each([
  ['no_permission', 'permission', 'auth'],
  ['busy', 'rate_limited', 'rate_limited'],
])('%s is told apart', async (kind, category, errorKind) => {
  await fault({ kind, count: 4, path: 'Submit' });
  const [result] = await target.submit([{ id: '', number: 'N' }]);
  expect(result).toMatchObject({ ok: false, error: { category, kind: errorKind } });
  await fault();
});
