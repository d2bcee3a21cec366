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
    const shops = await shopNames(sql);
    const warehouses = await sql.query<{ name: string }>(
      `select distinct raw -> 'raw' ->> 'warehouse' as name from documents where raw -> 'raw' ->> 'warehouse' <> '' limit $1`,
      [most],
    );
    const people = await sql.query<{ name: string }>('select distinct name from people limit $1', [most]);
    const keys = (map: string): string[] => [...settings.maps.entries(map).keys()];
    this.#known = {
      shops: [...new Set([...shops, ...keys('shop_to_customer')])],
      warehouses: [...new Set([...warehouses.map(({ name }) => name), ...keys('warehouse_to_stock')])],
      people: people.map(({ name }) => name),
      prefixes: [...new Set([...sync.pipelines.values()].map(({ pipeline }) => pipeline.bill_number.prefix))],
    };
    this.#until = now().getTime() + keptMs;
    return this.#known;
  }
}
