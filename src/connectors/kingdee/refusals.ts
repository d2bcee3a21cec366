import { AppError } from '../../errors.ts';
import { hasPhrase, phrase } from '../../phrases.ts';
import type { MissingDatum, Shortage, StepResult, TargetBill } from '../../sync/connector.ts';
import type { ResponseStatus } from './client.ts';
import { type AnswerError, classify, errorsOf, fieldOf, refused, rowOf, said } from './errors.ts';
import type { BaseData } from './lookup.ts';
import { kindOf, missingAmong, organizationOf, referencesOf } from './references.ts';

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
  if (error.code === 'kingdee.refused' && MsgCode === '4')
    return { error: new AppError('kingdee.aborted', 'in_doubt', { category: 'transport' }) };
  return error.kind === 'data' || error.kind === 'conflict' ? { error, apart: true } : { error };
}

/** The outcome of one bill of a BatchSave of these numbers. A required-field error is looked into: missing, or not allocated? */
export async function resultOf(
  bill: TargetBill,
  index: number,
  numbers: readonly string[],
  status: ResponseStatus,
  baseData: BaseData,
): Promise<StepResult> {
  const done = status.SuccessEntitys.find(
    (entity) => Number(entity.DIndex) === index || String(entity.Number) === bill.number,
  );
  if (done) return { ok: true, id: String(done.Id ?? ''), number: String(done.Number ?? bill.number) };
  const errors = errorsOf(status.Errors, numbers, index);
  const first = errors[0];
  if (!first) return { ok: false, number: bill.number, ...unsaid(status) };
  const error = classify(first, status.MsgCode);
  const open: readonly (string | undefined)[] = ['material_missing', 'base_data_missing', 'vendor_rule', 'unknown'];
  return {
    ok: false,
    number: bill.number,
    error:
      open.includes(error.category) && error.kind === 'data'
        ? await refine(bill, errors, error, status.MsgCode, baseData)
        : error,
  };
}

/**
 * 金蝶 says only "required" for a code it does not know and for one the organisation may not use, and names the same field where a
 * rule of its own is broken: ask which, and name the codes.
 */
async function refine(
  bill: TargetBill,
  errors: readonly AnswerError[],
  error: AppError,
  msgCode: string,
  baseData: BaseData,
): Promise<AppError> {
  const [about = {}] = errors;
  const field = fieldOf(about);
  const kind = field === null ? undefined : kindOf(field);
  if (field === null || !kind) return error;
  const rows = errors.flatMap((one) => (fieldOf(one) === field ? (rowOf(one) ?? []) : []));
  const named = referencesOf(bill).filter(
    (one) =>
      one.field.toLowerCase() === field.toLowerCase() &&
      (one.row === null || rows.length === 0 || rows.includes(one.row)),
  );
  // What the bill does not name cannot be missing over there.
  if (named.length === 0) return refused(about, msgCode);
  const org = organizationOf(bill);
  let missing: MissingDatum[];
  try {
    missing = await missingAmong(named, org, baseData);
  } catch {
    return error; // the refusal is known all the same
  }
  const codes = (why: MissingDatum['why']): string[] =>
    missing.filter((one) => one.why === why).map(({ code }) => code);
  const cause = error.cause;
  if (codes('absent').length > 0) {
    const category = kind === 'material' ? 'material_missing' : 'base_data_missing';
    const params = { field: labelOf(field, String(error.params.field ?? field)), kind };
    return new AppError(`kingdee.${category}`, 'data', { category, params, subjects: codes('absent'), cause });
  }
  // A code that its organisation may not use is refused as one that is not there, never for a rule.
  if (error.category === 'vendor_rule' || error.category === 'unknown') return error;
  if (codes('not_allocated').length > 0)
    return new AppError('kingdee.not_allocated', 'data', {
      category: 'not_allocated',
      params: { org, kind },
      subjects: codes('not_allocated'),
      cause,
    });
  return new AppError('kingdee.unusable', 'data', {
    category: 'vendor_rule',
    params: { code: [...new Set(named.map(({ code }) => code))].join('、'), said: said(about).said ?? '' },
    subjects: [...new Set(named.map(({ code }) => code))],
    cause,
  });
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

/** As our own table calls it, else as the refusal does. */
function labelOf(field: string, spoken: string): string {
  const keys = ['', 'FEntity__', 'SubHeadEntity__'].map((place) => `catalogue.kingdee.field.${place}${field}`);
  const known = keys.find(hasPhrase);
  return known ? phrase(known) : spoken;
}
