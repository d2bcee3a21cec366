import type { BaseDataKind, BaseDatum, FoundData, FoundDatum } from '../../sync/connector.ts';
import type { Client } from './client.ts';
import { literal, mostAlike, nearFilter, nearRows } from './near.ts';

/** `status`: the form has 数据状态 and 禁用状态, as those of base data have (FDocumentStatus C = audited, FForbidStatus B = forbidden). */
const forms: Readonly<Record<BaseDataKind, { form: string; organization: boolean; status: boolean }>> = {
  customer: { form: 'BD_Customer', organization: true, status: true },
  material: { form: 'BD_MATERIAL', organization: true, status: true },
  stock: { form: 'BD_STOCK', organization: true, status: true },
  supplier: { form: 'BD_Supplier', organization: true, status: true },
  organization: { form: 'ORG_Organizations', organization: false, status: true },
  unit: { form: 'BD_UNIT', organization: false, status: true },
  salesman: { form: 'BD_Saler', organization: false, status: false },
  department: { form: 'BD_Department', organization: true, status: true },
};
/** Rows that a search brings at most: the server's own page, one row an organisation. */
const searchRows = 2000;

/** `'a','b'` with quotes doubled: codes come from orders and maps. */
export function quoted(values: readonly string[]): string {
  return values.map((value) => `'${value.replaceAll("'", "''")}'`).join(',');
}

/** Base data by code, cached until somebody says it may have changed. */
export class BaseData {
  readonly #client: Client;
  #cache = new Map<string, BaseDatum | null>();
  readonly #units = new Map<string, string>();

  constructor(client: Client) {
    this.#client = client;
  }

  forget(): void {
    this.#cache = new Map();
  }

  /** The stock unit of each material, else its base unit; a material or a unit that cannot be read is absent. */
  async units(materials: readonly string[]): Promise<ReadonlyMap<string, string>> {
    const unknown = [...new Set(materials)].filter((code) => !this.#units.has(code));
    for (let from = 0; from < unknown.length; from += 50) {
      const rows = await this.#client.query({
        FormId: forms.material.form,
        FieldKeys: 'FNumber,FStoreUnitID.FNumber,FBaseUnitId.FNumber',
        FilterString: `FNumber in (${quoted(unknown.slice(from, from + 50))})`,
        TopRowCount: 0,
        StartRow: 0,
        Limit: 2000,
      });
      for (const [code, stock, base] of rows) {
        const unit = [stock, base].find((text) => typeof text === 'string' && text.trim() !== '');
        if (unit !== undefined) this.#units.set(String(code), String(unit));
      }
    }
    return this.#units;
  }

  /** Base data that may have been meant by a code that is not there; a bounded query, never cached. */
  async near(kind: BaseDataKind, code: string, name?: string): Promise<BaseDatum[]> {
    const { form, organization } = forms[kind];
    const filter = nearFilter(code, name);
    if (filter === '') return [];
    const rows = await this.#client.query({
      FormId: form,
      FieldKeys: organization ? 'FNumber,FName,FUseOrgId.FNumber' : 'FNumber,FName',
      FilterString: filter,
      TopRowCount: 0,
      StartRow: 0,
      Limit: nearRows,
    });
    const codes = [...new Set(rows.map(([number]) => String(number)))];
    const data = codes.flatMap((one) => datumOf(one, rows, organization) ?? []);
    return mostAlike(data, code, name);
  }

  /** What a text finds by code or by a part of the name; one bounded query, never cached. */
  async search(kind: BaseDataKind, text: string, most: number): Promise<FoundData> {
    const { form, organization, status } = forms[kind];
    const pattern = `'%${literal(text)}%'`;
    const rows = await this.#client.query({
      FormId: form,
      FieldKeys: [
        'FNumber,FName',
        ...(organization ? ['FUseOrgId.FNumber'] : []),
        ...(status ? ['FDocumentStatus,FForbidStatus'] : []),
      ].join(','),
      FilterString: text === '' ? '' : `FNumber like ${pattern} or FName like ${pattern}`,
      OrderString: 'FNumber',
      TopRowCount: 0,
      StartRow: 0,
      Limit: searchRows,
    });
    const codes = [...new Set(rows.map(([number]) => String(number)))];
    const isOwn = (code: string): number => Number(code.toUpperCase() === text.toUpperCase());
    const firstOwn = codes.sort((a, b) => isOwn(b) - isOwn(a));
    return {
      data: firstOwn.slice(0, most).flatMap((code) => foundOf(code, rows, forms[kind]) ?? []),
      count: codes.length,
      atLeast: rows.length >= searchRows,
    };
  }

  async lookup(kind: BaseDataKind, codes: readonly string[]): Promise<Map<string, BaseDatum>> {
    const { form, organization } = forms[kind];
    const unknown = [...new Set(codes)].filter((code) => !this.#cache.has(`${kind}:${code}`));
    for (let from = 0; from < unknown.length; from += 50) {
      const asked = unknown.slice(from, from + 50);
      const rows = await this.#client.query({
        FormId: form,
        FieldKeys: organization ? 'FNumber,FName,FUseOrgId.FNumber' : 'FNumber,FName',
        FilterString: `FNumber in (${quoted(asked)})`,
        TopRowCount: 0,
        StartRow: 0,
        Limit: 2000,
      });
      for (const code of asked) this.#cache.set(`${kind}:${code}`, datumOf(code, rows, organization));
    }
    const found = [...codes].map((code) => [code, this.#cache.get(`${kind}:${code}`)] as const);
    return new Map(found.filter((pair): pair is readonly [string, BaseDatum] => Boolean(pair[1])));
  }
}

/** A code's rows, one an organisation that may use it, as one datum. */
function datumOf(code: string, rows: readonly unknown[][], organization: boolean): BaseDatum | null {
  const own = rows.filter(([number]) => number === code);
  if (!own[0]) return null;
  return {
    code,
    name: String(own[0][1] ?? ''),
    organizations: organization ? own.map((row) => String(row[2] ?? '')) : null,
  };
}

/** With its state, over all its rows. */
function foundOf(
  code: string,
  rows: readonly unknown[][],
  { organization, status }: { organization: boolean; status: boolean },
): FoundDatum | null {
  const datum = datumOf(code, rows, organization);
  const states = rows.filter(([number]) => number === code).map((row) => row.slice(-2));
  return (
    datum && {
      ...datum,
      disabled: status ? states.every(([, forbidden]) => forbidden === 'B') : null,
      unaudited: status ? states.every(([document]) => document !== 'C') : null,
    }
  );
}
