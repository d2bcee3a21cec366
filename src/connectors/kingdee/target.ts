import type { KingdeeSettings } from '../../config.ts';
import { Decimal, round2, toDecimal } from '../../decimal.ts';
import { AppError } from '../../errors.ts';
import { phrase } from '../../phrases.ts';
import type {
  BaseDataKind,
  BillRef,
  Catalogue,
  FoundBill,
  ListedEntry,
  StepResult,
  Target,
  TargetBill,
} from '../../sync/connector.ts';
import { Client, type ResponseStatus } from './client.ts';
import { type AnswerError, classify, fieldOf, rowOf } from './errors.ts';
import { BaseData, quoted } from './lookup.ts';
import { parseOptions } from './options.ts';
import { Session } from './session.ts';

export interface KingdeeParts {
  catalogue: Catalogue;
  now: () => Date;
  sleep: (ms: number) => Promise<void>;
  timeoutMs: number;
  form: string;
  /** `target.options` of the pipeline file. */
  options: Readonly<Record<string, unknown>>;
  /** The unit code of an entry whose material's own cannot be read. */
  unit: string;
}

const kinds: Readonly<Record<string, BaseDataKind>> = {
  FMaterialID: 'material',
  FCustomerID: 'customer',
  FStockID: 'stock',
  FStockOrgId: 'organization',
};

/** 金蝶云星空 as a Target: BatchSave, Submit and Audit as steps of their own, read-back by bill number. */
export function createKingdeeTarget(settings: KingdeeSettings, parts: KingdeeParts): Target {
  const client = new Client(new Session(settings, parts.timeoutMs, parts.now), parts.sleep);
  const baseData = new BaseData(client);
  const { form } = parts;
  const { FormId: _form, Operation: _operation, ...saveOptions } = parseOptions(parts.options);
  const interaction = saveOptions.InterationFlags ? { InterationFlags: saveOptions.InterationFlags } : {};

  /** A step over bills that are there already; the answer names them by number, id or place. */
  const step = async (operation: string, refs: readonly BillRef[], extra: object = {}): Promise<StepResult[]> => {
    const status = await client.act(operation, form, {
      CreateOrgId: 0,
      Numbers: refs.map((ref) => ref.number),
      Ids: '',
      ...extra,
    });
    return refs.map((ref, index) => {
      const done = status.SuccessEntitys.some(
        (entity) => String(entity.Number) === ref.number || String(entity.Id) === ref.id,
      );
      if (done || (status.IsSuccess && status.Errors.length === 0)) return { ok: true, ...ref };
      const own =
        status.Errors.find((error) => error.Message?.includes(ref.number) || Number(error.DIndex) === index) ??
        (refs.length === 1 ? status.Errors[0] : undefined);
      return { ok: false, number: ref.number, error: own ? classify(own, status.MsgCode) : unsaid(status) };
    });
  };

  return {
    catalogue: parts.catalogue,
    timeoutMs: parts.timeoutMs,

    async find(numbers) {
      const found = new Map<string, FoundBill>();
      for (let from = 0; from < numbers.length; from += 50) {
        for (const row of await queryBills(client, form, numbers.slice(from, from + 50))) addRow(found, row);
      }
      return found;
    },

    async *list(first, last) {
      for (let start = 0; ; start += pageRows) {
        const page = await client.query({
          FormId: form,
          FieldKeys: 'FID,FBillNo,FDocumentStatus,FDate,FTaxPrice,FRealQty',
          FilterString: `FDate >= '${first}' and FDate <= '${last} 23:59:59'`,
          OrderString: 'FID',
          TopRowCount: 0,
          StartRow: start,
          Limit: pageRows,
        });
        if (page.length > 0) yield page.map(entryOf);
        if (page.length < pageRows) return;
      }
    },

    async save(bills) {
      const models = await withUnits(bills, baseData, parts.unit);
      const status = await client.act('BatchSave', form, { ...saveOptions, Model: models });
      const results: StepResult[] = [];
      for (const [index, bill] of bills.entries())
        results.push(await resultOf(bill, index, bills.length, status, baseData));
      return results;
    },

    submit: (refs) => step('Submit', refs),
    audit: (refs) => step('Audit', refs, interaction),
    unaudit: (refs) => step('UnAudit', refs, interaction),
    remove: (refs) => step('Delete', refs),
    lookup: (kind, codes) => baseData.lookup(kind, codes),
    forget: () => baseData.forget(),

    async check() {
      await client.query({
        FormId: form,
        FieldKeys: 'FID,FBillNo',
        FilterString: "FBillNo='0'",
        TopRowCount: 0,
        StartRow: 0,
        Limit: 1,
      });
    },
  };
}

/**
 * The form requires FUnitID on every entry and orders do not carry one: the material's stock unit, as 金蝶 has it, unless the
 * mapping says otherwise. Servers that refuse the question get the pipeline's own unit.
 */
async function withUnits(
  bills: readonly TargetBill[],
  baseData: BaseData,
  unit: string,
): Promise<Record<string, unknown>[]> {
  const entriesOf = ({ model }: TargetBill): Record<string, unknown>[] =>
    Array.isArray(model.FEntity) ? (model.FEntity as Record<string, unknown>[]) : [];
  const bare = bills.flatMap(entriesOf).filter((entry) => entry.FUnitID === undefined);
  const materials = bare.flatMap((entry) => codeOf(entry.FMaterialID) ?? []);
  let units: ReadonlyMap<string, string> = new Map();
  try {
    units = await baseData.units(materials);
  } catch (error) {
    if (!(error instanceof AppError) || error.kind !== 'data') throw error;
  }
  return bills.map((bill) => ({
    ...bill.model,
    FEntity: entriesOf(bill).map((entry) => ({
      ...entry,
      FUnitID: entry.FUnitID ?? { FNumber: units.get(codeOf(entry.FMaterialID) ?? '') ?? unit },
    })),
  }));
}

const unsaid = (status: ResponseStatus): AppError =>
  ['13', '14'].includes(status.MsgCode)
    ? classify({}, status.MsgCode)
    : new AppError('sync.no_answer', 'in_doubt', { category: 'transport' });

/** The outcome of one bill of a BatchSave, by its DIndex. A required-field error is looked into: missing, or not allocated? */
async function resultOf(
  bill: TargetBill,
  index: number,
  size: number,
  status: ResponseStatus,
  baseData: BaseData,
): Promise<StepResult> {
  const done = status.SuccessEntitys.find(
    (entity) => Number(entity.DIndex) === index || String(entity.Number) === bill.number,
  );
  if (done) return { ok: true, id: String(done.Id ?? ''), number: bill.number };
  const own = status.Errors.filter((error) => error.DIndex !== undefined && Number(error.DIndex) === index);
  const errors = own.length > 0 ? own : size === 1 ? status.Errors : [];
  const first = errors[0];
  if (!first)
    return {
      ok: false,
      number: bill.number,
      error: status.Errors[0] && status.SuccessEntitys.length === 0 ? wholeBatch(status) : unsaid(status),
    };
  const error = classify(first, status.MsgCode);
  const refined =
    error.category === 'material_missing' || error.category === 'base_data_missing'
      ? await refine(bill, errors, error, baseData)
      : error;
  return { ok: false, number: bill.number, error: refined };
}

/** An error that names no bill concerns all of them; unless it clearly refused them, what happened has to be looked up. */
function wholeBatch(status: ResponseStatus): AppError {
  const error = classify(status.Errors[0] ?? {}, status.MsgCode);
  return error.category === 'unknown' && status.MsgCode === '4'
    ? new AppError('kingdee.aborted', 'in_doubt', { category: 'transport' })
    : error;
}

/** 金蝶 says only "required" for a code it does not know and for one the organisation may not use: ask which, and name the codes. */
async function refine(
  bill: TargetBill,
  errors: readonly AnswerError[],
  fallback: AppError,
  baseData: BaseData,
): Promise<AppError> {
  const first = errors[0];
  const field = first ? fieldOf(first) : null;
  const kind = field ? kinds[field] : undefined;
  if (!field || !kind) return fallback;
  const org = codeOf(bill.model.FStockOrgId) ?? '';
  const entries = Array.isArray(bill.model.FEntity) ? (bill.model.FEntity as Record<string, unknown>[]) : [];
  const rows = errors.map(rowOf).filter((row) => row !== null);
  const holders: Record<string, unknown>[] =
    field in bill.model
      ? [bill.model]
      : rows.length > 0
        ? rows.flatMap((row) => {
            const entry = entries[row];
            return entry ? [entry] : [];
          })
        : entries;
  const codes = [...new Set(holders.map((holder) => codeOf(holder[field])).filter((code) => code !== null))];
  const known = await baseData.lookup(kind, codes);
  const missing = codes.filter((code) => !known.has(code));
  const locked = codes.filter((code) => known.get(code)?.organizations?.includes(org) === false);
  if (missing.length > 0)
    return new AppError(fallback.code, 'data', {
      category: fallback.category ?? 'base_data_missing',
      params: { field: labelOf(field) },
      subjects: missing,
    });
  if (locked.length > 0)
    return new AppError('kingdee.not_allocated', 'data', {
      category: 'not_allocated',
      params: { org },
      subjects: locked,
    });
  return fallback;
}

const labelOf = (field: string): string =>
  phrase(`catalogue.kingdee.field.${field === 'FStockID' || field === 'FMaterialID' ? `FEntity__${field}` : field}`);

function codeOf(value: unknown): string | null {
  return value !== null && typeof value === 'object' && 'FNumber' in value ? String(value.FNumber) : null;
}

const pageRows = 2000;

async function queryBills(client: Client, form: string, numbers: readonly string[]): Promise<unknown[][]> {
  const rows: unknown[][] = [];
  for (let start = 0; ; start += pageRows) {
    const page = await client.query({
      FormId: form,
      FieldKeys: 'FID,FBillNo,FDocumentStatus,FCustomerID.FNumber,FTaxPrice,FRealQty',
      FilterString: `FBillNo in (${quoted(numbers)})`,
      OrderString: '',
      TopRowCount: 0,
      StartRow: start,
      Limit: pageRows,
    });
    rows.push(...page);
    if (page.length < pageRows) return rows;
  }
}

function entryOf([id, number, status, date, price, quantity]: unknown[]): ListedEntry {
  const qty = toDecimal(quantity) ?? new Decimal(0);
  return {
    id: String(id),
    number: String(number),
    status: String(status) as FoundBill['status'],
    day: String(date).slice(0, 10).replaceAll('/', '-'),
    amount: round2((toDecimal(price) ?? new Decimal(0)).times(qty)),
    quantity: qty,
  };
}

/** Query rows are one an entry; a bill's amount and quantity are summed over them, unknown as soon as one is unknown. */
function addRow(found: Map<string, FoundBill>, [id, number, status, customer, price, quantity]: unknown[]): void {
  const known = found.get(String(number));
  const qty = toDecimal(quantity);
  const unit = toDecimal(price);
  const amount = unit && qty ? round2(unit.times(qty)) : null;
  const plus = (sum: Decimal | null, value: Decimal | null): Decimal | null => (sum && value ? sum.plus(value) : null);
  const zero = new Decimal(0);
  found.set(String(number), {
    id: String(id),
    number: String(number),
    status: String(status) as FoundBill['status'],
    customer: typeof customer === 'string' && customer !== '' ? customer : null,
    amount: plus(known ? known.amount : zero, amount),
    quantity: plus(known ? known.quantity : zero, qty),
  });
}
