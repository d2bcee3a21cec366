import type { Form } from './form.ts';

export const purMrb: Form = {
  id: 'PUR_MRB',
  title: '采购退料单',
  prefix: 'CGTL',
  head: [
    { name: 'FBillTypeID', label: '单据类型', kind: 'code', oneOf: ['TLD01_SYS'] },
    { name: 'FMRTYPE', label: '退料类型', kind: 'text', oneOf: ['A', 'B'] },
    { name: 'FMRMODE', label: '退料方式', kind: 'text', oneOf: ['A', 'B'] },
    { name: 'FStockOrgId', label: '退料组织', kind: 'organization' },
    { name: 'FRequireOrgId', label: '需求组织', kind: 'organization' },
    { name: 'FPurchaseOrgId', label: '采购组织', kind: 'organization' },
    { name: 'FSupplierID', label: '供应商', kind: 'supplier' },
    { name: 'FOwnerTypeIdHead', label: '货主类型', kind: 'text', optional: true, oneOf: ['BD_OwnerOrg'] },
    { name: 'FOwnerIdHead', label: '货主', kind: 'organization', optional: true },
    { name: 'FDate', label: '退料日期', kind: 'booked' },
  ],
  finance: {
    name: 'FPURMRBFIN',
    fields: [
      { name: 'FSettleOrgId', label: '结算组织', kind: 'organization' },
      { name: 'FSettleCurrId', label: '结算币别', kind: 'currency' },
      { name: 'FPRICETIMEPOINT', label: '定价时点', kind: 'text' },
    ],
  },
  entry: {
    name: 'FPURMRBENTRY',
    label: '明细信息',
    fields: [
      { name: 'FMATERIALID', label: '物料编码', kind: 'material' },
      { name: 'FUnitID', label: '库存单位', kind: 'unit' },
      { name: 'FRMREALQTY', label: '实退数量', kind: 'positive' },
      { name: 'FPRICEUNITID', label: '计价单位', kind: 'unit' },
      { name: 'FCarryUnitId', label: '采购单位', kind: 'unit' },
      { name: 'FSTOCKID', label: '仓库', kind: 'warehouse' },
      { name: 'FStockStatusId', label: '库存状态', kind: 'status', optional: true },
      { name: 'FTAXPRICE', label: '含税单价', kind: 'number', optional: true },
    ],
    material: 'FMATERIALID',
    quantity: 'FRMREALQTY',
    lot: 'FLot',
    money: { price: 'FTAXPRICE', amount: 'FALLAMOUNT' },
  },
  moves: [{ sign: -1, stock: 'FSTOCKID', status: 'FStockStatusId' }],
};
