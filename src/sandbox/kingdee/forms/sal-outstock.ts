import type { Form } from './form.ts';

export const salOutstock: Form = {
  id: 'SAL_OUTSTOCK',
  title: '销售出库单',
  prefix: 'XSCKD',
  head: [
    { name: 'FBillTypeID', label: '单据类型', kind: 'code' },
    { name: 'FSaleOrgId', label: '销售组织', kind: 'organization' },
    { name: 'FStockOrgId', label: '发货组织', kind: 'organization' },
    { name: 'FCustomerID', label: '客户', kind: 'customer' },
    { name: 'FDate', label: '日期', kind: 'booked' },
  ],
  finance: {
    name: 'SubHeadEntity',
    fields: [
      { name: 'FSettleOrgID', label: '结算组织', kind: 'code' },
      { name: 'FSettleCurrID', label: '结算币别', kind: 'code' },
    ],
  },
  entry: {
    name: 'FEntity',
    label: '明细信息',
    fields: [
      { name: 'FMaterialID', label: '物料编码', kind: 'material' },
      { name: 'FStockID', label: '仓库', kind: 'warehouse' },
      { name: 'FUnitID', label: '库存单位', kind: 'unit' },
      { name: 'FRealQty', label: '实发数量', kind: 'positive' },
      { name: 'FTaxPrice', label: '含税单价', kind: 'number', optional: true },
    ],
    material: 'FMaterialID',
    quantity: 'FRealQty',
    lot: 'FLot',
    money: { price: 'FTaxPrice', amount: 'FAllAmount' },
  },
  moves: [{ sign: -1, stock: 'FStockID', status: 'FStockStatusID' }],
};
