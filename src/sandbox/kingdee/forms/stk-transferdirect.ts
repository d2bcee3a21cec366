import type { Form } from './form.ts';

export const stkTransferdirect: Form = {
  id: 'STK_TransferDirect',
  title: '直接调拨单',
  prefix: 'ZJDB',
  head: [
    { name: 'FBillTypeID', label: '单据类型', kind: 'code', oneOf: ['ZJDB01_SYS'] },
    { name: 'FBizType', label: '业务类型', kind: 'text', oneOf: ['NORMAL'] },
    { name: 'FTransferDirect', label: '调拨方向', kind: 'text', oneOf: ['GENERAL', 'RETURN'] },
    { name: 'FTransferBizType', label: '调拨类型', kind: 'text', oneOf: ['InnerOrgTransfer', 'OverOrgTransfer'] },
    { name: 'FStockOutOrgId', label: '调出库存组织', kind: 'organization' },
    { name: 'FStockOrgId', label: '调入库存组织', kind: 'organization' },
    { name: 'FDate', label: '日期', kind: 'booked' },
  ],
  entry: {
    name: 'FBillEntry',
    label: '明细信息',
    fields: [
      { name: 'FMaterialId', label: '物料编码', kind: 'material' },
      { name: 'FDestMaterialId', label: '调入物料编码', kind: 'material', optional: true },
      { name: 'FUnitID', label: '单位', kind: 'unit' },
      { name: 'FQty', label: '调拨数量', kind: 'positive' },
      { name: 'FSrcStockId', label: '调出仓库', kind: 'warehouse' },
      { name: 'FSrcStockStatusId', label: '调出库存状态', kind: 'status' },
      { name: 'FDestStockId', label: '调入仓库', kind: 'warehouse' },
      { name: 'FDestStockStatusId', label: '调入库存状态', kind: 'status' },
    ],
    material: 'FMaterialId',
    quantity: 'FQty',
    lot: 'FLot',
  },
  moves: [
    { sign: -1, stock: 'FSrcStockId', status: 'FSrcStockStatusId' },
    { sign: 1, stock: 'FDestStockId', status: 'FDestStockStatusId' },
  ],
  reversed: { field: 'FTransferDirect', value: 'RETURN' },
};
