import { chunk } from '../../chunk.ts';
import type { BaseDataKind, BaseDatum, FoundData, FoundDatum } from '../../sync/connector.ts';
import { type Client, pageRows } from './client.ts';
import { literal, mostAlike, nearFilter, spellingsOf } from './near.ts';

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
const codesAtOnce = 50;

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
    const found = await this.#rowsOf(forms.material.form, 'FNumber,FStoreUnitID.FNumber,FBaseUnitId.FNumber', unknown);
    for (const [code, [row = []]] of found) {
      const unit = row.slice(1).find((text) => typeof text === 'string' && text.trim() !== '');
      if (unit !== undefined) this.#units.set(code, String(unit));
    }
    return this.#units;
  }

  /** Base data that may have been meant by a code that is not there; a bounded query, never cached. */
  async near(kind: BaseDataKind, code: string, name?: string): Promise<BaseDatum[]> {
    const { form, organization } = forms[kind];
    const alike = nearFilter(code, name);
    if (alike === '') return [];
    const filters = [`FNumber in (${quoted(spellingsOf(code))})`, alike];
    const pages = await Promise.all(
      filters.map((FilterString) =>
        this.#client.query({
          FormId: form,
          FieldKeys: organization ? 'FNumber,FName,FUseOrgId.FNumber' : 'FNumber,FName',
          FilterString,
          OrderString: 'FNumber',
          TopRowCount: 0,
          StartRow: 0,
          Limit: pageRows,
        }),
      ),
    );
    // Of a page that is full nobody knows what it left out: another than the most alike would be offered.
    const rows = pages.filter((page) => page.length < pageRows).flat();
    const codes = [...new Set(rows.map(([number]) => String(number)))];
    return mostAlike(
      codes.map((one) =>
        datumOf(
          rows.filter(([number]) => number === one),
          organization,
        ),
      ),
      code,
      name,
    );
  }

  /** What a text finds by code or by a part of the name; one bounded query, never cached. */
  async search(kind: BaseDataKind, text: string, most: number): Promise<FoundData> {
    const { form, organization, status } = forms[kind];
    const pattern = `'%${literal(text)}%'`;
    const keys = [
      'FNumber,FName',
      ...(organization ? ['FUseOrgId.FNumber'] : []),
      ...(status ? ['FDocumentStatus,FForbidStatus'] : []),
    ].join(',');
    const page = await this.#client.query({
      FormId: form,
      FieldKeys: keys,
      FilterString: text === '' ? '' : `FNumber like ${pattern} or FName like ${pattern}`,
      OrderString: 'FNumber',
      TopRowCount: 0,
      StartRow: 0,
      Limit: pageRows,
    });
    const atLeast = page.length >= pageRows;
    // The text's own code may stand behind what the page holds.
    const own = atLeast && text !== '' ? await this.#rowsOf(form, keys, [text]) : null;
    const rows = [...(own?.get(text) ?? []), ...page];
    const codes = [...new Set(rows.map(([number]) => String(number)))];
    const isOwn = (code: string): number => Number(code.toUpperCase() === text.toUpperCase());
    const firstOwn = codes.sort((a, b) => isOwn(b) - isOwn(a));
    return {
      data: firstOwn.slice(0, most).map((code) => foundOf(code, rows, forms[kind])),
      count: codes.length,
      atLeast,
    };
  }

  async lookup(kind: BaseDataKind, codes: readonly string[]): Promise<Map<string, BaseDatum>> {
    const { form, organization } = forms[kind];
    const unknown = [...new Set(codes)].filter((code) => !this.#cache.has(`${kind}:${code}`));
    const keys = organization ? 'FNumber,FName,FUseOrgId.FNumber' : 'FNumber,FName';
    const found = await this.#rowsOf(form, keys, unknown);
    for (const code of unknown) {
      const rows = found.get(code);
      this.#cache.set(`${kind}:${code}`, rows ? datumOf(rows, organization) : null);
    }
    const known = [...codes].map((code) => [code, this.#cache.get(`${kind}:${code}`)] as const);
    return new Map(known.filter((pair): pair is readonly [string, BaseDatum] => Boolean(pair[1])));
  }

  /**
   * The rows of each code that is there. Whether codes that differ in letter case are one, the server says: a row that it finds for
   * `abc` is abc's though it is written `ABC`. Hence no two of them in one question.
   */
  async #rowsOf(form: string, keys: string, codes: readonly string[]): Promise<Map<string, unknown[][]>> {
    const found = new Map<string, unknown[][]>();
    for (const asked of questionsOf(codes)) {
      const rows = await this.#allRows(form, keys, `FNumber in (${quoted(asked)})`);
      for (const code of asked) {
        const own = rows.filter(([number]) => folded(String(number)) === folded(code));
        // Two that differ in nothing else are two: its own is the one spelled alike.
        const exact = own.filter(([number]) => number === code);
        if (own.length > 0) found.set(code, exact.length > 0 ? exact : own);
      }
    }
    return found;
  }

  async #allRows(FormId: string, FieldKeys: string, FilterString: string): Promise<unknown[][]> {
    const rows: unknown[][] = [];
    for await (const page of this.#client.pages({ FormId, FieldKeys, FilterString, OrderString: 'FNumber' }))
      rows.push(...page);
    return rows;
  }
}

const folded = (code: string): string => code.trim().toUpperCase();

/** Some codes at once, none of them another in other letter case. */
function questionsOf(codes: readonly string[]): string[][] {
  const turns: string[][] = [];
  const seen = new Map<string, number>();
  for (const code of codes) {
    const turn = seen.get(folded(code)) ?? 0;
    seen.set(folded(code), turn + 1);
    turns[turn] = [...(turns[turn] ?? []), code];
  }
  return turns.flatMap((turn) => chunk(turn, codesAtOnce));
}

/** A code's rows, one an organisation that may use it, as one datum; the code as the server spells it. */
function datumOf(rows: readonly unknown[][], organization: boolean): BaseDatum {
  const [[code, name] = []] = rows;
  return {
    code: String(code),
    name: String(name ?? ''),
    organizations: organization ? [...new Set(rows.map((row) => String(row[2] ?? '')))] : null,
  };
}

/** With its state, over all its rows. */
function foundOf(
  code: string,
  rows: readonly unknown[][],
  { organization, status }: { organization: boolean; status: boolean },
): FoundDatum {
  const own = rows.filter(([number]) => number === code);
  const states = own.map((row) => row.slice(-2));
  return {
    ...datumOf(own, organization),
    disabled: status ? states.every(([, forbidden]) => forbidden === 'B') : null,
    unaudited: status ? states.every(([document]) => document !== 'C') : null,
  };
}
