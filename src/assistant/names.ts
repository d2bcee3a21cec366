import type { Sql } from '../store/sql.ts';
import type { SyncService } from '../sync/service.ts';
import type { Names } from './language/pieces.ts';
import type { Settings } from './settings.ts';

const keptMs = 60_000;
const most = 2000;

/** The shops that orders have come from. */
export const shopNames = async (sql: Sql): Promise<string[]> =>
  (
    await sql.query<{ name: string }>(
      `select distinct shop_name as name from documents where shop_name <> '' order by name limit $1`,
      [most],
    )
  ).map(({ name }) => name);

/** The names this merchant's sentences may hold: shops and warehouses out of the ledger and the maps, colleagues, and the prefixes of our bills. */
export class KnownNames {
  readonly #parts: { sql: Sql; sync: SyncService; settings: Settings; now: () => Date };
  #known: Names | null = null;
  #until = 0;

  constructor(parts: { sql: Sql; sync: SyncService; settings: Settings; now: () => Date }) {
    this.#parts = parts;
  }

  /** As of a minute ago at most. */
  async current(): Promise<Names> {
    const { now, sql, sync, settings } = this.#parts;
    if (this.#known && now().getTime() < this.#until) return this.#known;
    const rows = await sql.query<{ kind: 'shop' | 'warehouse'; name: string }>(
      `(select distinct 'shop' as kind, shop_name as name from documents where shop_name <> '' limit $1)
       union all (select distinct 'warehouse', raw -> 'raw' ->> 'warehouse' from documents where raw -> 'raw' ->> 'warehouse' <> '' limit $1)`,
      [most],
    );
    const people = await sql.query<{ name: string }>('select distinct name from people limit $1', [most]);
    const of = (kind: string): string[] => rows.filter((row) => row.kind === kind).map(({ name }) => name);
    const keys = (map: string): string[] => [...settings.maps.entries(map).keys()];
    this.#known = {
      shops: [...new Set([...of('shop'), ...keys('shop_to_customer')])],
      warehouses: [...new Set([...of('warehouse'), ...keys('warehouse_to_stock')])],
      people: people.map(({ name }) => name),
      prefixes: [...new Set([...sync.pipelines.values()].map(({ pipeline }) => pipeline.bill_number.prefix))],
    };
    this.#until = now().getTime() + keptMs;
    return this.#known;
  }
}
