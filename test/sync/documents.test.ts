import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Config } from '../../src/config.ts';
import { streams } from '../../src/connectors/jushuitan/streams/index.ts';
import { forms } from '../../src/connectors/kingdee/forms/index.ts';
import { compilePipelines, connectPipelines } from '../../src/erp.ts';
import { stringifyExact } from '../../src/json.ts';
import { projectRoot } from '../../src/root.ts';
import type { SourceOrder } from '../../src/sync/connector.ts';
import { contentOf } from '../../src/sync/content.ts';
import { compileMapping } from '../../src/sync/mapping.ts';
import { loadMaps } from '../../src/sync/maps.ts';
import { parsePipeline } from '../../src/sync/pipeline.ts';

const folder = join(projectRoot, 'pipelines');
const maps = loadMaps(join(folder, 'maps'));
type Row = Record<string, unknown>;

/** A shipped pipeline, with texts of its file put in another's place. */
function kindOf(id: string, ...changes: [string, string][]) {
  const shipped = readFileSync(join(folder, `jushuitan-${id}-to-kingdee.yaml`), 'utf8');
  const text = changes.reduce((file, [from, to]) => {
    if (!file.includes(from)) throw new Error(from);
    return file.replace(from, to);
  }, shipped);
  const pipeline = parsePipeline(text, 'test.yaml');
  const stream = streams.get(pipeline.source.api);
  const form = forms.get(pipeline.target.form);
  if (!stream?.open || !form) throw new Error(id);
  const { record } = stream.open;
  const mapping = compileMapping(pipeline, stream.catalogue, form, maps);
  const orderOf = (row: Row): SourceOrder => {
    const [order] = stream.halves?.join([record(row)]) ?? [record(row)];
    if (!order) throw new Error('it is no document');
    return order;
  };
  return {
    pipeline,
    orderOf,
    mapping,
    billOf: (row: Row) =>
      JSON.parse(stringifyExact(mapping.apply(orderOf(row)).bill)) as { number: string; model: Row },
    isOurs: (row: Row) => mapping.precondition(orderOf(row)),
  };
}

const base = (FNumber: string) => ({ FNumber });
const head = {
  io_id: 71,
  status: 'Confirmed',
  io_date: '2026-11-22 10:00:00',
  modified: '2026-11-22 10:00:01',
  wms_co_id: 20001,
  wh_id: 1,
  so_id: '',
  remark: '',
};
const owner = (type: string, id: string) => ({ [type]: 'BD_OwnerOrg', [id]: base('100') });

describe('其他入库', () => {
  const row = {
    ...head,
    type: '其它进仓',
    drop_co_name: '样品归还',
    remark: '展会带回',
    items: [
      { ioi_id: 1, sku_id: 'A', qty: 3, cost_price: 7.0411, cost_amount: 21.12, sale_price: 9, sale_amount: 27 },
      { ioi_id: 2, sku_id: 'B', qty: 4, cost_price: 2.5, cost_amount: 0, batch_id: 'L1', product_date: '2026-11-01' },
      { ioi_id: 3, sku_id: 'C', qty: 0, cost_price: 1, cost_amount: 0 },
    ],
  };

  test('is billed at what it cost', () => {
    const line = {
      FSTOCKID: base('CK001'),
      FSTOCKSTATUSID: base('KCZT01_SYS'),
      ...owner('FOWNERTYPEID', 'FOWNERID'),
      FKEEPERTYPEID: 'BD_KeeperOrg',
      FKEEPERID: base('100'),
    };
    expect(kindOf('other-in').billOf(row)).toEqual({
      number: 'JQR71',
      model: {
        FBillTypeID: base('QTRKD01_SYS'),
        FBillNo: 'JQR71',
        FDate: '2026-11-22',
        FStockOrgId: base('100'),
        FStockDirect: 'GENERAL',
        FDEPTID: base('BM001'),
        ...owner('FOwnerTypeIdHead', 'FOwnerIdHead'),
        FBaseCurrId: base('PRE001'),
        FNOTE: '展会带回',
        FEntity: [
          { ...line, FMATERIALID: base('A'), FQty: 3, FPrice: 7.04, FEntryNote: '1' },
          {
            ...line,
            FMATERIALID: base('B'),
            FQty: 4,
            FPrice: 2.5,
            FEntryNote: '2',
            FLOT: base('L1'),
            FPRODUCEDATE: '2026-11-01',
          },
        ],
      },
    });
    const { mapping, orderOf } = kindOf('other-in');
    expect(mapping.apply(orderOf(row)).amount.toFixed(2)).toBe('31.12');
  });

  test('without a cost it is refused, or costs nothing where the file says so', () => {
    const unpriced = { ...row, items: [{ sku_id: 'A', qty: 3, cost_price: 0, cost_amount: 0, sale_amount: 27 }] };
    expect(() => kindOf('other-in').billOf(unpriced)).toThrow(
      expect.objectContaining({ code: 'mapping.unpriced', category: 'source_data', subjects: ['A'] }),
    );
    const free = kindOf('other-in', ['unpriced: refuse', 'unpriced: zero']).billOf(unpriced);
    expect(free.model.FEntity).toMatchObject([{ FQty: 3, FPrice: 0 }]);
  });

  test.each<[string, Row, boolean]>([
    ['came in', {}, true],
    ['came back', { type: '其它退货' }, true],
    ['went out', { type: '其它出库' }, false],
    ['waits', { status: 'WaitConfirm' }, false],
    ['moved nothing', { items: [{ sku_id: 'A', qty: 0 }] }, false],
    ['was put in from outside', { so_id: 'W1' }, false],
    ['has its own number for one of outside', { so_id: '71' }, true],
  ])('one that %s %j: ours is %s', (_what, other, ours) => {
    expect(kindOf('other-in').isOurs({ ...row, ...other })).toBe(ours);
  });

  test('names the kind of movement that no department belongs to', () => {
    expect(() => kindOf('other-in').billOf({ ...row, drop_co_name: '盘库' })).toThrow(
      expect.objectContaining({ code: 'mapping.no_map_entry', category: 'value_map_missing', subjects: ['盘库'] }),
    );
  });
});

test('其他出库 is billed by quantity, from the zone it went out of', () => {
  const { billOf, mapping, orderOf } = kindOf('other-out');
  const row = {
    ...head,
    type: '其它出库',
    drop_co_name: '市场领用',
    wh_id: 4,
    items: [{ ioi_id: 1, sku_id: 'A', qty: 3, cost_price: 7, cost_amount: 21, sale_amount: 27 }],
  };
  expect(billOf(row)).toEqual({
    number: 'JQC71',
    model: {
      FBillTypeID: base('QTCKD01_SYS'),
      FBillNo: 'JQC71',
      FDate: '2026-11-22',
      FStockOrgId: base('100'),
      FPickOrgId: base('100'),
      FStockDirect: 'GENERAL',
      FDeptId: base('BM002'),
      ...owner('FOwnerTypeIdHead', 'FOwnerIdHead'),
      FBaseCurrId: base('PRE001'),
      FEntity: [
        {
          FMaterialId: base('A'),
          FQty: 3,
          FStockId: base('CK001'),
          FStockStatusId: base('KCZT08_SYS'),
          FEntryNote: '1',
          ...owner('FOwnerTypeId', 'FOwnerId'),
          FKeeperTypeId: 'BD_KeeperOrg',
          FKeeperId: base('100'),
        },
      ],
    },
  });
  const { amount, party } = mapping.apply(orderOf(row));
  expect([amount.toFixed(), party]).toEqual(['0', null]);
});

describe('盘点', () => {
  const row = {
    ...head,
    type: '盘点',
    items: [
      { sku_id: 'A', qty: 5, r_qty: 35 },
      { sku_id: 'B', qty: -2, r_qty: 28 },
      { sku_id: 'C', qty: 0, r_qty: 30 },
      { sku_id: 'D', qty: '-1.5', r_qty: 1 },
    ],
  };
  test('is a gain of what was more and a loss of what was less, both above zero', () => {
    const gain = kindOf('count-gain').billOf(row);
    expect(gain).toMatchObject({ number: 'JPY71', model: { FDEPTID: base('BM001') } });
    expect(gain.model.FEntity).toMatchObject([{ FMATERIALID: base('A'), FQty: 5 }]);
    expect(gain.model.FEntity).not.toMatchObject([{ FPrice: expect.anything() }]);
    const loss = kindOf('count-loss').billOf(row);
    expect(loss).toMatchObject({ number: 'JPK71', model: { FDeptId: base('BM001') } });
    expect(loss.model.FEntity).toMatchObject([
      { FMaterialId: base('B'), FQty: 2 },
      { FMaterialId: base('D'), FQty: 1.5 },
    ]);
  });

  test.each([
    [[5, -2], true, true],
    [[5], true, false],
    [[-2], false, true],
    [[0], false, false],
    [[], false, false],
  ])('of %j is a gain: %s, a loss: %s', (quantities, gain, loss) => {
    const counted = { ...row, items: quantities.map((qty) => ({ sku_id: 'A', qty })) };
    expect([kindOf('count-gain').isOurs(counted), kindOf('count-loss').isOurs(counted)]).toEqual([gain, loss]);
  });

  test('a quantity that cannot be read is refused, not left out', () => {
    const { isOurs, billOf } = kindOf('count-gain');
    const counted = { ...row, items: [{ sku_id: 'A', qty: '多' }] };
    expect(isOurs(counted)).toBe(true);
    expect(() => billOf(counted)).toThrow(expect.objectContaining({ code: 'mapping.unreadable' }));
  });
});

describe('采购入库', () => {
  const row = {
    ...head,
    supplier_id: 30002,
    tax_rate: 9,
    items: [
      { sku_id: 'A', qty: 3, cost_price: 33.3333, cost_amount: 100, tax_rate: 6, batch_no: 'L1' },
      { sku_id: 'B', qty: 2, cost_price: 1.25, cost_amount: 2.5, remark: '补货' },
    ],
  };
  const line = {
    FRowType: 'Standard',
    FWWInType: 'QLI',
    FGiveAway: false,
    FStockId: base('CK001'),
    FStockStatusId: base('KCZT01_SYS'),
    ...owner('FOWNERTYPEID', 'FOWNERID'),
  };
  const all = (qty: number) => ({
    FRealQty: qty,
    FPriceUnitQty: qty,
    FRemainInStockQty: qty,
    FAPNotJoinQty: qty,
    FPriceBaseQty: qty,
  });

  test('is billed at its cost, tax included, settlement first', () => {
    const { number, model } = kindOf('purchase-in').billOf(row);
    const supplier = base('SUP002');
    expect(number).toBe('JCR71');
    expect(model).toEqual({
      FBillTypeID: base('RKD01_SYS'),
      FBusinessType: 'CG',
      FBillNo: 'JCR71',
      FDate: '2026-11-22',
      FStockOrgId: base('100'),
      FPurchaseOrgId: base('100'),
      FDemandOrgId: base('100'),
      FSupplierId: supplier,
      FSupplyId: supplier,
      FSettleId: supplier,
      FChargeId: supplier,
      ...owner('FOwnerTypeIdHead', 'FOwnerIdHead'),
      FInStockFin: {
        FSettleOrgId: base('100'),
        FSettleCurrId: base('PRE001'),
        FIsIncludedTax: true,
        FISPRICEEXCLUDETAX: true,
        FPriceTimePoint: '1',
        FExchangeRate: 1,
      },
      FInStockEntry: [
        {
          ...line,
          ...all(3),
          FMaterialId: base('A'),
          FTaxPrice: 33.333333,
          FEntryTaxRate: 6,
          FLot: base('L1'),
        },
        { ...line, ...all(2), FMaterialId: base('B'), FTaxPrice: 1.25, FEntryTaxRate: 9, FNote: '补货' },
      ],
    });
    const names = Object.keys(model);
    expect(names.indexOf('FInStockFin')).toBeLessThan(names.indexOf('FInStockEntry'));
  });

  test('what cost nothing is a gift where the file says so, and the tax is the usual one where nobody says', () => {
    const free = { ...row, tax_rate: null, items: [{ sku_id: 'A', qty: 1, cost_price: 0 }] };
    const { model } = kindOf('purchase-in', ['unpriced: refuse', 'unpriced: zero']).billOf(free);
    expect(model.FInStockEntry).toMatchObject([{ FTaxPrice: 0, FGiveAway: true, FEntryTaxRate: 13 }]);
  });

  test('is another one once its supplier is another', () => {
    const { pipeline, mapping, orderOf } = kindOf('purchase-in');
    const content = (supplier_id: number) => contentOf(orderOf({ ...row, supplier_id }), pipeline, mapping.decidedBy);
    expect(content(30001)).not.toBe(content(30002));
    expect(mapping.apply(orderOf(row)).party).toBe('SUP002');
  });
});

test('采购退料 is billed at its cost, tax included, settlement first', () => {
  const supplier = base('SUP001');
  const { number, model } = kindOf('purchase-return').billOf({
    ...head,
    wms_co_id: '20002',
    wh_id: 4,
    seller_id: 30001,
    remark: '次品退厂',
    items: [{ sku_id: 'A', qty: 2, cost_price: 7.5, cost_amount: 15, tax_rate: 13 }],
  });
  expect(number).toBe('JCT71');
  expect(model).toEqual({
    FBillTypeID: base('TLD01_SYS'),
    FBillNo: 'JCT71',
    FDate: '2026-11-22',
    FMRTYPE: 'B',
    FMRMODE: 'A',
    FStockOrgId: base('100'),
    FRequireOrgId: base('100'),
    FPurchaseOrgId: base('100'),
    FSupplierID: supplier,
    FACCEPTORID: supplier,
    FSettleId: supplier,
    FCHARGEID: supplier,
    FACCTYPE: 'Q',
    ...owner('FOwnerTypeIdHead', 'FOwnerIdHead'),
    FDESCRIPTION: '次品退厂',
    FPURMRBFIN: {
      FSettleOrgId: base('100'),
      FSettleCurrId: base('PRE001'),
      FIsIncludedTax: true,
      FISPRICEEXCLUDETAX: true,
      FPRICETIMEPOINT: '1',
      FEXCHANGERATE: 1,
    },
    FPURMRBENTRY: [
      {
        FRowType: 'Standard',
        FMATERIALID: base('A'),
        FRMREALQTY: 2,
        FKEAPAMTQTY: 2,
        FCarryQty: 2,
        FTAXPRICE: 7.5,
        FENTRYTAXRATE: 13,
        FSTOCKID: base('CK002'),
        FStockStatusId: base('KCZT08_SYS'),
        ...owner('FOWNERTYPEID', 'FOWNERID'),
      },
    ],
  });
  const names = Object.keys(model);
  expect(names.indexOf('FPURMRBFIN')).toBeLessThan(names.indexOf('FPURMRBENTRY'));
});

describe('调拨', () => {
  const row = {
    ...head,
    type: '调拨出',
    link_io_id: 72,
    link_wms_co_id: 20003,
    link_wh_id: 1,
    items: [{ ioi_id: 1, sku_id: 'A', qty: 5, r_qty: 5 }],
  };
  const kind = kindOf('transfer');
  const arrived = (order: SourceOrder): SourceOrder => {
    const { waitsFor: _, ...here } = order;
    return here;
  };

  test('goes from the one warehouse to the other', () => {
    const { bill } = kind.mapping.apply(arrived(kind.orderOf(row)));
    expect(JSON.parse(stringifyExact(bill))).toEqual({
      number: 'JDB71',
      model: {
        FBillTypeID: base('ZJDB01_SYS'),
        FBizType: 'NORMAL',
        FTransferDirect: 'GENERAL',
        FTransferBizType: 'InnerOrgTransfer',
        FBillNo: 'JDB71',
        FDate: '2026-11-22',
        FStockOutOrgId: base('100'),
        FStockOrgId: base('101'),
        FOwnerTypeOutIdHead: 'BD_OwnerOrg',
        FOwnerOutIdHead: base('100'),
        FOwnerTypeIdHead: 'BD_OwnerOrg',
        FOwnerIdHead: base('101'),
        FBillEntry: [
          {
            FRowType: 'Standard',
            FMaterialId: base('A'),
            FDestMaterialId: base('A'),
            FQty: 5,
            FSrcStockId: base('CK001'),
            FDestStockId: base('CK003'),
            FSrcStockStatusId: base('KCZT01_SYS'),
            FDestStockStatusId: base('KCZT01_SYS'),
            FBusinessDate: '2026-11-22',
            FOwnerTypeOutId: 'BD_OwnerOrg',
            FOwnerOutId: base('100'),
            FOwnerTypeId: 'BD_OwnerOrg',
            FOwnerId: base('101'),
            FKeeperTypeOutId: 'BD_KeeperOrg',
            FKeeperOutId: base('100'),
            FKeeperTypeId: 'BD_KeeperOrg',
            FKeeperId: base('101'),
            FNoteEntry: '1',
          },
        ],
      },
    });
  });

  test('waits for its other half, and says for which', () => {
    expect(kind.isOurs(row)).toBe(true);
    expect(() => kind.billOf(row)).toThrow(
      expect.objectContaining({ code: 'sync.half_missing', category: 'upstream_missing', subjects: ['72'] }),
    );
  });

  test.each([
    [20003, 1, true],
    [20001, 4, false],
    [29999, 1, true],
  ])('to warehouse %i, zone %i: ours is %s', (link_wms_co_id, link_wh_id, ours) => {
    expect(kind.isOurs({ ...row, link_wms_co_id, link_wh_id })).toBe(ours);
  });

  test('is another one once it goes elsewhere', () => {
    const content = (link_wms_co_id: number) =>
      contentOf(arrived(kind.orderOf({ ...row, link_wms_co_id })), kind.pipeline, kind.mapping.decidedBy);
    expect(content(20003)).not.toBe(content(20002));
  });
});

test.each<[string, [string, string], string]>([
  ['other-out', ['pricing: none', 'pricing: cost-lines'], 'pipeline.unpriced_form'],
  ['transfer', ['unless_same: [FBillEntry.FSrcStockId', 'unless_same: [FBillEntry.FUnitID'], 'pipeline.required'],
])('%s with %j is refused as %s', (id, change, code) => {
  expect(() => kindOf(id, change)).toThrow(expect.objectContaining({ code }));
});

test('a kind of document that no gateway of the settings has is refused at the start, not read as nothing', () => {
  const gateway = { route: 'qimen', baseUrl: 'http://127.0.0.1:9', appKey: 'k', appSecret: 's' };
  const config = { erp: { jushuitan: [gateway], kingdee: { baseUrl: gateway.baseUrl } } } as unknown as Config;
  const parts = {
    sandbox: null,
    pace: { take: async () => undefined, penalize: async () => undefined },
    tokens: { read: async () => null, renew: async () => Promise.reject(new Error('none')) },
    now: () => new Date(0),
    sleep: async () => undefined,
    onError: () => undefined,
  };
  const compiled = compilePipelines(folder, maps);
  expect([...connectPipelines(config, compiled, parts).keys()]).toEqual(['jushuitan-saleout-to-kingdee']);
  const started = compiled.map((one) => ({ ...one, pipeline: { ...one.pipeline, enabled: true } }));
  expect(() => connectPipelines(config, started, parts)).toThrow(
    expect.objectContaining({ code: 'pipeline.no_route', kind: 'config' }),
  );
});
