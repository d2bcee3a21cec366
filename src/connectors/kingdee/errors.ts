import { AppError } from '../../errors.ts';

export interface AnswerError {
  FieldName?: string | null;
  Message?: string;
  DIndex?: number | string;
}

const sessionLost = /会话信息已丢失|Session information is lost/i;

/** Whether a text of any shape says that the session is gone. */
export function saysSessionLost(text: string): boolean {
  return sessionLost.test(text);
}

export function isSessionLost(status: { MsgCode?: unknown; Errors?: readonly AnswerError[] }): boolean {
  return String(status.MsgCode) === '1' || (status.Errors ?? []).some((error) => sessionLost.test(error.Message ?? ''));
}

/** Field names of the base data a bill refers to; anything else that is required is the mapping's business. */
const material = /^F?MaterialId$/i;
const baseData =
  /^F?(CustomerId|StockId|StockOrgId|SaleOrgId|SettleOrgId|SettleCurrId|UnitId|OwnerId|SalesManId|SaleDeptId|BillTypeId|StockStatusId)$/i;
const required = /字段[“"【]?(.+?)[”"】]?(是必填项|必录)|【(.+?)】字段必录/;
const labels: readonly (readonly [RegExp, string])[] = [
  [/物料/, 'FMaterialID'],
  [/客户/, 'FCustomerID'],
  [/仓库/, 'FStockID'],
  [/组织/, 'FStockOrgId'],
];

/**
 * One error of an answer as one of the closed categories. Patterns are the texts of the form's own validation; those about closed
 * periods are not documented anywhere, hence the wide net.
 */
export function classify(error: AnswerError, msgCode: string): AppError {
  const message = error.Message ?? '';
  const field = (error.FieldName ?? '').split('.').at(-1) ?? '';
  const make = (
    code: string,
    kind: AppError['kind'],
    category: NonNullable<AppError['category']>,
    params: Record<string, string> = {},
  ): AppError => new AppError(`kingdee.${code}`, kind, { category, params, subjects: bracketed(message) });
  if (sessionLost.test(message)) return make('session', 'auth', 'session');
  if (/编码唯一|已经被使用|唯一性/.test(message)) return make('duplicate', 'conflict', 'duplicate_conflict');
  if (/关账|结账|已关闭|会计期间|期间/.test(message)) return periodClosed(message);
  if (field === 'AbstractInteractionResult' || /更新库存时出现可以忽略的异常|负库存|库存不足|即时库存/.test(message))
    return make('negative_stock', 'data', 'negative_stock');
  if (material.test(field) || (required.test(message) && /物料/.test(message)))
    return make('material_missing', 'data', 'material_missing');
  if (baseData.test(field) || required.test(message))
    return make('base_data_missing', 'data', 'base_data_missing', { field: labelOf(message, field) });
  if (msgCode === '2' || /没有.*权限|无权/.test(message)) return make('permission', 'auth', 'permission');
  if (msgCode === '13' || msgCode === '14') return make('busy', 'rate_limited', 'rate_limited');
  if (msgCode === '12' || /不允许|已审核|已提交|状态/.test(message)) return make('wrong_state', 'conflict', 'unknown');
  if (msgCode === '7') return make('licence', 'auth', 'permission');
  if (msgCode === '4' && /超时|死锁|timeout|deadlock/i.test(message)) return make('aborted', 'in_doubt', 'transport');
  return make('refused', 'data', 'unknown', { code: msgCode });
}

/** The text is not documented: the bill's day and the closing day are taken out of it where they stand, and never guessed. */
function periodClosed(message: string): AppError {
  const day = /单据日期\[?(\d{4}-\d{2}-\d{2})/.exec(message)?.[1];
  const closed = /[关结]账日期\[?(\d{4}-\d{2}-\d{2})/.exec(message)?.[1];
  return new AppError(closed ? 'kingdee.closed_until' : 'kingdee.period_closed', 'data', {
    category: 'period_closed',
    params: closed ? { closed } : {},
    subjects: day ? [day] : [],
  });
}

/** Which base-data field a required-field error is about, as the model names it; null for other errors. */
export function fieldOf(error: AnswerError): string | null {
  const field = (error.FieldName ?? '').split('.').at(-1) ?? '';
  if (material.test(field)) return 'FMaterialID';
  if (/customer/i.test(field)) return 'FCustomerID';
  if (/^F?StockId$/i.test(field)) return 'FStockID';
  if (!required.test(error.Message ?? '')) return null;
  return labels.find(([pattern]) => pattern.test(error.Message ?? ''))?.[1] ?? null;
}

/** Which entry row (from 0) an error is about, as its text says. */
export function rowOf(error: AnswerError): number | null {
  const row = /第[【]?(\d+)[】]?行/.exec(error.Message ?? '')?.[1];
  return row ? Number(row) - 1 : null;
}

function labelOf(message: string, field: string): string {
  return (
    /字段“(.+?)”|【(.+?)】字段必录/
      .exec(message.replace(/单据体“.+?”/, ''))
      ?.slice(1)
      .find(Boolean) ?? field
  );
}

/** Codes in square brackets of a text, which is where the server puts material and bill numbers. */
function bracketed(message: string): string[] {
  return [...new Set([...message.matchAll(/\[([\w.-]{1,40})\]/g)].map((match) => match[1] ?? ''))];
}
