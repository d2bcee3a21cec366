import type { BaseDataKind, BaseDatum } from '../../sync/connector.ts';
import type { Client } from './client.ts';
import { mostAlike, nearFilter, nearRows } from './near.ts';

const forms: Readonly<Record<BaseDataKind, { form: string; organization: boolean }>> = {
  customer: { form: 'BD_Customer', organization: true },
  material: { form: 'BD_MATERIAL', organization: true },
  stock: { form: 'BD_STOCK', organization: true },
  organization: { form: 'ORG_Organizations', organization: false },
  unit: { form: 'BD_UNIT', organization: false },
  salesman: { form: 'BD_Saler', organization: false },
  department: { form: 'BD_Department', organization: true },
};

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
