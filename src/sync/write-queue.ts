import type { AppError } from '../errors.ts';
import { stringifyStored } from '../json.ts';
import type { Sql } from '../store/sql.ts';
import { type DocumentState, statesBefore } from './document.ts';
import { causeOf, documentColumns, type StoredDocument } from './ledger.ts';
import type { Outcome, Run } from './run.ts';

/** A document that has got so far in the target. */
export interface Reached {
  key: string;
  targetId: string;
  /** What it holds, see `contentOf`. */
  content: string;
}

export interface Settled {
  key: string;
  outcome: Outcome;
  error?: AppError;
}

/** Whether nobody has a document in hand: a claim counts while the lease of its run does; `$2` is the time. */
const isFree = `(d.claimed_by is null or not exists (
  select 1 from runs holder where holder.id = d.claimed_by and holder.state = 'running' and holder.lease_until > $2))`;

/** The ledger as the queue that writing works off: what waits is claimed in batches, and put back with what became of it. */
export class WriteQueue {
  readonly #sql: Sql;
  readonly #now: () => Date;

  constructor(sql: Sql, now: () => Date) {
    this.#sql = sql;
    this.#now = now;
  }

  /** Takes up to `limit` documents of a run that wait, up to a slice, alone among the runs. */
  async claim(run: Run, slice: number, limit: number): Promise<StoredDocument[]> {
    return await this.#sql.query<StoredDocument>(
      `with due as materialized (
         select d.key from run_documents r join documents d on d.pipeline = $3 and d.key = r.key
         where r.run_id = $1 and r.outcome = 'pending' and r.slice <= $4 and ${isFree}
         limit $5 for update of d skip locked)
       update documents d set claimed_by = $1 from due where d.pipeline = $3 and d.key = due.key returning ${documentColumns}`,
      [run.id, this.#now(), run.pipeline, slice, limit],
    );
  }

  /** How many documents of a run wait, those that another run has in hand included. */
  async waiting(run: Run): Promise<number> {
    const rows = await this.#sql.query<{ count: number }>(
      `select count(*) as count from run_documents where run_id = $1 and outcome = 'pending'`,
      [run.id],
    );
    return rows[0]?.count ?? 0;
  }

  /** The documents whose part in a run is over. */
  async ended(run: Run): Promise<Set<string>> {
    const rows = await this.#sql.query<{ key: string }>(
      `select key from run_documents where run_id = $1 and outcome <> 'pending'`,
      [run.id],
    );
    return new Set(rows.map(({ key }) => key));
  }

  /** Puts back what a run had in hand when it was left. */
  async release(run: Run): Promise<void> {
    await this.#sql.query('update documents set claimed_by = null where pipeline = $1 and claimed_by = $2', [
      run.pipeline,
      run.id,
    ]);
  }

  /** Says, before the call, that saves of these documents are about to be sent and may land until `until`. */
  async intend(run: Run, keys: readonly string[], until: Date): Promise<void> {
    await this.#sql.query(
      `update documents set state = 'sending', intent_until = $3, intent_run = $4, attempts = attempts + 1, updated_at = $5
       where pipeline = $1 and key = any($2) and state = any($6)`,
      [run.pipeline, [...keys], until, run.id, this.#now(), [...statesBefore('sending')]],
    );
  }

  /** A save that is in doubt may land until then; null = it is settled that it did not. */
  async extendIntent(run: Run, keys: readonly string[], until: Date | null): Promise<void> {
    await this.#sql.query('update documents set intent_until = $3 where pipeline = $1 and key = any($2)', [
      run.pipeline,
      [...keys],
      until,
    ]);
  }

  /** These are in the target, this far. Their bills are made of what they hold, unless they are known to be made of something else. */
  async reach(
    pipeline: string,
    state: Extract<DocumentState, 'saved' | 'submitted' | 'done'>,
    reached: readonly Reached[],
  ): Promise<void> {
    if (reached.length === 0) return;
    await this.#sql.query(
      `update documents d set state = $3, target_id = x."targetId", intent_until = null,
         written_as = case when d.target_id = x."targetId" and d.written_as is not null then d.written_as else x.content end, category = null, error = null, updated_at = $4
       from jsonb_to_recordset($2::jsonb) as x(key text, "targetId" text, content text)
       where d.pipeline = $1 and d.key = x.key and d.state = any($5)`,
      [pipeline, JSON.stringify(reached), state, this.#now(), [...statesBefore(state)]],
    );
  }

  /** This bill has its number, whoever wrote it. */
  async meet(pipeline: string, key: string, targetId: string): Promise<void> {
    await this.#sql.query('update documents set target_id = $3 where pipeline = $1 and key = $2', [
      pipeline,
      key,
      targetId,
    ]);
  }

  /** Ends the documents' parts in a run, and puts them back. A failure is kept on the document, too. */
  async settle(run: Run, settled: readonly Settled[]): Promise<void> {
    if (settled.length === 0) return;
    const rows = stringifyStored(
      settled.map(({ key, outcome, error }) => {
        const [category, cause] = causeOf(error);
        return { key, outcome, category, error: cause };
      }),
    );
    const columns = 'x(key text, outcome text, category text, error text)';
    await this.#sql.transaction(async (tx) => {
      await tx.query(
        `update run_documents r set outcome = x.outcome, category = x.category, error = x.error::jsonb
         from jsonb_to_recordset($2::jsonb) as ${columns} where r.run_id = $1 and r.key = x.key`,
        [run.id, rows],
      );
      await tx.query(
        `update documents d set claimed_by = case when d.claimed_by = $4 then null else d.claimed_by end,
           state = case when x.error is not null and d.intent_until is null and d.state <> 'cancelled' then 'failed' else d.state end,
           category = case when x.error is null then d.category else x.category end,
           error = case when x.error is null then d.error else x.error::jsonb end,
           updated_at = case when x.error is null then d.updated_at else $3 end
         from jsonb_to_recordset($2::jsonb) as ${columns} where d.pipeline = $1 and d.key = x.key`,
        [run.pipeline, rows, this.#now(), run.id],
      );
    });
  }

  /** What could not be tried because the run stopped fails with the run's own cause. */
  async failPending(run: Run, error: AppError): Promise<void> {
    for (;;) {
      const waiting = await this.#sql.query<{ key: string }>(
        `select key from run_documents where run_id = $1 and outcome = 'pending' limit 500`,
        [run.id],
      );
      if (waiting.length === 0) return;
      await this.settle(
        run,
        waiting.map(({ key }) => ({ key, outcome: 'failed', error })),
      );
    }
  }

  /** A cancelled run leaves what it had not begun out of its counts: it did nothing with them. */
  async dropPending(run: Run): Promise<void> {
    await this.#sql.query(`delete from run_documents where run_id = $1 and outcome = 'pending'`, [run.id]);
    await this.release(run);
  }

  /** The target has made their bills under numbers of its own. */
  async renumber(run: Run, renumbered: readonly { key: string; given: string }[]): Promise<void> {
    await this.#sql.query(
      `update documents d set other_number = x.given, intent_until = null, updated_at = $3
       from jsonb_to_recordset($2::jsonb) as x(key text, given text) where d.pipeline = $1 and d.key = x.key`,
      [run.pipeline, JSON.stringify(renumbered), this.#now()],
    );
  }

  /** The bills that have got a number of the target's own. */
  async renumbered(pipeline: string): Promise<{ sent: string; given: string }[]> {
    return await this.#sql.query(
      `select bill_number as sent, other_number as given from documents
       where pipeline = $1 and other_number is not null order by key`,
      [pipeline],
    );
  }

  /** None of these bills is there any more. */
  async numberAnew(pipeline: string): Promise<void> {
    await this.#sql.query('update documents set other_number = null where pipeline = $1 and other_number is not null', [
      pipeline,
    ]);
  }

  /** Those of these documents of which another, by the other kind of key, is booked; `field` is what both have in common. */
  async twins(pipeline: string, field: string, documents: readonly StoredDocument[]): Promise<Map<string, string>> {
    const shared = documents.flatMap(({ order }) => order.raw[field] ?? []);
    const rows = await this.#sql.query<{ key: string; shared: string }>(
      `select key, raw -> 'raw' ->> $2 as shared from documents
       where pipeline = $1 and raw -> 'raw' ->> $2 = any($3) and state in ('saved', 'submitted', 'done')`,
      [pipeline, field, shared.map(String)],
    );
    const kindOf = (key: string): boolean => /^\d/.test(key);
    const twins = new Map<string, string>();
    for (const { key, order } of documents) {
      const twin = rows.find((row) => row.shared === order.raw[field] && kindOf(row.key) !== kindOf(key));
      if (twin) twins.set(key, twin.key);
    }
    return twins;
  }
}
