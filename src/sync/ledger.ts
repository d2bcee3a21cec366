import type { AppError } from '../errors.ts';
import { stringifyStored } from '../json.ts';
import { fromWall } from '../shanghai.ts';
import type { Sql, SqlValue } from '../store/sql.ts';
import type { SourceOrder } from './connector.ts';
import { type DocumentState, statesBefore } from './document.ts';
import type { Reading } from './reading.ts';
import type { Checkpoint, Outcome, Run, StoredError } from './run.ts';

/** A document as the writer needs it. */
export interface StoredDocument {
  key: string;
  order: SourceOrder;
  state: DocumentState;
  billNumber: string;
  targetId: string | null;
  /** A save was sent and may land until then. */
  intentUntil: Date | null;
  /** The run that sent the last save. */
  intentRun: string | null;
  /** What it held when its bill was written, as `Mapped.content`; null where that is not known. */
  writtenAs: string | null;
  /** The day (`YYYY-MM-DD`) somebody chose to book it on instead of the mapping's. */
  dateOverride: string | null;
}

/** A document with its pipeline, and what was wrong with it. */
export interface KnownDocument extends StoredDocument {
  pipeline: string;
  category: string | null;
  error: StoredError | null;
}

/** Numbers of the source that a document may refer to beside its own. */
const references = ['so_id', 'o_id', 'as_id'];
/** One number leads to no more documents than a person reads. */
const mostNamed = 20;

const documentColumns = `d.key, d.raw as "order", d.state, d.bill_number as "billNumber", d.target_id as "targetId",
  d.intent_until as "intentUntil", d.intent_run as "intentRun", d.written_as as "writtenAs", to_char(d.date_override, 'YYYY-MM-DD') as "dateOverride"`;

/** What a document keeps of its order; `orderValues` are $1 to $13. */
const orderColumns = `pipeline, key, source_status, modified, io_date, shop_id, shop_name, warehouse_id, amount, quantity, raw, bill_number,
  first_seen_at, updated_at`;
const orderPlaces = '$1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11::jsonb, $12, $13, $13';

function orderValues(pipeline: string, { order, ...reading }: Reading, now: Date): SqlValue[] {
  return [
    pipeline,
    order.key,
    order.status,
    fromWall(order.modified) ?? new Date(0), // any version that has a time is a later one
    order.ioDate === null ? null : fromWall(order.ioDate),
    order.shopId,
    order.shopName,
    reading.warehouseId,
    reading.amount,
    reading.quantity,
    stringifyStored(order),
    reading.billNumber,
    now,
  ];
}

/** What becomes of an order in a run while its document is withdrawn, whatever else is with it. */
const stayingOut = ({ error: _, ...reading }: Reading): Reading => ({ ...reading, outcome: 'skipped' });

/** The columns `category` and `error`. */
function causeOf(error: AppError | undefined): [category: string | null, error: string | null] {
  return error ? [error.category ?? 'unknown', stringifyStored(error)] : [null, null];
}

/** Every document ever seen with its state, and the part it had in each run. */
export class Ledger {
  readonly #sql: Sql;
  readonly #now: () => Date;

  constructor(sql: Sql, now: () => Date) {
    this.#sql = sql;
    this.#now = now;
  }

  /**
   * One page, taken in whole together with the checkpoint behind it. The later `modified` of an order wins. What failed stays
   * failed until it is tried: only reading it mends nothing.
   */
  async recordPage(
    run: Run,
    slice: number,
    readings: readonly Reading[],
    checkpoint: Checkpoint,
    total: number | null,
  ): Promise<void> {
    await this.#sql.transaction(async (tx) => {
      const out = await this.#withdrawn(tx, run.pipeline, readings);
      for (const reading of readings)
        await this.#recordReading(tx, run, slice, out.has(reading.order.key) ? stayingOut(reading) : reading);
      await tx.query(
        'update runs set checkpoint = $2::jsonb, total = coalesce($3, total), pages = pages + 1 where id = $1',
        [run.id, JSON.stringify(checkpoint), total],
      );
    });
  }

  async #withdrawn(tx: Sql, pipeline: string, readings: readonly Reading[]): Promise<Set<string>> {
    const rows = await tx.query<{ key: string }>(
      `select key from documents where pipeline = $1 and key = any($2) and state = 'withdrawn'`,
      [pipeline, readings.map(({ order }) => order.key)],
    );
    return new Set(rows.map(({ key }) => key));
  }

  async #recordReading(tx: Sql, run: Run, slice: number, reading: Reading): Promise<void> {
    const { order, outcome } = reading;
    const cause = causeOf(reading.error);
    const state: DocumentState = outcome === 'failed' ? 'failed' : outcome === 'skipped' ? 'skipped' : 'ready';
    const kept = await tx.query(
      `insert into documents (${orderColumns}, state, category, error) values (${orderPlaces}, $14, $15, $16::jsonb)
       on conflict (pipeline, key) do update set
         state = case when documents.state = 'failed' and excluded.state = 'ready' then documents.state
                      when documents.state in ('ready', 'failed', 'skipped') and documents.intent_until is null and documents.target_id is null
                      then excluded.state else documents.state end,
         source_status = excluded.source_status, modified = excluded.modified, io_date = excluded.io_date, shop_id = excluded.shop_id,
         shop_name = excluded.shop_name, warehouse_id = excluded.warehouse_id, amount = excluded.amount, quantity = excluded.quantity,
         raw = excluded.raw, bill_number = excluded.bill_number, updated_at = excluded.updated_at,
         category = case when excluded.state = 'failed' then excluded.category else documents.category end,
         error = case when excluded.state = 'failed' then excluded.error else documents.error end
       where documents.modified <= excluded.modified
       returning key`,
      [...orderValues(run.pipeline, reading, this.#now()), state, ...cause],
    );
    // An older version than the one we have (the other route was later) joins the run, but decides nothing in it.
    const onConflict =
      kept.length === 0
        ? 'nothing'
        : 'update set outcome = excluded.outcome, category = excluded.category, error = excluded.error, slice = excluded.slice';
    await tx.query(
      `insert into run_documents (run_id, key, outcome, category, error, slice) values ($1, $2, $3, $4, $5::jsonb, $6)
       on conflict (run_id, key) do ${onConflict}`,
      [run.id, order.key, outcome, ...cause, slice],
    );
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

  /** Documents of a slice that still wait, in key order. */
  async pending(run: Run, slice: number, limit: number): Promise<StoredDocument[]> {
    return await this.#sql.query<StoredDocument>(
      `select ${documentColumns} from run_documents r join documents d on d.pipeline = $1 and d.key = r.key
       where r.run_id = $2 and r.slice = $3 and r.outcome = 'pending' order by r.key limit $4`,
      [run.pipeline, run.id, slice, limit],
    );
  }

  /** The document with this key, bill number or order number of the source. */
  async document(pipeline: string, key: string): Promise<KnownDocument | null> {
    return (await this.named([pipeline], key))[0] ?? null;
  }

  /** Documents of these pipelines by a key, a bill number or a number of the source that they refer to; whose own it is come first. */
  async named(pipelines: readonly string[], number: string): Promise<KnownDocument[]> {
    return await this.#sql.query<KnownDocument>(
      `select d.pipeline, ${documentColumns}, d.category, d.error from documents d where d.pipeline = any($1)
         and (d.key = $2 or d.bill_number = $2 or exists (select 1 from unnest($3::text[]) field where d.raw -> 'raw' ->> field = $2))
       order by (d.key = $2 or d.bill_number = $2) desc, d.pipeline, d.key limit ${mostNamed}`,
      [[...pipelines], number, [...references]],
    );
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

  /** Its bill has been made, of what it holds now. */
  async save(pipeline: string, key: string, targetId: string, content: string): Promise<void> {
    await this.reach(pipeline, key, 'saved', targetId);
    await this.#sql.query('update documents set written_as = $3 where pipeline = $1 and key = $2', [
      pipeline,
      key,
      content,
    ]);
  }

  /** The target has made its bill under a number of its own. */
  async renumber(run: Run, key: string, given: string): Promise<void> {
    await this.#sql.query(
      'update documents set other_number = $3, intent_until = null, updated_at = $4 where pipeline = $1 and key = $2',
      [run.pipeline, key, given, this.#now()],
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

  /** The document is in the target, this far. */
  async reach(pipeline: string, key: string, state: 'saved' | 'submitted' | 'done', targetId: string): Promise<void> {
    await this.#sql.query(
      `update documents set state = $3, target_id = $4, intent_until = null, category = null, error = null, updated_at = $5
       where pipeline = $1 and key = $2 and state = any($6)`,
      [pipeline, key, state, targetId, this.#now(), [...statesBefore(state)]],
    );
  }

  /** Ends a document's part in a run. A failure is kept on the document, too. */
  async settle(run: Run, key: string, outcome: Outcome, error?: AppError): Promise<void> {
    const cause = causeOf(error);
    await this.#sql.transaction(async (tx) => {
      await tx.query(
        'update run_documents set outcome = $3, category = $4, error = $5::jsonb where run_id = $1 and key = $2',
        [run.id, key, outcome, ...cause],
      );
      if (!error) return;
      await tx.query(
        `update documents set state = case when intent_until is null and state <> 'cancelled' then 'failed' else state end, category = $3, error = $4::jsonb, updated_at = $5
         where pipeline = $1 and key = $2`,
        [run.pipeline, key, ...cause, this.#now()],
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
      for (const { key } of waiting) await this.settle(run, key, 'failed', error);
    }
  }

  /** A cancelled run leaves what it had not begun out of its counts: it did nothing with them. */
  async dropPending(run: Run): Promise<void> {
    await this.#sql.query(`delete from run_documents where run_id = $1 and outcome = 'pending'`, [run.id]);
  }

  /** An order that is cancelled at the source while its bill lives in the target: kept for somebody to decide. */
  async recordCancelled(pipeline: string, reading: Reading, targetId: string): Promise<void> {
    await this.#sql.query(
      `insert into documents (${orderColumns}, state, target_id, cancelled_at) values (${orderPlaces}, 'cancelled', $14, $13)
       on conflict (pipeline, key) do update set state = 'cancelled', source_status = excluded.source_status, modified = excluded.modified,
         target_id = excluded.target_id, cancelled_at = coalesce(documents.cancelled_at, excluded.cancelled_at), updated_at = excluded.updated_at`,
      [...orderValues(pipeline, reading, this.#now()), targetId],
    );
  }

  /** Adds a document to a run that names its keys. */
  async joinRun(run: Run, key: string): Promise<void> {
    await this.#sql.query(
      `insert into run_documents (run_id, key, outcome) values ($1, $2, 'pending') on conflict do nothing`,
      [run.id, key],
    );
  }

  /** What has no number of its own cannot be read again: who tries it again has seen it, and it is off the list of failures. */
  async strikeOff(run: Run, keys: readonly string[]): Promise<void> {
    await this.#sql.transaction(async (tx) => {
      await tx.query(
        `insert into run_documents (run_id, key, outcome) select $1, key, 'skipped' from unnest($2::text[]) key on conflict do nothing`,
        [run.id, [...keys]],
      );
      await tx.query(
        `update documents set state = 'skipped', category = null, error = null, updated_at = $3 where pipeline = $1 and key = any($2)`,
        [run.pipeline, [...keys], this.#now()],
      );
    });
  }

  /** Its bill is out because whoever asked for the run said so. */
  async withdraw(run: Run, key: string): Promise<void> {
    await this.#sql.query(
      `update documents set state = 'withdrawn', withdrawn_by = $3, withdrawn_at = $4, target_id = null, written_as = null, intent_until = null, category = null,
         error = null, updated_at = $4 where pipeline = $1 and key = $2`,
      [run.pipeline, key, run.requester.person, this.#now()],
    );
  }

  /** These may be written again. */
  async putBack(pipeline: string, keys: readonly string[]): Promise<void> {
    await this.#sql.query(
      `update documents set state = 'ready', withdrawn_by = null, withdrawn_at = null, updated_at = $3
       where pipeline = $1 and key = any($2) and state = 'withdrawn'`,
      [pipeline, [...keys], this.#now()],
    );
  }
}
