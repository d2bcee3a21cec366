import type { BaseDataKind, BaseDatum } from '../../sync/connector.ts';
import type { Client } from './client.ts';

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

  constructor(client: Client) {
    this.#client = client;
  }

  forget(): void {
    this.#cache = new Map();
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
      for (const code of asked) {
        const own = rows.filter(([number]) => number === code);
        const datum = own[0] && {
          code,
          name: String(own[0][1] ?? ''),
          organizations: organization ? own.map((row) => String(row[2] ?? '')) : null,
        };
        this.#cache.set(`${kind}:${code}`, datum ?? null);
      }
    }
    const found = [...codes].map((code) => [code, this.#cache.get(`${kind}:${code}`)] as const);
    return new Map(found.filter((pair): pair is readonly [string, BaseDatum] => Boolean(pair[1])));
  }
}
