import type { AppError } from '../errors.ts';
import { stringifyStored } from '../json.ts';
import { fromWall } from '../shanghai.ts';
import type { Sql } from '../store/sql.ts';
import type { SourceOrder } from './connector.ts';
import type { DocumentState } from './document.ts';
import type { MappedRecord } from './mapped-record.ts';
import type { Checkpoint, Run, StoredError } from './run.ts';

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
  /** What it held when its bill was written, as `contentOf` has it; null where that is not known. */
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

export const documentColumns = `d.key, d.raw as "order", d.state, d.bill_number as "billNumber", d.target_id as "targetId",
  d.intent_until as "intentUntil", d.intent_run as "intentRun", d.written_as as "writtenAs", to_char(d.date_override, 'YYYY-MM-DD') as "dateOverride"`;

/** What a document keeps of its record. */
const orderColumns =
  'key, source_status, modified, io_date, shop_id, shop_name, warehouse_id, amount, quantity, raw, bill_number';
const orderTypes = `key text, source_status text, modified timestamptz, io_date timestamptz, shop_id text, shop_name text, warehouse_id text,
  amount numeric, quantity numeric, raw jsonb, bill_number text`;

const orderRow = ({ order, ...record }: MappedRecord) => ({
  key: order.key,
  source_status: order.status,
  modified: fromWall(order.modified) ?? new Date(0), // any version that has a time is a later one
  io_date: order.ioDate === null ? null : fromWall(order.ioDate),
  shop_id: order.shopId,
  shop_name: order.shopName,
  warehouse_id: record.warehouseId,
  amount: record.amount,
  quantity: record.quantity,
  raw: order,
  bill_number: record.billNumber,
});

const stateOf = ({ outcome }: MappedRecord): DocumentState =>
  outcome === 'failed' ? 'failed' : outcome === 'skipped' ? 'skipped' : 'ready';

/** What becomes of an order in a run while its document is withdrawn, whatever else is with it. */
const stayingOut = ({ error: _, ...record }: MappedRecord): MappedRecord => ({ ...record, outcome: 'skipped' });

/** The columns `category` and `error`. */
export function causeOf(error: AppError | undefined): [category: string | null, error: string | null] {
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
    records: readonly MappedRecord[],
    checkpoint: Checkpoint,
    total: number | null,
  ): Promise<void> {
    await this.#sql.transaction(async (tx) => {
      await this.#recordAll(tx, run, slice, records);
      await tx.query(
        'update runs set checkpoint = $2::jsonb, total = coalesce($3, total), pages = pages + 1 where id = $1',
        [run.id, JSON.stringify(checkpoint), total],
      );
    });
  }

  async #recordAll(tx: Sql, run: Run, slice: number, records: readonly MappedRecord[]): Promise<void> {
    if (records.length === 0) return;
    const out = await tx.query<{ key: string }>(
      `select key from documents where pipeline = $1 and key = any($2) and state = 'withdrawn'`,
      [run.pipeline, records.map(({ order }) => order.key)],
    );
    const withdrawn = new Set(out.map(({ key }) => key));
    const rows = stringifyStored(
      records.map((read) => {
        const record = withdrawn.has(read.order.key) ? stayingOut(read) : read;
        const [category, error] = causeOf(record.error);
        return { ...orderRow(record), state: stateOf(record), outcome: record.outcome, category, error };
      }),
    );
    const kept = await tx.query<{ key: string }>(
      `insert into documents (pipeline, ${orderColumns}, first_seen_at, updated_at, state, category, error)
       select $1, ${orderColumns}, $3, $3, state, category, error::jsonb
       from jsonb_to_recordset($2::jsonb) as x(${orderTypes}, state text, category text, error text)
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
      [run.pipeline, rows, this.#now()],
    );
    // An older version than the one we have (the other route was later) joins the run, but decides nothing in it.
    await tx.query(
      `insert into run_documents (run_id, key, outcome, category, error, slice)
       select $1, key, outcome, category, error::jsonb, $3
       from jsonb_to_recordset($2::jsonb) as x(key text, outcome text, category text, error text)
       on conflict (run_id, key) do update set outcome = excluded.outcome, category = excluded.category, error = excluded.error,
         slice = excluded.slice where excluded.key = any($4)`,
      [run.id, rows, slice, kept.map(({ key }) => key)],
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
         and (d.key = $2 or d.bill_number = $2 or ${references.map((field) => `d.raw -> 'raw' ->> '${field}' = $2`).join(' or ')})
       order by (d.key = $2 or d.bill_number = $2) desc, d.pipeline, d.key limit ${mostNamed}`,
      [[...pipelines], number],
    );
  }

  /** An order that is cancelled at the source while its bill lives in the target: kept for somebody to decide. */
  async recordCancelled(pipeline: string, record: MappedRecord, targetId: string): Promise<void> {
    await this.#sql.query(
      `insert into documents (pipeline, ${orderColumns}, first_seen_at, updated_at, state, target_id, cancelled_at)
       select $1, ${orderColumns}, $3, $3, 'cancelled', $4, $3 from jsonb_to_record($2::jsonb) as x(${orderTypes})
       on conflict (pipeline, key) do update set state = 'cancelled', source_status = excluded.source_status, modified = excluded.modified,
         target_id = excluded.target_id, cancelled_at = coalesce(documents.cancelled_at, excluded.cancelled_at), updated_at = excluded.updated_at`,
      [pipeline, stringifyStored(orderRow(record)), this.#now(), targetId],
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
