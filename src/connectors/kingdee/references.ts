import { Decimal } from '../../decimal.ts';
import type { BaseDataKind, MissingDatum, TargetBill } from '../../sync/connector.ts';
import type { BaseData } from './lookup.ts';

/** By field in small letters, since every form spells them in its own way; in its place in the model: the header, the settlement under it, an entry. */
const kinds: Readonly<Record<string, BaseDataKind>> = {
  fmaterialid: 'material',
  fdestmaterialid: 'material',
  fcustomerid: 'customer',
  fretcustid: 'customer',
  fcustid: 'customer',
  fsupplierid: 'supplier',
  fstockid: 'stock',
  fsrcstockid: 'stock',
  fdeststockid: 'stock',
  fstockorgid: 'organization',
  fstockoutorgid: 'organization',
  fpurchaseorgid: 'organization',
  fdemandorgid: 'organization',
  frequireorgid: 'organization',
  fpickorgid: 'organization',
  fsaleorgid: 'organization',
  fsettleorgid: 'organization',
  fownerid: 'organization',
  funitid: 'unit',
  fsalesmanid: 'salesman',
  fsaledeptid: 'department',
  fdeptid: 'department',
};
/** The kind of base data a field holds, in whatever letters. */
export const kindOf = (field: string): BaseDataKind | undefined => kinds[field.toLowerCase()];

/** What is allocated to the organisation whose stock a bill is about. */
const allocated: readonly BaseDataKind[] = ['material', 'customer', 'supplier', 'stock'];

/** A base-data code that a bill names: in its header or settlement (`row` null) or in an entry (from 0). */
export interface Reference {
  field: string;
  kind: BaseDataKind;
  code: string;
  row: number | null;
}

export function codeOf(value: unknown): string | null {
  return value !== null && typeof value === 'object' && 'FNumber' in value ? String(value.FNumber) : null;
}

/** The entries of a bill of any form: it has one array. */
export function entriesOf({ model }: TargetBill): Record<string, unknown>[] {
  return (Object.values(model).find(Array.isArray) ?? []) as Record<string, unknown>[];
}

export function organizationOf({ model }: TargetBill): string {
  return codeOf(model.FStockOrgId) ?? '';
}

/** The settlement under a header, however its form calls it. */
const isGroup = (value: unknown): value is Record<string, unknown> =>
  value !== null && typeof value === 'object' && !Array.isArray(value) && !(value instanceof Decimal);

export function referencesOf(bill: TargetBill): Reference[] {
  const named = (holder: Record<string, unknown>, row: number | null): Reference[] =>
    Object.entries(holder).flatMap(([field, value]) => {
      const kind = kindOf(field);
      const code = codeOf(value);
      return kind === undefined || code === null ? [] : [{ field, kind, code, row }];
    });
  const groups = Object.values(bill.model).filter(isGroup);
  return [
    ...named(bill.model, null),
    ...groups.flatMap((group) => named(group, null)),
    ...entriesOf(bill).flatMap((entry, row) => named(entry, row)),
  ];
}

/** Which of these codes are not there for the organisation, each once. */
export async function missingAmong(
  references: readonly Reference[],
  organization: string,
  baseData: BaseData,
): Promise<MissingDatum[]> {
  const missing = new Map<string, MissingDatum>();
  for (const kind of new Set(references.map((reference) => reference.kind))) {
    const codes = references.filter((reference) => reference.kind === kind).map(({ code }) => code);
    const known = await baseData.lookup(kind, codes);
    for (const code of codes) {
      const datum = known.get(code);
      if (!datum) missing.set(`${kind}:${code}`, { kind, code, why: 'absent' });
      else if (allocated.includes(kind) && datum.organizations?.includes(organization) === false)
        missing.set(`${kind}:${code}`, { kind, code, why: 'not_allocated' });
    }
  }
  return [...missing.values()];
}

/** For each bill what is missing for it; the codes of all bills are asked for together. */
export async function missingIn(bills: readonly TargetBill[], baseData: BaseData): Promise<MissingDatum[][]> {
  const references = bills.map(referencesOf);
  for (const kind of new Set(Object.values(kinds)))
    await baseData.lookup(
      kind,
      references.flat().flatMap((reference) => (reference.kind === kind ? [reference.code] : [])),
    );
  const found: MissingDatum[][] = [];
  for (const [index, bill] of bills.entries())
    found.push(await missingAmong(references[index] ?? [], organizationOf(bill), baseData));
  return found;
}
