import { Decimal } from '../../decimal.ts';
import { hasPhrase, phrase } from '../../phrases.ts';
import { toIso } from '../../shanghai.ts';
import type { Sql } from '../../store/sql.ts';
import { Outcomes } from '../outcomes.ts';
import type { Withdrawn } from '../run.ts';
import type { DayTotal, Difference, DifferenceKind, Reconciliation, ReconciliationReport } from './reconciliation.ts';

export interface KindCount {
  kind: DifferenceKind;
  count: number;
  /** Σ |source − target|. */
  amount: string;
}

/** What a reconciliation has found, read from its rows. */
export class Findings {
  readonly #sql: Sql;
  readonly #outcomes: Outcomes;

  constructor(sql: Sql) {
    this.#sql = sql;
    this.#outcomes = new Outcomes(sql);
  }

  /** Differences in key order; those of one kind when it is named. */
  async *differences(
    { id }: Pick<Reconciliation, 'id'>,
    kind: DifferenceKind | null = null,
  ): AsyncIterable<Difference[]> {
    const batch = 500;
    for (let after = ''; ; ) {
      const rows = await this.#sql.query<Difference & { state: string | null }>(
        `select key, kind, day, shop, warehouse, source_amount as "sourceAmount", target_amount as "targetAmount",
           source_quantity as "sourceQuantity", target_quantity as "targetQuantity", reason, document_state as state
         from reconcile_differences where id = $1 and key > $2 and ($3::text is null or kind = $3) order by key limit ${batch}`,
        [id, after, kind],
      );
      const last = rows.at(-1);
      if (last)
        yield rows.map(({ state, reason, ...row }) => ({ ...row, reason: reason ?? reasonOf(row.kind, state) }));
      if (!last || rows.length < batch) return;
      after = last.key;
    }
  }

  async countsByKind({ id }: Pick<Reconciliation, 'id'>, day: string | null = null): Promise<KindCount[]> {
    return await this.#sql.query<KindCount>(
      `select kind, count(*) as count, sum(abs(coalesce(source_amount, 0) - coalesce(target_amount, 0)))::text as amount
       from reconcile_differences where id = $1 and ($2::date is null or day = $2) group by kind order by kind`,
      [id, day],
    );
  }

  /** Orders of the days that somebody has withdrawn: no difference, unless there is a bill all the same. */
  async withdrawn({ id, pipeline, start, end }: Reconciliation): Promise<Withdrawn[]> {
    const out = await this.#outcomes.withdrawn(pipeline, { window: { start, end } });
    const rows = await this.#sql.query<{ key: string }>(
      'select key from reconcile_differences where id = $1 and key = any($2)',
      [id, out.map(({ key }) => key)],
    );
    const there = new Set(rows.map(({ key }) => key));
    return out.filter(({ key }) => !there.has(key));
  }

  async firstKeys({ id }: Pick<Reconciliation, 'id'>, kind: DifferenceKind, most: number): Promise<string[]> {
    const rows = await this.#sql.query<{ key: string }>(
      'select key from reconcile_differences where id = $1 and kind = $2 order by key limit $3',
      [id, kind, most],
    );
    return rows.map(({ key }) => key);
  }

  /** Count and amount of each side: what should have a bill, and the bills. */
  async totals({ id }: Pick<Reconciliation, 'id'>): Promise<Pick<ReconciliationReport, 'source' | 'target'>> {
    const [row] = await this.#sql.query<{ source: number; target: number; sourceAmount: string; targetAmount: string }>(
      `select coalesce(sum(source_count), 0)::bigint as source, coalesce(sum(source_amount), 0) as "sourceAmount",
         coalesce(sum(target_count), 0)::bigint as target, coalesce(sum(target_amount), 0) as "targetAmount"
       from reconcile_totals where id = $1`,
      [id],
    );
    const fixed = (amount: string | undefined): string => new Decimal(amount ?? 0).toFixed(2);
    return {
      source: { count: row?.source ?? 0, amount: fixed(row?.sourceAmount) },
      target: { count: row?.target ?? 0, amount: fixed(row?.targetAmount) },
    };
  }

  async byDay({ id }: Pick<Reconciliation, 'id'>): Promise<DayTotal[]> {
    return await this.#sql.query<DayTotal>(
      `select day, shop, warehouse, source_count as "sourceCount", source_amount as "sourceAmount",
         target_count as "targetCount", target_amount as "targetAmount"
       from reconcile_totals where id = $1 order by day, shop, warehouse`,
      [id],
    );
  }

  async report(reconciliation: Reconciliation): Promise<ReconciliationReport> {
    const differences: { key: string; kind: DifferenceKind }[] = [];
    for await (const batch of this.differences(reconciliation))
      differences.push(...batch.map(({ key, kind }) => ({ key, kind })));
    return {
      window: { start: toIso(reconciliation.start), end: toIso(reconciliation.end) },
      ...(await this.totals(reconciliation)),
      differences,
    };
  }
}

/** What the ledger knows where no failure says it: somebody took the bill back out, or the order was never met. */
function reasonOf(kind: DifferenceKind, state: string | null): string | null {
  const key = `reconcile.reason.${kind}.${state ?? 'unknown'}`;
  return hasPhrase(key) ? phrase(key) : null;
}
