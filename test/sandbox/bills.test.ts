import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { base, type Row, type Wire, wireUp } from './wire.ts';

let wire: Wire;
beforeAll(async () => {
  wire = await wireUp();
});
afterAll(async () => await wire.end());

/** A bill that its form accepts, with changes of its head and of its line. */
type Draft = (number: string, head?: Row, line?: Row) => Row;

const returned: Draft = (FBillNo, head, line) => ({
  FBillTypeID: base('XSTHD01_SYS'),
  FBillNo,
  FDate: '2026-11-23',
  FSaleOrgId: base('100'),
  FRetcustId: base('CUST0003'),
  FStockOrgId: base('100'),
  FReceiveCustId: base('CUST0003'),
  FOwnerTypeIdHead: 'BD_OwnerOrg',
  SubHeadEntity: { FSettleCurrId: base('PRE001'), FSettleOrgId: base('100') },
  FEntity: [
    {
      FRowType: 'Standard',
      FMaterialId: base('QH-CUP-01'),
      FUnitID: base('Pcs'),
      FRealQty: 2,
      FSalUnitQty: 2,
      FTaxPrice: 35.9,
      FEntryTaxRate: 13,
      FReturnType: base('THLX01_SYS'),
      FStockId: base('CK001'),
      FStockstatusId: base('KCZT01_SYS'),
      ...line,
    },
  ],
  ...head,
});
const shipped: Draft = (FBillNo, head, line) => ({
  FBillTypeID: base('XSCKD01_SYS'),
  FBillNo,
  FDate: '2026-11-23',
  FSaleOrgId: base('100'),
  FStockOrgId: base('100'),
  FCustomerID: base('CUST0003'),
  SubHeadEntity: { FSettleOrgID: base('100'), FSettleCurrID: base('PRE001') },
  FEntity: [
    {
      FMaterialID: base('QH-CUP-01'),
      FUnitID: base('Pcs'),
      FRealQty: 2,
      FTaxPrice: 35.9,
      FStockID: base('CK001'),
      ...line,
    },
  ],
  ...head,
});
const org = base('100');
const owned = { FOwnerTypeIdHead: 'BD_OwnerOrg', FOwnerIdHead: org };
const bought: Draft = (FBillNo, head, line) => ({
  FBillTypeID: base('RKD01_SYS'),
  FBillNo,
  FDate: '2026-11-23',
  FStockOrgId: org,
  FPurchaseOrgId: org,
  FSupplierId: base('SUP001'),
  ...owned,
  FInStockFin: { FSettleOrgId: org, FSettleCurrId: base('PRE001'), FPriceTimePoint: '1' },
  FInStockEntry: [
    {
      FMaterialId: base('QH-CUP-01'),
      FUnitID: base('Pcs'),
      FRealQty: 2,
      FPriceUnitID: base('Pcs'),
      FRemainInStockUnitId: base('Pcs'),
      FStockId: base('CK001'),
      FOWNERTYPEID: 'BD_OwnerOrg',
      FOWNERID: org,
      FTaxPrice: 20.5,
      ...line,
    },
  ],
  ...head,
});
const sentBack: Draft = (FBillNo, head, line) => ({
  FBillTypeID: base('TLD01_SYS'),
  FBillNo,
  FDate: '2026-11-23',
  FMRTYPE: 'B',
  FMRMODE: 'A',
  FStockOrgId: org,
  FRequireOrgId: org,
  FPurchaseOrgId: org,
  FSupplierID: base('SUP001'),
  FPURMRBFIN: { FSettleOrgId: org, FSettleCurrId: base('PRE001'), FPRICETIMEPOINT: '1' },
  FPURMRBENTRY: [
    {
      FMATERIALID: base('QH-CUP-01'),
      FUnitID: base('Pcs'),
      FRMREALQTY: 2,
      FPRICEUNITID: base('Pcs'),
      FCarryUnitId: base('Pcs'),
      FSTOCKID: base('CK001'),
      FTAXPRICE: 20.5,
      ...line,
    },
  ],
  ...head,
});
const found: Draft = (FBillNo, head, line) => ({
  FBillTypeID: base('QTRKD01_SYS'),
  FBillNo,
  FDate: '2026-11-23',
  FStockOrgId: org,
  FStockDirect: 'GENERAL',
  FDEPTID: base('BM001'),
  ...owned,
  FEntity: [
    {
      FMATERIALID: base('QH-CUP-01'),
      FUnitID: base('Pcs'),
      FSTOCKID: base('CK001'),
      FSTOCKSTATUSID: base('KCZT01_SYS'),
      FQty: 2,
      FOWNERTYPEID: 'BD_OwnerOrg',
      FOWNERID: org,
      ...line,
    },
  ],
  ...head,
});
const taken: Draft = (FBillNo, head, line) => ({
  FBillTypeID: base('QTCKD01_SYS'),
  FBillNo,
  FDate: '2026-11-23',
  FStockOrgId: org,
  FPickOrgId: org,
  FStockDirect: 'GENERAL',
  FDeptId: base('BM002'),
  ...owned,
  FEntity: [
    {
      FMaterialId: base('QH-CUP-01'),
      FUnitID: base('Pcs'),
      FStockId: base('CK001'),
      FQty: 2,
      FOwnerTypeId: 'BD_OwnerOrg',
      FOwnerId: org,
      ...line,
    },
  ],
  ...head,
});
const moved: Draft = (FBillNo, head, line) => ({
  FBillTypeID: base('ZJDB01_SYS'),
  FBillNo,
  FDate: '2026-11-23',
  FBizType: 'NORMAL',
  FTransferDirect: 'GENERAL',
  FTransferBizType: 'InnerOrgTransfer',
  FStockOutOrgId: org,
  FStockOrgId: org,
  FBillEntry: [
    {
      FMaterialId: base('QH-CUP-01'),
      FUnitID: base('Pcs'),
      FQty: 2,
      FSrcStockId: base('CK001'),
      FSrcStockStatusId: base('KCZT01_SYS'),
      FDestStockId: base('CK002'),
      FDestStockStatusId: base('KCZT01_SYS'),
      ...line,
    },
  ],
  ...head,
});
const drafts: Readonly<Record<string, Draft>> = {
  SAL_OUTSTOCK: shipped,
  SAL_RETURNSTOCK: returned,
  STK_InStock: bought,
  PUR_MRB: sentBack,
  STK_MISCELLANEOUS: found,
  STK_MisDelivery: taken,
  STK_TransferDirect: moved,
};
const forms = Object.keys(drafts);

let last = 0;
const next = (): string => `N${++last}`;
const save = (form: string, head?: Row, line?: Row) =>
  wire.act(form, 'Save', { Model: drafts[form]?.(next(), head, line) });
const put = async (form: string, number: string, ...steps: string[]): Promise<void> => {
  expect(await wire.act(form, 'Save', { Model: drafts[form]?.(number) })).toMatchObject({ IsSuccess: true });
  for (const step of steps)
    expect(await wire.act(form, step, { Numbers: [number] }), step).toMatchObject({ IsSuccess: true });
};
const refusedFor = async (answer: ReturnType<typeof save>): Promise<string[]> =>
  (await answer).Errors.map(({ FieldName }) => FieldName);
const left = async (material: string, status = 'KCZT01_SYS'): Promise<number> => {
  const where = `FMaterialId.FNumber = '${material}' and FStockId.FNumber = 'CK001' and FStockOrgId.FNumber = '100'`;
  const rows = await wire.ask('STK_Inventory', 'FBaseQty', `${where} and FStockStatusId.FNumber = '${status}'`);
  return Number(rows[0]?.[0] ?? 0);
};

describe.each(forms)('%s', (form) => {
  test('is saved, submitted, audited, viewed, taken back and deleted', async () => {
    const number = next();
    await put(form, number, 'Submit', 'Audit');
    expect(await wire.view(form, number)).toMatchObject({ FBillNo: number, FDocumentStatus: 'C', FCancelStatus: 'A' });
    const refused = await wire.act(form, 'Delete', { Numbers: [number] });
    expect(refused).toMatchObject({ IsSuccess: false, MsgCode: 12 });
    for (const step of ['UnAudit', 'Delete'])
      expect(await wire.act(form, step, { Numbers: [number] }), step).toMatchObject({ IsSuccess: true });
    expect(await wire.view(form, number)).toMatchObject({ IsSuccess: false, MsgCode: 10 });
  });

  test('has its own numbers', async () => {
    const number = next();
    for (const one of forms) await put(one, number);
    expect((await wire.act(form, 'Save', { Model: drafts[form]?.(number) })).Errors[0]?.Message).toContain('编码唯一');
    const rows = await wire.ask(form, 'FBillNo,FDocumentStatus', `FBillNo = '${number}'`);
    expect(rows).toEqual([[number, 'A']]);
  });

  test('is refused in a closed period', async () => {
    const answer = await save(form, { FDate: '2026-01-31' });
    expect(answer.Errors).toMatchObject([{ FieldName: 'FDate', Message: expect.stringContaining('关账日期') }]);
  });

  test('is voided before it is audited, and can then only be deleted or made valid', async () => {
    const number = next();
    await put(form, number, 'Cancel');
    const state = async (): Promise<unknown> =>
      (await wire.ask(form, 'FDocumentStatus,FCancelStatus', `FBillNo = '${number}'`))[0];
    expect(await state()).toEqual(['A', 'B']);
    for (const step of ['Submit', 'Cancel'])
      expect(await wire.act(form, step, { Numbers: [number] }), step).toMatchObject({ IsSuccess: false });
    await wire.act(form, 'UnCancel', { Numbers: [number] });
    for (const step of ['Submit', 'Audit']) await wire.act(form, step, { Numbers: [number] });
    expect(await state()).toEqual(['C', 'A']);
    expect(await wire.act(form, 'Cancel', { Numbers: [number] })).toMatchObject({ IsSuccess: false, MsgCode: 12 });
    await wire.door('kingdee', 'bills', { form, number, status: 'A', cancelled: true });
    expect(await state()).toEqual(['A', 'B']);
    expect(await wire.act(form, 'Delete', { Numbers: [number] })).toMatchObject({ IsSuccess: true });
  });
});

describe('a sales return', () => {
  test.each(['FBillTypeID', 'FDate', 'FSaleOrgId', 'FRetcustId'])('needs %s', async (field) => {
    expect(await refusedFor(save('SAL_RETURNSTOCK', { [field]: undefined }))).toEqual([field]);
  });

  test.each(['FMaterialId', 'FUnitID', 'FStockId', 'FStockstatusId', 'FRealQty', 'FSalUnitQty'])(
    'needs %s of a line',
    async (field) => {
      expect(await refusedFor(save('SAL_RETURNSTOCK', {}, { [field]: undefined }))).toEqual([field]);
    },
  );

  test('knows fields in its own spelling only', async () => {
    const line = {
      FStockId: undefined,
      FStockID: base('CK001'),
      FMaterialId: undefined,
      FMaterialID: base('QH-CUP-01'),
    };
    expect(await refusedFor(save('SAL_RETURNSTOCK', {}, line))).toEqual(['FMaterialId', 'FStockId']);
  });

  test.each([
    ['a customer', { FRetcustId: base('CUST9') }, {}, 'FRetcustId'],
    ['who pays', { FPayCustId: base('CUST9') }, {}, 'FPayCustId'],
    ['a bill type', { FBillTypeID: base('XSCKD01_SYS') }, {}, 'FBillTypeID'],
    ['a currency', { SubHeadEntity: { FSettleCurrId: base('PRE9'), FSettleOrgId: base('100') } }, {}, 'FSettleCurrId'],
    ['a material', {}, { FMaterialId: base('A-1093') }, 'FMaterialId'],
    ['a material of that organisation', {}, { FMaterialId: base('QH-VIP-88') }, 'FMaterialId'],
    ['a stock', {}, { FStockId: base('CK9') }, 'FStockId'],
    ['a stock status', {}, { FStockstatusId: base('KCZT9') }, 'FStockstatusId'],
    ['a quantity over 0', {}, { FRealQty: 0 }, 'FRealQty'],
    ['a sales quantity over 0', {}, { FSalUnitQty: 0 }, 'FSalUnitQty'],
  ])('is refused without %s that is known', async (_what, head, line, field) => {
    expect(await refusedFor(save('SAL_RETURNSTOCK', head, line))).toEqual([field]);
  });

  test('loses its prices where the finance sub-head stands behind the entries', async () => {
    const { SubHeadEntity, ...model } = returned(next());
    const answer = wire.act('SAL_RETURNSTOCK', 'Save', { Model: { ...model, SubHeadEntity } });
    expect(await refusedFor(answer)).toEqual(['FTaxPrice']);
  });

  test('adds to stock at audit, to the stock status it names, and takes it out again', async () => {
    const number = next();
    const before = await left('QH-CUP-01');
    await wire.act('SAL_RETURNSTOCK', 'Save', { Model: returned(number) });
    await wire.act('SAL_RETURNSTOCK', 'Submit', { Numbers: [number] });
    expect(await left('QH-CUP-01')).toBe(before);
    await wire.act('SAL_RETURNSTOCK', 'Audit', { Numbers: [number] });
    expect(await left('QH-CUP-01')).toBe(before + 2);
    await wire.act('SAL_RETURNSTOCK', 'UnAudit', { Numbers: [number] });
    expect(await left('QH-CUP-01')).toBe(before);
    const defective = {
      IsAutoSubmitAndAudit: true,
      Model: returned(next(), {}, { FStockstatusId: base('KCZT08_SYS') }),
    };
    await wire.act('SAL_RETURNSTOCK', 'Save', defective);
    expect([await left('QH-CUP-01'), await left('QH-CUP-01', 'KCZT08_SYS')]).toEqual([before, 2]);
  });

  test('makes goods that had run out go out again', async () => {
    const limited = { FMaterialId: base('QH-LTD-66') };
    const out = { IsAutoSubmitAndAudit: true, Model: shipped(next(), {}, { FMaterialID: base('QH-LTD-66') }) };
    expect(await wire.act('SAL_OUTSTOCK', 'Save', out)).toMatchObject({ IsSuccess: false });
    await wire.act('SAL_RETURNSTOCK', 'Save', { IsAutoSubmitAndAudit: true, Model: returned(next(), {}, limited) });
    expect(await wire.act('SAL_OUTSTOCK', 'Save', out)).toMatchObject({ IsSuccess: true });
  });
});

describe.each([
  [
    'STK_InStock',
    'FPurchaseOrgId FSupplierId FOwnerTypeIdHead FOwnerIdHead',
    'FPriceUnitID FRemainInStockUnitId FOWNERID',
    2,
  ],
  ['PUR_MRB', 'FMRTYPE FMRMODE FRequireOrgId FPurchaseOrgId FSupplierID', 'FRMREALQTY FPRICEUNITID FCarryUnitId', -2],
  ['STK_MISCELLANEOUS', 'FBillTypeID FStockDirect FOwnerTypeIdHead', 'FMATERIALID FSTOCKID FSTOCKSTATUSID FOWNERID', 2],
  ['STK_MisDelivery', 'FBillTypeID FPickOrgId FOwnerTypeIdHead', 'FMaterialId FStockId FOwnerId', -2],
  ['STK_TransferDirect', 'FTransferDirect FStockOutOrgId', 'FSrcStockId FDestStockId FSrcStockStatusId', -2],
])('%s', (form, head, line, change) => {
  test('needs each of its required fields', async () => {
    for (const field of head.split(' ')) expect(await refusedFor(save(form, { [field]: undefined }))).toEqual([field]);
    for (const field of line.split(' '))
      expect(await refusedFor(save(form, {}, { [field]: undefined })), field).toEqual([field]);
  });

  test('moves stock when it is audited', async () => {
    const before = await left('QH-CUP-01');
    const number = next();
    await put(form, number, 'Submit');
    expect(await left('QH-CUP-01')).toBe(before);
    await wire.act(form, 'Audit', { Numbers: [number] });
    expect(await left('QH-CUP-01')).toBe(before + change);
  });
});

describe('what single forms refuse', () => {
  const limited = (field: string): Row => ({ [field]: base('QH-BOX-03') });
  test.each([
    ['PUR_MRB', 'FMATERIALID'],
    ['STK_MisDelivery', 'FMaterialId'],
    ['STK_TransferDirect', 'FMaterialId'],
  ])('%s: more than there is', async (form, field) => {
    await wire.door('kingdee', 'stock', { code: 'QH-BOX-03', quantity: 1 });
    const number = next();
    expect(await wire.act(form, 'Save', { Model: drafts[form]?.(number, {}, limited(field)) })).toMatchObject({
      IsSuccess: true,
    });
    await wire.act(form, 'Submit', { Numbers: [number] });
    expect(await refusedFor(wire.act(form, 'Audit', { Numbers: [number] }))).toEqual(['AbstractInteractionResult']);
  });

  test('a price of 0 that is no gift, of a purchase', async () => {
    expect(await refusedFor(save('STK_InStock', {}, { FTaxPrice: 0 }))).toEqual(['FTaxPrice']);
    expect(await refusedFor(save('STK_InStock', {}, { FTaxPrice: 0, FGiveAway: true }))).toEqual([]);
  });

  test('a purchase of no order, where the rules say so', async () => {
    await wire.door('kingdee', 'rules', { linkedOrders: true });
    expect(await refusedFor(save('STK_InStock'))).toEqual(['FInStockEntry_Link']);
    expect(await refusedFor(save('STK_InStock', {}, { FPOOrderNo: 'CGDD1' }))).toEqual([]);
    await wire.door('kingdee', 'rules', { linkedOrders: false });
  });

  test('a purchase of goods that are inspected first', async () => {
    await wire.door('kingdee', 'materials', { code: 'SJ-1', inspected: true });
    expect(await refusedFor(save('STK_InStock', {}, { FMaterialId: base('SJ-1') }))).toEqual(['FMaterialId']);
    expect(await refusedFor(save('STK_MISCELLANEOUS', {}, { FMATERIALID: base('SJ-1') }))).toEqual([]);
  });

  test.each([
    ['SAL_RETURNSTOCK', 'FMaterialId', 'FLot'],
    ['STK_MISCELLANEOUS', 'FMATERIALID', 'FLOT'],
  ])('%s: no lot where there must be one, and one where there must be none', async (form, material, lot) => {
    await wire.door('kingdee', 'materials', { code: 'PH-1', lots: true });
    await wire.door('kingdee', 'materials', { code: 'PH-0', lots: false });
    const refused = (code: string, line: Row): Promise<string[]> =>
      refusedFor(save(form, {}, { [material]: base(code), ...line }));
    expect(await refused('PH-1', {})).toEqual([lot]);
    expect(await refused('PH-1', { [lot]: base('20261113') })).toEqual([]);
    expect(await refused('PH-0', { [lot]: base('20261113') })).toEqual([lot]);
    expect(await refused('PH-0', {})).toEqual([]);
  });

  test.each([
    ['STK_MISCELLANEOUS', 'FDEPTID', 'FSUPPLIERID', 'SUP002'],
    ['STK_MisDelivery', 'FDeptId', 'FCustId', 'CUST0001'],
  ])('%s of nobody', async (form, department, other, code) => {
    expect((await save(form, { [department]: undefined })).Errors).toMatchObject([{ FieldName: other }]);
    expect(await refusedFor(save(form, { [department]: undefined, [other]: base(code) }))).toEqual([]);
  });
});

test('a red bill moves stock the other way, and a transfer moves it between two', async () => {
  const before = await left('QH-CUP-01');
  const audited = (form: string, head?: Row, line?: Row) =>
    wire.act(form, 'Save', { IsAutoSubmitAndAudit: true, Model: drafts[form]?.(next(), head, line) });
  await audited('STK_MISCELLANEOUS', { FStockDirect: 'RETURN' });
  expect(await left('QH-CUP-01')).toBe(before - 2);
  await audited('STK_TransferDirect', {}, { FDestStockId: base('CK001'), FDestStockStatusId: base('KCZT08_SYS') });
  expect(await left('QH-CUP-01')).toBe(before - 4);
});

test('the list of bills shows every form', async () => {
  for (const form of forms) await put(form, next());
  const bills = (await wire.door('kingdee', 'bills')) as { form: string }[];
  expect(new Set(bills.map(({ form }) => form))).toEqual(new Set(forms));
});

test('an amount typed in by hand stays, until price or quantity is changed', async () => {
  const number = next();
  await put('SAL_OUTSTOCK', number);
  const amount = async (): Promise<unknown> =>
    (await wire.ask('SAL_OUTSTOCK', 'FTaxPrice,FRealQty,FAllAmount', `FBillNo = '${number}'`))[0];
  expect(await amount()).toEqual([35.9, 2, 71.8]);
  await wire.door('kingdee', 'bills', { number, amount: 66.8 });
  expect(await amount()).toEqual([35.9, 2, 66.8]);
  await wire.door('kingdee', 'bills', { number, quantity: 3 });
  expect(await amount()).toEqual([35.9, 3, 107.7]);
});

describe('a tenant whose rules say so', () => {
  beforeEach(() => wire.door('kingdee', 'rules', { ownNumbers: false, wholeBatches: false }));

  test('keeps its own numbers', async () => {
    await wire.door('kingdee', 'rules', { ownNumbers: true });
    const [saved] = (await save('SAL_RETURNSTOCK')).SuccessEntitys;
    expect(saved?.Number).toMatch(/^XSTHD\d{6}$/);
    expect(await wire.view('SAL_RETURNSTOCK', saved?.Number ?? '')).toMatchObject({ FBillNo: saved?.Number });
    expect(await wire.view('SAL_RETURNSTOCK', `N${last}`)).toMatchObject({ MsgCode: 10 });
  });

  test('refuses a batch whole for one bill of it', async () => {
    const batch = (): Promise<{ SuccessEntitys: unknown[]; Errors: { DIndex: number }[] }> =>
      wire.act('SAL_OUTSTOCK', 'BatchSave', {
        Model: [shipped(next()), shipped(next(), {}, { FMaterialID: base('A-1093') }), shipped(next())],
      });
    await wire.door('kingdee', 'rules', { wholeBatches: true });
    const whole = await batch();
    expect([whole.SuccessEntitys.length, whole.Errors.map(({ DIndex }) => DIndex)]).toEqual([0, [1]]);
    await wire.door('kingdee', 'rules', { wholeBatches: false });
    expect((await batch()).SuccessEntitys).toHaveLength(2);
  });
});
