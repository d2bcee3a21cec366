import type { Form } from './form.ts';

export const stkInstock: Form = {
  id: 'STK_InStock',
  title: '采购入库单',
  prefix: 'CGRK',
  head: [
    { name: 'FBillTypeID', label: '单据类型', kind: 'code', oneOf: ['RKD01_SYS'] },
    { name: 'FStockOrgId', label: '收料组织', kind: 'organization' },
    { name: 'FPurchaseOrgId', label: '采购组织', kind: 'organization' },
    { name: 'FDemandOrgId', label: '需求组织', kind: 'organization', optional: true },
    { name: 'FSupplierId', label: '供应商', kind: 'supplier' },
    { name: 'FSupplyId', label: '供货方', kind: 'supplier', optional: true },
    { name: 'FSettleId', label: '结算方', kind: 'supplier', optional: true },
    { name: 'FChargeId', label: '收款方', kind: 'supplier', optional: true },
    { name: 'FOwnerTypeIdHead', label: '货主类型', kind: 'text', oneOf: ['BD_OwnerOrg'] },
    { name: 'FOwnerIdHead', label: '货主', kind: 'organization' },
    { name: 'FDate', label: '入库日期', kind: 'booked' },
  ],
  finance: {
    name: 'FInStockFin',
    fields: [
      { name: 'FSettleOrgId', label: '结算组织', kind: 'organization' },
      { name: 'FSettleCurrId', label: '结算币别', kind: 'currency' },
      { name: 'FPriceTimePoint', label: '定价时点', kind: 'text' },
    ],
  },
  entry: {
    name: 'FInStockEntry',
    label: '明细信息',
    fields: [
      { name: 'FMaterialId', label: '物料编码', kind: 'material' },
      { name: 'FUnitID', label: '库存单位', kind: 'unit' },
      { name: 'FRealQty', label: '实收数量', kind: 'positive' },
      { name: 'FPriceUnitID', label: '计价单位', kind: 'unit' },
      { name: 'FRemainInStockUnitId', label: '采购单位', kind: 'unit' },
      { name: 'FStockId', label: '仓库', kind: 'warehouse' },
      { name: 'FStockStatusId', label: '库存状态', kind: 'status', optional: true },
      { name: 'FOWNERTYPEID', label: '货主类型', kind: 'text', oneOf: ['BD_OwnerOrg'] },
      { name: 'FOWNERID', label: '货主', kind: 'organization' },
      { name: 'FTaxPrice', label: '含税单价', kind: 'number', optional: true },
    ],
    material: 'FMaterialId',
    quantity: 'FRealQty',
    money: { price: 'FTaxPrice', amount: 'FAllAmount', free: 'FGiveAway' },
  },
  moves: [{ sign: 1, stock: 'FStockId', status: 'FStockStatusId' }],
  linked: ['FInStockEntry_Link', 'FPOOrderNo'],
};
