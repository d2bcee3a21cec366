import type { FailureCategory } from '../errors.ts';
import { one, type Sql } from '../store/sql.ts';
import { type FailureRow, groupFailures } from './failure-groups.ts';
import type { FailureGroup, Outcome, Run, RunCounts, StoredError, Totals, Withdrawn } from './run.ts';

/** A document that is failed now, one that is being tried again included, as SQL; `table` is what its columns are called by: `d.`. */
export const isOpenFailure = (table = ''): string =>
  `${table}error is not null and ${table}state in ('failed', 'ready', 'sending', 'saved', 'submitted')`;

/** What became of the documents, as people are told: of one run, and of a pipeline as a whole. All is computed, nothing is kept. */
export class Outcomes {
  readonly #sql: Sql;

  constructor(sql: Sql) {
    this.#sql = sql;
  }

  /** Orders that were cancelled at the source while their bill lives in the target; up to 200, in key order. */
  async cancelled(pipeline: string): Promise<{ key: string; billNumber: string; amount: string }[]> {
    return await this.#sql.query(
      `select key, bill_number as "billNumber", amount::text as amount from documents where pipeline = $1 and state = 'cancelled' order by key limit 200`,
      [pipeline],
    );
  }

  /** What somebody has taken back out and nobody has put back, in key order: among these keys, of a run, of a window by io_date. */
  async withdrawn(pipeline: string, among: WithdrawnAmong = {}): Promise<Withdrawn[]> {
    const { keys, run, window } = among;
    return await this.#sql.query<Withdrawn>(
      `select d.key, d.withdrawn_by as person, p.name, d.withdrawn_at as at
       from documents d left join people p on p.person = d.withdrawn_by
       where d.pipeline = $1 and d.state = 'withdrawn' and ($2::text[] is null or d.key = any($2))
         and ($3::text is null or exists (select 1 from run_documents r where r.run_id = $3 and r.key = d.key and r.outcome = 'skipped'))
         and ($4::timestamptz is null or (d.io_date >= $4 and d.io_date < $5)) order by d.key`,
      [pipeline, keys ? [...keys] : null, run ?? null, window?.start ?? null, window?.end ?? null],
    );
  }

  /** What these documents come to, in yuan. */
  async amountOf(pipeline: string, keys: readonly string[]): Promise<string> {
    const rows = await this.#sql.query<{ amount: string }>(
      'select coalesce(sum(amount), 0)::text as amount from documents where pipeline = $1 and key = any($2)',
      [pipeline, [...keys]],
    );
    return one(rows).amount;
  }

  async counts(runId: string): Promise<RunCounts> {
    return (await this.countsOf([runId]))(runId);
  }

  /** Of several runs. */
  async countsOf(runIds: readonly string[]): Promise<(runId: string) => RunCounts> {
    const rows = await this.#sql.query<OutcomeCount & { run: string }>(
      'select run_id as run, outcome, count(*) as count from run_documents where run_id = any($1) group by 1, 2',
      [[...runIds]],
    );
    return (runId) => countsIn(rows.filter(({ run }) => run === runId));
  }

  /** Count and amount of a run's documents with one of these outcomes. */
  async totals(run: Run, outcomes: readonly Outcome[]): Promise<Totals> {
    const rows = await this.#sql.query<Totals>(
      `select count(*) as count, coalesce(sum(d.amount), 0)::text as amount, count(distinct d.shop_id) as shops
       from run_documents r join documents d on d.pipeline = $2 and d.key = r.key where r.run_id = $1 and r.outcome = any($3)`,
      [run.id, run.pipeline, [...outcomes]],
    );
    return one(rows);
  }

  /** A run's failures by cause, the largest first. */
  async runFailures(run: Run): Promise<FailureGroup[]> {
    return groupFailures(
      await this.#sql.query<FailureRow>(
        `select r.key, r.category, r.error, d.amount::text as amount from run_documents r join documents d on d.pipeline = $2 and d.key = r.key
         where r.run_id = $1 and r.outcome = 'failed' order by r.key`,
        [run.id, run.pipeline],
      ),
    );
  }

  /** The orders of a run from which was taken what no database holds, in key order, and the fields it stood in. */
  async cleaned(run: Run): Promise<{ orders: string[]; fields: string[] }> {
    const rows = await this.#sql.query<{ key: string; fields: string[] }>(
      `select d.key, d.raw -> 'cleaned' as fields from documents d join run_documents r on r.run_id = $1 and r.key = d.key
       where d.pipeline = $2 and d.raw ? 'cleaned' order by d.key`,
      [run.id, run.pipeline],
    );
    return { orders: rows.map(({ key }) => key), fields: [...new Set(rows.flatMap(({ fields }) => fields))] };
  }

  /** All documents that are failed now, by cause; those of a window by io_date when one is given. */
  async openFailures(pipeline: string, window?: { start: Date; end: Date }): Promise<FailureGroup[]> {
    return groupFailures(
      await this.#sql.query<FailureRow>(
        `select key, category, error, amount::text as amount, held_by as "heldBy", held_until as "heldUntil" from documents where pipeline = $1 and ${isOpenFailure()}
           and ($2::timestamptz is null or (io_date >= $2 and io_date < $3)) order by key`,
        [pipeline, window?.start ?? null, window?.end ?? null],
      ),
    );
  }

  /** What failed orders call these SKUs. */
  async itemNames(pipeline: string, skus: readonly string[]): Promise<ReadonlyMap<string, string>> {
    const rows = await this.#sql.query<{ sku: string; name: string }>(
      `select distinct on (1) item ->> 'sku_id' as sku, item ->> 'name' as name
       from documents d, jsonb_array_elements(d.raw -> 'raw' -> 'items') item
       where d.pipeline = $1 and ${isOpenFailure('d.')} and item ->> 'sku_id' = any($2) and item ->> 'name' <> ''`,
      [pipeline, [...skus]],
    );
    return new Map(rows.map(({ sku, name }) => [sku, name]));
  }

  /** The documents themselves, by cause and in key order, `limit` of them from `offset` on. */
  async failedDocuments(
    pipeline: string,
    { category, window }: Pick<FailureFilter, 'category' | 'window'>,
    { offset, limit }: { offset: number; limit: number },
  ): Promise<FailedDocument[]> {
    return await this.#sql.query<FailedDocument>(
      `select key, bill_number as bill, io_date as day, shop_name as shop, amount::text as amount, coalesce(category, 'unknown') as category, error
       from documents where pipeline = $1 and ${isOpenFailure()} and ($2::text is null or coalesce(category, 'unknown') = $2)
         and ($3::timestamptz is null or (io_date >= $3 and io_date < $4)) order by category nulls last, key limit $5 offset $6`,
      [pipeline, category ?? null, window?.start ?? null, window?.end ?? null, limit, offset],
    );
  }

  /** The documents that are failed now and fit, in key order. */
  async failedKeys(pipeline: string, { category, except, subject, keys, window }: FailureFilter): Promise<string[]> {
    const rows = await this.#sql.query<{ key: string }>(
      `select key from documents where pipeline = $1 and ${isOpenFailure()}
         and ($2::text is null or coalesce(category, 'unknown') = $2) and ($3::text is null or coalesce(category, 'unknown') <> $3)
         and ($4::text is null or error -> 'subjects' @> to_jsonb($4::text)) and ($5::text[] is null or key = any($5))
         and ($6::timestamptz is null or (io_date >= $6 and io_date < $7)) order by key`,
      [
        pipeline,
        category ?? null,
        except ?? null,
        subject ?? null,
        keys ? [...keys] : null,
        window?.start ?? null,
        window?.end ?? null,
      ],
    );
    return rows.map(({ key }) => key);
  }
}

export interface WithdrawnAmong {
  keys?: readonly string[];
  run?: string;
  window?: { start: Date; end: Date };
}

interface OutcomeCount {
  outcome: Outcome;
  count: number;
}

function countsIn(rows: readonly OutcomeCount[]): RunCounts {
  const of = (outcome: Outcome): number => rows.find((row) => row.outcome === outcome)?.count ?? 0;
  return {
    fetched: rows.reduce((sum, row) => sum + row.count, 0),
    written: of('written'),
    existing: of('existing'),
    failed: of('failed'),
    skipped: of('skipped'),
    pending: of('pending'),
    planned: 0,
    undone: of('undone'),
  };
}

/** Which failed documents: of a cause, about a code, by number, of a window by io_date. */
export interface FailureFilter {
  category?: FailureCategory | undefined;
  except?: FailureCategory | undefined;
  subject?: string | undefined;
  keys?: readonly string[] | undefined;
  window?: { start: Date; end: Date } | undefined;
}

/** A failed document as a list shows it. */
export interface FailedDocument {
  key: string;
  bill: string;
  day: Date | null;
  shop: string;
  amount: string;
  category: FailureCategory;
  error: StoredError;
}
