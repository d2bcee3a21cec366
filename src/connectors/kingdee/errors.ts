import { AppError } from '../../errors.ts';
import { hasPhrase, phrase } from '../../phrases.ts';
import { causeOf, loginCauseOf, sessionLost } from './causes.ts';
import { redacted, saidIn } from './said.ts';

export interface AnswerError {
  FieldName?: string | null;
  Message?: string;
  DIndex?: number | string;
}

/** Whether a text of any shape says that the session is gone. */
export function saysSessionLost(text: string): boolean {
  return sessionLost.test(text);
}

export function isSessionLost(status: { MsgCode?: unknown; Errors?: readonly AnswerError[] }): boolean {
  return String(status.MsgCode) === '1' || (status.Errors ?? []).some((error) => sessionLost.test(error.Message ?? ''));
}

/** Fields that hold the code of something, as the model spells them; the labels are those of errors that name no field. */
const baseFields: readonly (readonly [name: string, spelled: RegExp, label?: RegExp])[] = [
  ['FMaterialID', /^F?MaterialId$/i, /物料/],
  ['FCustomerID', /^F?CustomerId$/i, /客户/],
  ['FStockStatusID', /^F?StockStatusId$/i, /库存状态/],
  ['FStockID', /^F?StockId$/i, /仓库/],
  ['FSaleOrgId', /^F?SaleOrgId$/i, /销售组织/],
  ['FSettleOrgID', /^F?SettleOrgId$/i, /结算组织/],
  ['FStockOrgId', /^F?StockOrgId$/i, /组织/],
  ['FUnitID', /^F?(?:Unit|PriceUnit|SalUnit|StoreUnit|BaseUnit)Id$/i, /单位/],
  ['FOwnerID', /^F?OwnerId(?:Head)?$/i, /货主/],
  ['FSalesManID', /^F?SalesManId$/i, /销售员/],
  ['FSaleDeptID', /^F?SaleDeptId$/i, /销售部门/],
  ['FSettleCurrID', /^F?SettleCurrId$/i, /币/],
  ['FBillTypeID', /^F?BillTypeId$/i, /单据类型/],
];
/** What the server says of a code that it does not know, or that the organisation may not use. */
const required = /字段[“"【]?(.+?)[”"】]?(?:是必填项|必录)|【(.+?)】字段必录/;

/** Which base-data field an error is about, as the model names it; null for other errors. */
export function fieldOf(error: AnswerError): string | null {
  const { Message = '' } = error;
  const field = nameIn(error);
  const label = field === '' && required.test(Message) ? labelIn(Message) : null;
  return (
    baseFields.find(([, spelled, labelled]) => spelled.test(field) || (label && labelled?.test(label)))?.[0] ?? null
  );
}

const nameIn = ({ FieldName }: AnswerError): string => (FieldName ?? '').split('.').at(-1) ?? '';

/** Which entry row (from 0) an error is about, as its text says. */
export function rowOf(error: AnswerError): number | null {
  const row = /第[【]?(\d+)[】]?行/.exec(error.Message ?? '')?.[1];
  return row ? Number(row) - 1 : null;
}

/** Whether a text names a bill; JST1 is not named by JST10. */
export function names({ Message = '' }: AnswerError, number: string): boolean {
  const plain = number.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  return number !== '' && new RegExp(`(?<![A-Za-z0-9])${plain}(?![A-Za-z0-9])`).test(Message);
}

/** The errors of an answer that are about one bill of a batch: those that name it, then those of its place that name no other. */
export function errorsOf(errors: readonly AnswerError[], numbers: readonly string[], index: number): AnswerError[] {
  if (numbers.length === 1) return [...errors];
  const named = errors.filter((error) => names(error, numbers[index] ?? ''));
  const placed = errors.filter(
    (error) => String(error.DIndex) === String(index) && !numbers.some((number) => names(error, number)),
  );
  return [...named, ...placed];
}

/** One error of an answer as one of the closed categories; 金蝶's own sentence goes with it. */
export function classify(error: AnswerError, msgCode: string): AppError {
  const message = error.Message ?? '';
  const field = fieldOf(error);
  const cause = causeOf({ message, msgCode, field: field ?? nameIn(error), required: required.test(message) });
  if (!cause) return refused(error, msgCode);
  return new AppError(`kingdee.${cause.code}`, cause.kind, {
    category: cause.category,
    params: {
      ...(hasPhrase(`errors.kingdee.${cause.code}.said`) ? said(error) : {}),
      ...(field ? { field: labelIn(message) ?? field } : {}),
      ...(cause.params ? { ...cause.params.exec(message)?.groups } : {}),
    },
    subjects: codesIn(message, cause.subjects),
    cause: wire(error, msgCode),
  });
}

/** A refusal that we know nothing about: its own sentence is all there is. */
export function refused(error: AnswerError, msgCode: string): AppError {
  const params = said(error);
  return new AppError('kingdee.refused', 'data', {
    category: params.said === undefined ? 'unknown' : 'vendor_rule',
    params: { code: msgCode, ...params },
    subjects: codesIn(error.Message ?? ''),
    cause: wire(error, msgCode),
  });
}

/** A login that was refused, with the next step its words call for. */
export function loginRefused(message: string, type: string): AppError {
  return new AppError('kingdee.login_refused', 'auth', {
    category: 'session',
    params: { type, ...said({ Message: message }), next: phrase(`errors.kingdee.login.${loginCauseOf(message)}`) },
    cause: new Error(`LoginResultType ${type} ${saidIn(message)}`),
  });
}

/** A session that is lost again as soon as it is renewed; the words may say that it is a login that was refused. */
export function sessionEnded(message: string): AppError {
  if (loginCauseOf(message) !== 'unknown') return loginRefused(message, '?');
  return new AppError('kingdee.session', 'auth', { category: 'session', cause: new Error(saidIn(message)) });
}

/** The sentence in an answer that has no status: a Message, or the text that stands for an exception. */
export function messageIn(text: string): string {
  const answer = objectIn(text);
  if (!answer) return text.replace(/^"?\s*response_error:/i, '');
  return typeof answer.Message === 'string' ? answer.Message : '';
}

export function objectIn(text: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(text);
    return value !== null && typeof value === 'object' ? (value as Record<string, unknown>) : null;
  } catch {
    return null;
  }
}

export function said({ Message = '' }: AnswerError): { said?: string } {
  const text = saidIn(Message);
  return text === '' ? {} : { said: text };
}

/** For the log: what was answered, also where a person reads our own words for it. */
const wire = (error: AnswerError, msgCode: string): Error =>
  new Error([`MsgCode ${msgCode}`, error.FieldName, saidIn(error.Message ?? '')].filter(Boolean).join(' '));

function labelIn(message: string): string | null {
  const [, ...labels] =
    /字段[“"【](.+?)[”"】]|【(.+?)】字段/.exec(message.replace(/单据体(?:实体)?[“【].+?[”】]/, '')) ?? [];
  return labels.find(Boolean) ?? null;
}

/** Codes in square brackets of a text, which is where the server puts material and bill numbers; or what a pattern's group finds. */
function codesIn(message: string, pattern: RegExp = /\[([\w.-]{1,40})\]/g): string[] {
  return [...new Set([...redacted(message).matchAll(pattern)].map((match) => match[1] ?? ''))];
}
