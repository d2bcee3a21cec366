import type { Form } from './form.ts';

export const salReturnstock: Form = {
  id: 'SAL_RETURNSTOCK',
  title: '销售退货单',
  prefix: 'XSTHD',
  head: [
    { name: 'FBillTypeID', label: '单据类型', kind: 'code', oneOf: ['XSTHD01_SYS'] },
    { name: 'FSaleOrgId', label: '销售组织', kind: 'organization' },
    { name: 'FStockOrgId', label: '库存组织', kind: 'organization' },
    { name: 'FRetcustId', label: '退货客户', kind: 'customer' },
    { name: 'FReceiveCustId', label: '收货方', kind: 'customer', optional: true },
    { name: 'FSettleCustId', label: '结算方', kind: 'customer', optional: true },
    { name: 'FPayCustId', label: '付款方', kind: 'customer', optional: true },
    { name: 'FOwnerTypeIdHead', label: '货主类型', kind: 'text', optional: true, oneOf: ['BD_OwnerOrg'] },
    { name: 'FOwnerIdHead', label: '货主', kind: 'organization', optional: true },
    { name: 'FDate', label: '日期', kind: 'booked' },
  ],
  finance: {
    name: 'SubHeadEntity',
    fields: [
      { name: 'FSettleOrgId', label: '结算组织', kind: 'organization' },
      { name: 'FSettleCurrId', label: '结算币别', kind: 'currency' },
    ],
  },
  entry: {
    name: 'FEntity',
    label: '明细信息',
    fields: [
      { name: 'FMaterialId', label: '物料编码', kind: 'material' },
      { name: 'FStockId', label: '仓库', kind: 'warehouse' },
      { name: 'FStockstatusId', label: '库存状态', kind: 'status' },
      { name: 'FUnitID', label: '库存单位', kind: 'unit' },
      { name: 'FRealQty', label: '实退数量', kind: 'positive' },
      { name: 'FSalUnitQty', label: '销售数量', kind: 'positive' },
      { name: 'FTaxPrice', label: '含税单价', kind: 'number', optional: true },
      { name: 'FReturnType', label: '退货类型', kind: 'code', optional: true, oneOf: ['THLX01_SYS', 'THLX02_SYS'] },
      { name: 'FOwnerTypeId', label: '货主类型', kind: 'text', optional: true, oneOf: ['BD_OwnerOrg'] },
      { name: 'FOwnerId', label: '货主', kind: 'organization', optional: true },
    ],
    material: 'FMaterialId',
    quantity: 'FRealQty',
    lot: 'FLot',
    money: { price: 'FTaxPrice', amount: 'FAllAmount' },
  },
  moves: [{ sign: 1, stock: 'FStockId', status: 'FStockstatusId' }],
};
