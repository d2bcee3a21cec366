import { Decimal } from '../../decimal.ts';
import { fromWall } from '../../shanghai.ts';
import { type Books, codeOf, type Datum, linesOf } from './books.ts';

export interface Complaint {
  FieldName: string;
  Message: string;
  DIndex: number;
}

const isNumber = (value: unknown): boolean =>
  (typeof value === 'number' || typeof value === 'string') && /^-?\d+(\.\d+)?$/.test(String(value));

/** All that a save of one bill is refused for, in the form's own words. */
export function checkBill(
  model: Record<string, unknown>,
  index: number,
  books: Books,
  taken: ReadonlySet<string>,
  closed: string,
): Complaint[] {
  const complaints: Complaint[] = [];
  const complain = (FieldName: string, Message: string): void =>
    void complaints.push({ FieldName, Message, DIndex: index });
  const number = String(model.FBillNo ?? '');
  if (number !== '' && (books.bills.has(number) || taken.has(number))) {
    complain('FBillNo', `违反字段唯一性要求：编码唯一。[${number}]在当前系统中已经被使用。`);
    return complaints;
  }
  const org = codeOf(model.FStockOrgId) ?? '';
  const header: [string, string, ReadonlyMap<string, Datum> | null][] = [
    ['FBillTypeID', '单据类型', null],
    ['FSaleOrgId', '销售组织', books.organizations],
    ['FStockOrgId', '发货组织', books.organizations],
    ['FCustomerID', '客户', books.customers],
  ];
  for (const [field, label, known] of header) {
    const code = codeOf(model[field]);
    if (code === null || (known && !usable(known.get(code), org))) complain(field, `字段“${label}”是必填项`);
  }
  const day = fromWall(String(model.FDate ?? '').replace('T', ' '));
  if (!day) complain('FDate', '字段“日期”是必填项');
  else if (isClosed(model, closed)) complain('FDate', closedText(model, closed));
  const finance = (model.SubHeadEntity ?? {}) as Record<string, unknown>;
  if (codeOf(finance.FSettleOrgID) === null) complain('FSettleOrgID', '字段“结算组织”是必填项');
  if (codeOf(finance.FSettleCurrID) === null) complain('FSettleCurrID', '字段“结算币别”是必填项');
  const lines = linesOf(model);
  if (lines.length === 0) complain('FEntity', '单据体“明细信息”是必填项');
  for (const [row, line] of lines.entries()) {
    const required = (field: string, label: string): void =>
      complain(field, `单据体“明细信息”第${row + 1}行字段“${label}”是必填项`);
    if (!usable(books.materials.get(codeOf(line.FMaterialID) ?? ''), org)) required('FMaterialID', '物料编码');
    if (!usable(books.stocks.get(codeOf(line.FStockID) ?? ''), org)) required('FStockID', '仓库');
    if (codeOf(line.FUnitID) !== 'Pcs') required('FUnitID', '库存单位');
    if (!isNumber(line.FRealQty) || new Decimal(String(line.FRealQty)).lte(0)) required('FRealQty', '实发数量');
    if (line.FTaxPrice !== undefined && !isNumber(line.FTaxPrice)) required('FTaxPrice', '含税单价');
  }
  return complaints;
}

export const isClosed = (model: Record<string, unknown>, closed: string): boolean =>
  String(model.FDate).slice(0, 10) <= closed;

/** The real text is not public; this is a make-believe one with what the real one is known to be about. */
export const closedText = (model: Record<string, unknown>, closed: string): string =>
  `单据日期[${String(model.FDate).slice(0, 10)}]小于等于库存组织[${codeOf(model.FStockOrgId) ?? ''}]的关账日期[${closed}]，不允许操作`;

/** Known, audited, not forbidden, and allocated to the organisation where that matters. */
function usable(datum: Datum | undefined, org: string): boolean {
  if (!datum || datum.forbidden || (datum.status ?? 'C') !== 'C') return false;
  return datum.organizations.length === 0 || datum.organizations.includes(org);
}
