import type { Form } from './form.ts';

export const stkMiscellaneous: Form = {
  id: 'STK_MISCELLANEOUS',
  title: '其他入库单',
  prefix: 'QTRK',
  head: [
    { name: 'FBillTypeID', label: '单据类型', kind: 'code', oneOf: ['QTRKD01_SYS'] },
    { name: 'FStockOrgId', label: '库存组织', kind: 'organization' },
    { name: 'FStockDirect', label: '库存方向', kind: 'text', oneOf: ['GENERAL', 'RETURN'] },
    { name: 'FOwnerTypeIdHead', label: '货主类型', kind: 'text', oneOf: ['BD_OwnerOrg'] },
    { name: 'FOwnerIdHead', label: '货主', kind: 'organization', optional: true },
    { name: 'FBaseCurrId', label: '本位币', kind: 'currency', optional: true },
    { name: 'FDate', label: '日期', kind: 'booked' },
  ],
  oneAtLeast: [
    [
      { name: 'FSUPPLIERID', label: '供应商', kind: 'supplier' },
      { name: 'FDEPTID', label: '部门', kind: 'department' },
    ],
  ],
  entry: {
    name: 'FEntity',
    label: '明细信息',
    fields: [
      { name: 'FMATERIALID', label: '物料编码', kind: 'material' },
      { name: 'FUnitID', label: '单位', kind: 'unit' },
      { name: 'FSTOCKID', label: '收货仓库', kind: 'warehouse' },
      { name: 'FSTOCKSTATUSID', label: '库存状态', kind: 'status' },
      { name: 'FQty', label: '实收数量', kind: 'positive' },
      { name: 'FOWNERTYPEID', label: '货主类型', kind: 'text', optional: true, oneOf: ['BD_OwnerOrg'] },
      { name: 'FOWNERID', label: '货主', kind: 'organization' },
      { name: 'FKEEPERTYPEID', label: '保管者类型', kind: 'text', optional: true, oneOf: ['BD_KeeperOrg'] },
      { name: 'FKEEPERID', label: '保管者', kind: 'organization', optional: true },
      { name: 'FPrice', label: '成本价', kind: 'number', optional: true },
    ],
    material: 'FMATERIALID',
    quantity: 'FQty',
    lot: 'FLOT',
    money: { price: 'FPrice', amount: 'FAmount' },
  },
  moves: [{ sign: 1, stock: 'FSTOCKID', status: 'FSTOCKSTATUSID' }],
  reversed: { field: 'FStockDirect', value: 'RETURN' },
};
