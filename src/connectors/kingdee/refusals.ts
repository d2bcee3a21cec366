import { AppError } from '../../errors.ts';
import { phrase } from '../../phrases.ts';
import type { Shortage, StepResult, TargetBill } from '../../sync/connector.ts';
import type { ResponseStatus } from './client.ts';
import { type AnswerError, classify, fieldOf, rowOf } from './errors.ts';
import type { BaseData } from './lookup.ts';
import { missingAmong, organizationOf, referencesOf } from './references.ts';

/**
 * An answer that does not mention a bill. Where nothing of its batch went through, it was refused with the others: for what concerns
 * them all, or for the sake of one of them, and then it is tried apart. Else what happened has to be looked up.
 */
export function unsaid(status: ResponseStatus): { error: AppError; apart?: boolean } {
  const { MsgCode, Errors, SuccessEntitys } = status;
  if (['13', '14'].includes(MsgCode)) return { error: classify({}, MsgCode) };
  const [first] = Errors;
  if (!first || SuccessEntitys.length > 0)
    return { error: new AppError('sync.no_answer', 'in_doubt', { category: 'transport' }) };
  const error = classify(first, MsgCode);
  if (error.category === 'unknown' && MsgCode === '4')
    return { error: new AppError('kingdee.aborted', 'in_doubt', { category: 'transport' }) };
  return error.kind === 'data' || error.kind === 'conflict' ? { error, apart: true } : { error };
}

/** The outcome of one bill of a BatchSave, by its DIndex. A required-field error is looked into: missing, or not allocated? */
export async function resultOf(
  bill: TargetBill,
  index: number,
  size: number,
  status: ResponseStatus,
  baseData: BaseData,
): Promise<StepResult> {
  const done = status.SuccessEntitys.find(
    (entity) => Number(entity.DIndex) === index || String(entity.Number) === bill.number,
  );
  if (done) return { ok: true, id: String(done.Id ?? ''), number: String(done.Number ?? bill.number) };
  const own = status.Errors.filter((error) => error.DIndex !== undefined && Number(error.DIndex) === index);
  const errors = own.length > 0 ? own : size === 1 ? status.Errors : [];
  const first = errors[0];
  if (!first) return { ok: false, number: bill.number, ...unsaid(status) };
  const error = classify(first, status.MsgCode);
  const refined =
    error.category === 'material_missing' || error.category === 'base_data_missing'
      ? await refine(bill, errors, error, baseData)
      : error;
  return { ok: false, number: bill.number, error: refined };
}

/** 金蝶 says only "required" for a code it does not know and for one the organisation may not use: ask which, and name the codes. */
async function refine(
  bill: TargetBill,
  errors: readonly AnswerError[],
  fallback: AppError,
  baseData: BaseData,
): Promise<AppError> {
  const field = errors[0] ? fieldOf(errors[0]) : null;
  const rows = errors.map(rowOf).filter((row) => row !== null);
  const named = referencesOf(bill).filter(
    (one) =>
      one.field.toLowerCase() === field?.toLowerCase() &&
      (one.row === null || rows.length === 0 || rows.includes(one.row)),
  );
  const [first] = named;
  if (!first) return fallback;
  const org = organizationOf(bill);
  const missing = await missingAmong(named, org, baseData);
  const codes = (why: 'absent' | 'not_allocated'): string[] =>
    missing.filter((one) => one.why === why).map(({ code }) => code);
  if (codes('absent').length > 0)
    return new AppError(fallback.code, 'data', {
      category: fallback.category ?? 'base_data_missing',
      params: { field: labelOf(first.field), kind: first.kind },
      subjects: codes('absent'),
    });
  if (codes('not_allocated').length > 0)
    return new AppError('kingdee.not_allocated', 'data', {
      category: 'not_allocated',
      params: { org, kind: first.kind },
      subjects: codes('not_allocated'),
    });
  return fallback;
}

/** A refusal for negative stock with the materials named; 金蝶's own text names none. */
export function saidShort(shortages: readonly Shortage[], error: AppError): AppError {
  if (shortages.length === 0) return error;
  const what = shortages.map(({ material, stock, stockName, needed, left }) =>
    phrase(left ? 'errors.kingdee.short.known' : 'errors.kingdee.short.unknown', {
      material,
      stock: [stock, stockName].filter(Boolean).join(' '),
      needed: needed.toFixed(),
      ...(left ? { left: left.toFixed(), short: needed.minus(left).toFixed() } : {}),
    }),
  );
  return new AppError('kingdee.short', 'data', {
    category: 'negative_stock',
    params: { what: what.join('；') },
    subjects: [...new Set(shortages.map(({ material }) => material))],
    cause: error,
  });
}

const labelOf = (field: string): string =>
  phrase(`catalogue.kingdee.field.${field === 'FStockID' || field === 'FMaterialID' ? `FEntity__${field}` : field}`);
