import { phrase } from '../../phrases.ts';
import { createCatalogue } from '../../sync/catalogue.ts';
import type { Catalogue, Field } from '../../sync/connector.ts';

type Row = readonly [
  path: string,
  kind: Field['kind'],
  type: Field['type'],
  label: string,
  aliases?: readonly string[],
];

/** The fields and options of 销售出库新增. The path is the spelling the server's own templates use; the interface document's spellings are aliases. */
const rows: readonly Row[] = [
  ['FBillTypeID', 'model', 'string', 'FBillTypeID'],
  ['FBillNo', 'model', 'string', 'FBillNo'],
  ['FDate', 'model', 'string', 'FDate'],
  ['FSaleOrgId', 'model', 'string', 'FSaleOrgId'],
  ['FCustomerID', 'model', 'string', 'FCustomerID'],
  ['FSalesManID', 'model', 'string', 'FSalesManID'],
  ['FSaleDeptID', 'model', 'string', 'FSaleDeptID'],
  ['FStockOrgId', 'model', 'string', 'FStockOrgId'],
  ['FNote', 'model', 'string', 'FNote'],
  ['FEntity', 'model', 'array', 'FEntity'],
  ['FEntity.FMaterialID', 'model', 'string', 'FEntity__FMaterialID'],
  ['FEntity.FRealQty', 'model', 'string', 'FEntity__FRealQty'],
  ['FEntity.FLot', 'model', 'string', 'FEntity__FLot'],
  ['FEntity.FProduceDate', 'model', 'string', 'FEntity__FProduceDate'],
  ['FEntity.FExpiryDate', 'model', 'string', 'FEntity__FEXPIRYDATE', ['FEntity.FEXPIRYDATE']],
  ['FEntity.FPrice', 'model', 'string', 'FEntity__FPrice'],
  ['FEntity.FTaxPrice', 'model', 'string', 'FEntity__FTaxPrice'],
  ['FEntity.FEntryTaxRate', 'model', 'string', 'FEntity__FEntryTaxRate'],
  ['FEntity.FOwnerTypeID', 'model', 'string', 'FEntity__FOwnerTypeId', ['FEntity.FOwnerTypeId']],
  ['FEntity.FOwnerID', 'model', 'string', 'FEntity__FOwnerId', ['FEntity.FOwnerId']],
  ['FEntity.FStockID', 'model', 'string', 'FEntity__FStockID'],
  ['FEntity.FEntrynote', 'model', 'string', 'FEntity__FEntrynote'],
  ['FEntity.FIsFree', 'model', 'string', 'FEntity__FIsFree'],
  ['FEntity.F_PSEH_TEXT', 'model', 'string', 'FEntity__F_PSEH_TEXT'],
  ['SubHeadEntity', 'model', 'object', 'SubHeadEntity', ['FEntity.SubHeadEntity']],
  [
    'SubHeadEntity.FSettleOrgID',
    'model',
    'string',
    'SubHeadEntity__FSettleOrgID',
    ['FEntity.SubHeadEntity.FSettleOrgID'],
  ],
  [
    'SubHeadEntity.FSettleCurrID',
    'model',
    'string',
    'SubHeadEntity__FSETTLECURRID',
    ['SubHeadEntity.FSETTLECURRID', 'FEntity.SubHeadEntity.FSETTLECURRID'],
  ],
  [
    'SubHeadEntity.FAllDisCount',
    'model',
    'string',
    'SubHeadEntity__FAllDisCount',
    ['FEntity.SubHeadEntity.FAllDisCount'],
  ],
  ['FormId', 'option', 'string', 'FormId', ['FEntity.SubHeadEntity.FormId']],
  ['Operation', 'option', 'string', 'Operation', ['FEntity.SubHeadEntity.Operation']],
  ['IsAutoSubmitAndAudit', 'option', 'bool', 'IsAutoSubmitAndAudit', ['FEntity.SubHeadEntity.IsAutoSubmitAndAudit']],
  ['IsVerifyBaseDataField', 'option', 'bool', 'IsVerifyBaseDataField', ['FEntity.SubHeadEntity.IsVerifyBaseDataField']],
  ['SubSystemId', 'option', 'string', 'SubSystemId', ['FEntity.SubHeadEntity.SubSystemId']],
  ['BatchCount', 'option', 'string', 'BatchCount', ['FEntity.SubHeadEntity.BatchCount']],
  // Required or recommended by the form's own template, though that document lacks them.
  ['FEntity.FStockStatusID', 'model', 'string', 'FEntity__FStockStatusID'],
  ['FEntity.FUnitID', 'model', 'string', 'FEntity__FUnitID'],
  ['FEntity.FRowType', 'model', 'string', 'FEntity__FRowType'],
  ['SubHeadEntity.FIsIncludedTax', 'model', 'string', 'SubHeadEntity__FIsIncludedTax'],
  ['SubHeadEntity.FExchangeRate', 'model', 'string', 'SubHeadEntity__FExchangeRate'],
  ['SubHeadEntity.FLocalCurrID', 'model', 'string', 'SubHeadEntity__FLocalCurrID'],
  ['SubHeadEntity.FExchangeTypeID', 'model', 'string', 'SubHeadEntity__FExchangeTypeID'],
  ['FOwnerTypeIdHead', 'model', 'string', 'FOwnerTypeIdHead'],
  ['FOwnerIdHead', 'model', 'string', 'FOwnerIdHead'],
];

export function kingdeeCatalogue(): Catalogue {
  const fields = rows.map(([path, kind, type, key, aliases = []]): Field => {
    const label = phrase(`catalogue.kingdee.field.${key}`);
    return { path, kind, type, aliases, label, meaning: label };
  });
  return createCatalogue('金蝶云星空', 'batchSave', fields);
}
