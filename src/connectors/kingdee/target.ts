import { chunk } from '../../chunk.ts';
import { Decimal, round2, toDecimal } from '../../decimal.ts';
import { AppError } from '../../errors.ts';
import type {
  BillRef,
  BillState,
  FoundBill,
  ListedEntry,
  StepResult,
  Target,
  TargetBill,
} from '../../sync/connector.ts';
import type { Account } from './account.ts';
import { classify, errorsOf } from './errors.ts';
import type { Form } from './forms/form.ts';
import { shortagesOf } from './inventory.ts';
import { type BaseData, quoted } from './lookup.ts';
import { parseOptions } from './options.ts';
import { codeOf, missingIn } from './references.ts';
import { resultOf, saidShort, unsaid } from './refusals.ts';

export interface KingdeeParts {
  form: Form;
  /** `target.options` of the pipeline file. */
  options: Readonly<Record<string, unknown>>;
  /** The unit code of an entry whose material's own cannot be read. */
  unit: string;
}

/** A kind of bill of a 金蝶云星空 account as a Target: BatchSave, Submit and Audit as steps of their own, read-back by bill number. */
export function createKingdeeTarget({ client, baseData, timeoutMs }: Account, parts: KingdeeParts): Target {
  const { form } = parts;
  const { FormId: _form, Operation: _operation, ...saveOptions } = parseOptions(parts.options);
  const interaction = saveOptions.InterationFlags ? { InterationFlags: saveOptions.InterationFlags } : {};

  /** A step over bills that are there already; the answer names them by number, id or place. */
  const step = async (operation: string, refs: readonly BillRef[], extra: object = {}): Promise<StepResult[]> => {
    const numbers = refs.map((ref) => ref.number);
    const status = await client.act(operation, form.id, {
      CreateOrgId: 0,
      Numbers: numbers,
      Ids: '',
      ...extra,
    });
    return refs.map((ref, index) => {
      const done = status.SuccessEntitys.some(
        (entity) => String(entity.Number) === ref.number || String(entity.Id) === ref.id,
      );
      if (done || (status.IsSuccess && status.Errors.length === 0)) return { ok: true, ...ref };
      const [own] = errorsOf(status.Errors, numbers, index);
      if (own) return { ok: false, number: ref.number, error: classify(own, status.MsgCode) };
      return { ok: false, number: ref.number, ...unsaid(status) };
    });
  };

  return {
    layout: form,
    timeoutMs,

    async find(numbers) {
      const found = new Map<string, FoundBill>();
      const columns = columnsOf(form);
      for (const some of chunk(numbers, numbersAtOnce)) {
        const pages = client.pages({
          FormId: form.id,
          FieldKeys: fieldsOf(columns),
          FilterString: `FBillNo in (${quoted(some)})`,
          OrderString: '',
        });
        for await (const page of pages) for (const row of page) addRow(found, named(row, columns));
      }
      return found;
    },

    async *list(first, last) {
      const listed = columnsOf({ ...form, party: null });
      const pages = client.pages({
        FormId: form.id,
        FieldKeys: fieldsOf(listed),
        FilterString: `${form.date} >= '${first}' and ${form.date} <= '${last} 23:59:59'`,
        OrderString: 'FID',
      });
      for await (const page of pages) yield page.map((row) => entryOf(named(row, listed)));
    },

    async save(bills) {
      const models = await withUnits(bills, form, baseData, parts.unit);
      const status = await client.act('BatchSave', form.id, { ...saveOptions, Model: models });
      const numbers = bills.map(({ number }) => number);
      const results: StepResult[] = [];
      for (const [index, bill] of bills.entries())
        results.push(await resultOf({ ...bill, model: models[index] ?? bill.model }, index, numbers, status, baseData));
      return results;
    },

    submit: (refs) => step('Submit', refs),
    audit: (refs) => step('Audit', refs, interaction),
    unsubmit: (refs) => step('CancelAssign', refs),
    unaudit: (refs) => step('UnAudit', refs, interaction),
    remove: (refs) => step('Delete', refs),
    lookup: (kind, codes) => baseData.lookup(kind, codes),
    near: (kind, code, name) => baseData.near(kind, code, name),
    search: (kind, text, most) => baseData.search(kind, text, most),
    missing: (bills) => missingIn(bills, baseData),
    shortages: (bill) => shortagesOf(bill, form, client, baseData),
    async explain(bill, error) {
      if (error.category !== 'negative_stock') return error;
      try {
        return saidShort(await shortagesOf(bill, form, client, baseData), error);
      } catch {
        return error; // the cause is known all the same
      }
    },
    forget: () => baseData.forget(),

    async check() {
      await client.query({
        FormId: form.id,
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
  form: Form,
  baseData: BaseData,
  unit: string,
): Promise<Record<string, unknown>[]> {
  const entriesOf = ({ model }: TargetBill) => (model[form.entry] ?? []) as Record<string, unknown>[];
  const bareOf = (entry: Record<string, unknown>) => form.units.filter((field) => entry[field] === undefined);
  const bare = bills.flatMap(entriesOf).filter((entry) => bareOf(entry).length > 0);
  const materials = bare.flatMap((entry) => codeOf(entry[form.material]) ?? []);
  let units: ReadonlyMap<string, string> = new Map();
  try {
    units = await baseData.units(materials);
  } catch (error) {
    if (!(error instanceof AppError) || error.kind !== 'data') throw error;
  }
  return bills.map((bill) => ({
    ...bill.model,
    [form.entry]: entriesOf(bill).map((entry) => {
      const own = { FNumber: units.get(codeOf(entry[form.material]) ?? '') ?? unit };
      return { ...entry, ...Object.fromEntries(bareOf(entry).map((field) => [field, own])) };
    }),
  }));
}

const numbersAtOnce = 50;

interface BillRow {
  id: unknown;
  number: unknown;
  /** 单据状态 */
  document: unknown;
  /** 作废状态 */
  cancel: unknown;
  date: unknown;
  amount?: unknown;
  quantity: unknown;
  party?: unknown;
}

type Column = readonly [name: keyof BillRow, field: string];

/** What is asked of a bill, in the order of the answer. A field that a form has not is refused by the server. */
const columnsOf = ({ date, amount, quantity, party }: Form): Column[] => [
  ['id', 'FID'],
  ['number', 'FBillNo'],
  ['document', 'FDocumentStatus'],
  ['cancel', 'FCancelStatus'],
  ['date', date],
  ...(amount === null ? [] : [['amount', amount] as const]),
  ['quantity', quantity],
  ...(party === null ? [] : [['party', `${party}.FNumber`] as const]),
];

const named = (row: readonly unknown[], columns: readonly Column[]): BillRow =>
  Object.fromEntries(columns.map(([name], place) => [name, row[place]])) as unknown as BillRow;

const fieldsOf = (columns: readonly Column[]): string => columns.map(([, field]) => field).join(',');

/** Z 暂存, A 创建, B 审核中, C 已审核, D 重新审核; 作废状态 B is void whatever else it is. */
function stateOf(document: unknown, cancel: unknown): BillState {
  if (cancel === 'B') return 'void';
  return document === 'C' ? 'final' : document === 'B' ? 'submitted' : 'draft';
}

const dayOf = (date: unknown): string => String(date).slice(0, 10).replaceAll('/', '-');

function entryOf({ id, number, document, cancel, date, amount, quantity }: BillRow): ListedEntry {
  return {
    id: String(id),
    number: String(number),
    state: stateOf(document, cancel),
    day: dayOf(date),
    amount: round2(toDecimal(amount) ?? new Decimal(0)),
    quantity: toDecimal(quantity) ?? new Decimal(0),
  };
}

/** Query rows are one an entry; a bill's amount and quantity are summed over them, unknown as soon as one is unknown. */
function addRow(found: Map<string, FoundBill>, row: BillRow): void {
  const { id, number, document, cancel, date, amount, quantity, party } = row;
  const known = found.get(String(number));
  const total = toDecimal(amount);
  const plus = (sum: Decimal | null, value: Decimal | null): Decimal | null => (sum && value ? sum.plus(value) : null);
  const zero = new Decimal(0);
  found.set(String(number), {
    id: String(id),
    number: String(number),
    state: stateOf(document, cancel),
    day: dayOf(date),
    party: typeof party === 'string' && party !== '' ? party : null,
    amount: plus(known ? known.amount : zero, total && round2(total)),
    quantity: plus(known ? known.quantity : zero, toDecimal(quantity)),
  });
}
