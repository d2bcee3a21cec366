import { Decimal } from '../../decimal.ts';
import { fromWall } from '../../shanghai.ts';
import { codeOf } from './bill.ts';
import type { Books } from './books.ts';
import type { Datum } from './datum.ts';
import { entriesOf, type Field, type Form } from './forms/form.ts';

export interface Complaint {
  FieldName: string;
  Message: string;
  DIndex: number;
}

const isNumber = (value: unknown): boolean =>
  (typeof value === 'number' || typeof value === 'string') && /^-?\d+(\.\d+)?$/.test(String(value));

/** All that a save of one bill is refused for, in the form's own words. */
export function checkBill(
  form: Form,
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
  if (number !== '' && (books.bills(form.id).get(number) || taken.has(number))) {
    complain('FBillNo', `违反字段唯一性要求：编码唯一。[${number}]在当前系统中已经被使用。`);
    return complaints;
  }
  const org = codeOf(model.FStockOrgId) ?? '';
  const { finance, entry } = form;
  for (const field of form.head) {
    const { name, label } = field;
    if (!isFilled(field, model[name], org, books)) complain(name, `字段“${label}”是必填项`);
    else if (field.kind === 'booked' && isClosed(model, closed)) complain(name, closedText(model, closed));
  }
  for (const group of form.oneAtLeast ?? []) {
    const [first] = group;
    const labels = group.map(({ label }) => `“${label}”`).join('、');
    if (first && !group.some((field) => isFilled(field, model[field.name], org, books)))
      complain(first.name, `字段${labels}至少录入一个`);
  }
  const money = finance && ((model[finance.name] ?? {}) as Record<string, unknown>);
  for (const field of finance?.fields ?? [])
    if (!isFilled(field, money?.[field.name], org, books)) complain(field.name, `字段“${field.label}”是必填项`);
  const names = Object.keys(model);
  const pricesLost = finance !== undefined && names.indexOf(finance.name) > names.indexOf(entry.name);
  const lines = entriesOf(form, model);
  if (lines.length === 0) complain(entry.name, `单据体“${entry.label}”是必填项`);
  for (const [row, line] of lines.entries()) {
    const required = (field: Pick<Field, 'name' | 'label'>): void =>
      complain(field.name, `单据体“${entry.label}”第${row + 1}行字段“${field.label}”是必填项`);
    for (const field of entry.fields) if (!isFilled(field, line[field.name], org, books)) required(field);
    const { lots, inspected } = books.data.material.get(codeOf(line[entry.material]) ?? '') ?? {};
    const hasLot = codeOf(line[entry.lot]) !== null;
    if (lots === true && !hasLot) required({ name: entry.lot, label: '批号' });
    if (lots === false && hasLot)
      complain(entry.lot, `单据体“${entry.label}”第${row + 1}行物料没有启用批号管理，不能录入批号`);
    if (form.inspects && inspected)
      complain(entry.material, `单据体“${entry.label}”第${row + 1}行物料启用了来料检验，不允许直接入库`);
    const { linked } = form;
    if (books.rules.linkedOrders && linked && !linked.some((name) => line[name]))
      complain(linked[0] ?? '', `单据体“${entry.label}”第${row + 1}行没有关联订单，不允许保存`);
    if (!entry.money) continue;
    const { price, free } = entry.money;
    const isZero = Number(line[price] ?? 0) === 0;
    if (pricesLost ? !isZero : free && isZero && !isTrue(line[free])) required({ name: price, label: '含税单价' });
  }
  return complaints;
}

export const isTrue = (value: unknown): boolean => value === true || value === 'true';

/** Whether a field has a value that it may have; an optional one may have none, but not a wrong one. */
function isFilled({ kind, optional, oneOf }: Field, value: unknown, org: string, books: Books): boolean {
  const code = codeOf(value);
  if (optional && (value === undefined || (kind !== 'number' && typeof value === 'object' && code === null)))
    return true;
  if (oneOf && !oneOf.includes(code ?? String(value))) return false;
  switch (kind) {
    case 'code':
      return code !== null;
    case 'booked':
      return fromWall(String(value ?? '').replace('T', ' ')) !== null;
    case 'number':
      return isNumber(value);
    case 'positive':
      return isNumber(value) && new Decimal(String(value)).gt(0);
    case 'text':
      return typeof value === 'string' && value !== '';
    default:
      return usable(books.data[kind].get(code ?? ''), org);
  }
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
