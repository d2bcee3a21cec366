import type { Form } from './form.ts';

export const stkMisdelivery: Form = {
  id: 'STK_MisDelivery',
  title: '其他出库单',
  prefix: 'QTCK',
  head: [
    { name: 'FBillTypeID', label: '单据类型', kind: 'code', oneOf: ['QTCKD01_SYS'] },
    { name: 'FStockOrgId', label: '库存组织', kind: 'organization' },
    { name: 'FPickOrgId', label: '领用组织', kind: 'organization' },
    { name: 'FStockDirect', label: '库存方向', kind: 'text', optional: true, oneOf: ['GENERAL', 'RETURN'] },
    { name: 'FOwnerTypeIdHead', label: '货主类型', kind: 'text', oneOf: ['BD_OwnerOrg'] },
    { name: 'FOwnerIdHead', label: '货主', kind: 'organization', optional: true },
    { name: 'FBaseCurrId', label: '本位币', kind: 'currency', optional: true },
    { name: 'FDate', label: '日期', kind: 'booked' },
  ],
  oneAtLeast: [
    [
      { name: 'FCustId', label: '客户', kind: 'customer' },
      { name: 'FDeptId', label: '领料部门', kind: 'department' },
    ],
  ],
  entry: {
    name: 'FEntity',
    label: '明细信息',
    fields: [
      { name: 'FMaterialId', label: '物料编码', kind: 'material' },
      { name: 'FUnitID', label: '单位', kind: 'unit' },
      { name: 'FQty', label: '实发数量', kind: 'positive' },
      { name: 'FStockId', label: '发货仓库', kind: 'warehouse' },
      { name: 'FStockStatusId', label: '库存状态', kind: 'status', optional: true },
      { name: 'FOwnerTypeId', label: '货主类型', kind: 'text', optional: true, oneOf: ['BD_OwnerOrg'] },
      { name: 'FOwnerId', label: '货主', kind: 'organization' },
      { name: 'FKeeperTypeId', label: '保管者类型', kind: 'text', optional: true, oneOf: ['BD_KeeperOrg'] },
      { name: 'FKeeperId', label: '保管者', kind: 'organization', optional: true },
    ],
    material: 'FMaterialId',
    quantity: 'FQty',
    lot: 'FLot',
  },
  moves: [{ sign: -1, stock: 'FStockId', status: 'FStockStatusId' }],
  reversed: { field: 'FStockDirect', value: 'RETURN' },
};
