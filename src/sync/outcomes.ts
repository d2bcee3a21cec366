import { Decimal } from '../decimal.ts';
import type { FailureCategory } from '../errors.ts';
import { one, type Sql } from '../store/sql.ts';
import type { FailureGroup, Outcome, Run, RunCounts, StoredError, Totals } from './run.ts';

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

  async counts(runId: string): Promise<RunCounts> {
    const rows = await this.#sql.query<{ outcome: Outcome; count: number }>(
      'select outcome, count(*) as count from run_documents where run_id = $1 group by outcome',
      [runId],
    );
    const of = (outcome: Outcome): number => rows.find((row) => row.outcome === outcome)?.count ?? 0;
    const fetched = rows.reduce((sum, row) => sum + row.count, 0);
    return {
      fetched,
      written: of('written'),
      existing: of('existing'),
      failed: of('failed'),
      skipped: of('skipped'),
      pending: of('pending'),
      planned: of('planned'),
      undone: of('undone'),
    };
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

/** Which failed documents: of a cause, about a code, by number, of a window by io_date. */
export interface FailureFilter {
  category?: FailureCategory | undefined;
  except?: FailureCategory | undefined;
  subject?: string | undefined;
  keys?: readonly string[] | undefined;
  window?: { start: Date; end: Date } | undefined;
}

interface FailureRow {
  key: string;
  category: FailureCategory | null;
  error: StoredError | null;
  amount: string;
  heldBy?: string | null;
  heldUntil?: Date | null;
}

function groupFailures(rows: readonly FailureRow[]): FailureGroup[] {
  const groups = new Map<FailureCategory, FailureRow[]>();
  for (const row of rows) {
    const category = row.category ?? 'unknown';
    groups.set(category, [...(groups.get(category) ?? []), row]);
  }
  return [...groups]
    .map(([category, members]) => ({
      category,
      ...causesIn(members),
      subjects: [...new Set(members.flatMap((row) => row.error?.subjects ?? []))],
      details: members.flatMap((row) => (row.error?.params ? [row.error.params] : [])),
      held: heldIn(members),
      count: members.length,
      amount: members.reduce((sum, row) => sum.plus(row.amount), new Decimal(0)).toFixed(2),
      orders: members.map((row) => row.key),
    }))
    .sort((a, b) => b.count - a.count || a.category.localeCompare(b.category));
}

/** One sentence of each kind: a cause can have several, with a remedy each. */
function causesIn(members: readonly FailureRow[]): Pick<FailureGroup, 'message' | 'next'> {
  const kinds = new Map(members.flatMap(({ error }) => (error ? [[error.code, error] as const] : [])));
  const errors = [...kinds.values()];
  return {
    message: errors.map(({ message }) => message).join('；'),
    next: errors.map(({ next }) => next).join('；'),
  };
}

function heldIn(members: readonly FailureRow[]): FailureGroup['held'] {
  const held = members.find((row) => row.heldBy);
  return held?.heldBy ? { by: held.heldBy, until: held.heldUntil ?? null } : null;
}
