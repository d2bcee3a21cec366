import { Decimal, toDecimal } from '../decimal.ts';
import { AppError, asAppError } from '../errors.ts';
import { dayMs } from '../shanghai.ts';
import type { Source, SourceOrder, SourceQuery, Target } from './connector.ts';
import type { Ledger, Reading, StoredDocument } from './ledger.ts';
import type { CompiledMapping } from './mapping.ts';
import type { Pipeline } from './pipeline.ts';
import type { Checkpoint, Run, RunFilters } from './run.ts';
import { planSlices } from './window.ts';
import { Writer } from './writer.ts';

export interface PipelineParts {
  pipeline: Pipeline;
  mapping: CompiledMapping;
  source: Source;
  target: Target;
}

export interface RunnerParts {
  ledger: Ledger;
  pipelines: ReadonlyMap<string, PipelineParts>;
  now: () => Date;
  sleep: (ms: number) => Promise<void>;
  /** Called after every step that changed a run, for whoever shows it. */
  onProgress: (runId: string) => void;
}

const leaseMs = 30_000;
const renewEveryMs = 5_000;
/** Statuses that mean: shipped once, and taken back. */
const cancelledStatus = 'Cancelled';

/** Thrown inside a run to leave it: somebody asked to stop, or another worker holds it now. */
class Interrupted extends Error {
  readonly reason: 'cancelled' | 'lease_lost' | 'stopping';
  constructor(reason: 'cancelled' | 'lease_lost' | 'stopping') {
    super(reason);
    this.reason = reason;
  }
}

/**
 * Carries out runs: slices → pages → documents → writes → report. Everything it knows is in the ledger after every page and every
 * batch, so a run that was killed goes on where it stood, in this process or another.
 */
export class Runner {
  readonly #parts: RunnerParts;
  readonly #owner: string;
  #stopping = false;
  readonly #active = new Map<string, Promise<void>>();

  constructor(parts: RunnerParts, owner: string) {
    this.#parts = parts;
    this.#owner = owner;
  }

  /** Runs to the end, or as far as it may. Returns false when somebody else holds the run or its pipeline: try again later. */
  async run(id: string): Promise<boolean> {
    const run = await this.#parts.ledger.claimRun(id, this.#owner, leaseMs);
    if (!run) return false;
    const work = this.#carryOut(run);
    this.#active.set(id, work);
    try {
      await work;
    } finally {
      this.#active.delete(id);
      this.#parts.onProgress(id);
    }
    return true;
  }

  /** Leaves every run at its next checkpoint; they go on after the next start. */
  async stop(): Promise<void> {
    this.#stopping = true;
    await Promise.allSettled(this.#active.values());
  }

  async #carryOut(run: Run): Promise<void> {
    const { ledger } = this.#parts;
    const lease = { held: true, cancelRequested: run.cancelRequested };
    const renew = setInterval(() => {
      ledger.renewLease(run.id, this.#owner, leaseMs).then(
        (state) => Object.assign(lease, state),
        () => undefined, // the store is down: the next statement of the run says so
      );
    }, renewEveryMs);
    const check = (): void => {
      if (this.#stopping) throw new Interrupted('stopping');
      if (!lease.held) throw new Interrupted('lease_lost');
      if (lease.cancelRequested) throw new Interrupted('cancelled');
    };
    try {
      const parts = this.#partsOf(run);
      const before = async (): Promise<void> => {
        Object.assign(lease, await ledger.renewLease(run.id, this.#owner, leaseMs));
        check();
        this.#parts.onProgress(run.id);
      };
      if (run.kind === 'undo') await this.#undo(run, parts, before);
      else if (run.by === 'changes') await this.#followChanges(run, parts, before);
      else await this.#coverWindow(run, parts, before);
      await this.#finish(run);
    } catch (error) {
      await this.#giveUp(run, error);
    } finally {
      clearInterval(renew);
    }
  }

  #partsOf(run: Pick<Run, 'pipeline'>): PipelineParts {
    const parts = this.#parts.pipelines.get(run.pipeline);
    if (parts) return parts;
    const known = [...this.#parts.pipelines.keys()].join('、');
    throw new AppError('sync.unknown_pipeline', 'config', { params: { id: run.pipeline, known } });
  }

  /** The stages of a window: for each slice read its pages, write what they brought, then look for what was cancelled since. */
  async #coverWindow(run: Run, parts: PipelineParts, before: () => Promise<void>): Promise<void> {
    const named = namesOrders(run.filters);
    const days = named ? Math.ceil((run.end.getTime() - run.start.getTime()) / dayMs) + 1 : parts.source.maxWindowDays;
    const slices = planSlices(run.start, run.end, days);
    const from = run.checkpoint.slice ?? 0;
    for (const [index, slice] of slices.entries()) {
      if (index < from) continue;
      const stage = index === from ? (run.checkpoint.stage ?? 'read') : 'read';
      const query = this.#query(run, parts, slice);
      if (stage === 'read')
        await this.#read(run, parts, query, index, index === from ? (run.checkpoint.page ?? null) : null, before);
      if (run.kind === 'preview') await this.#plan(run, parts, index, before);
      else if (stage !== 'cancelled') await this.#write(run, parts, index, before);
      if (!named) await this.#findCancelled(run, parts, query, before);
      await this.#checkpoint(run, { slice: index + 1 });
    }
  }

  #query(
    run: Pick<Run, 'by' | 'filters'>,
    { pipeline }: PipelineParts,
    slice: { start: Date; end: Date },
  ): SourceQuery {
    const { status, ...params } = pipeline.source.params;
    return {
      by: run.by === 'modified' ? 'modified' : 'io_date',
      start: slice.start,
      end: slice.end,
      statuses: namesOrders(run.filters) || !status ? [] : [status],
      ...(run.filters.keys ? { keys: run.filters.keys } : {}),
      ...(run.filters.numbers ? { numbers: run.filters.numbers } : {}),
      params,
      pageSize: pipeline.source.page_size,
    };
  }

  /** Rows the source says a request has, without reading them; null when it does not say. */
  async count(run: Pick<Run, 'pipeline' | 'by' | 'start' | 'end' | 'filters'>): Promise<number | null> {
    const parts = this.#partsOf(run);
    let sum = 0;
    for (const slice of planSlices(run.start, run.end, parts.source.maxWindowDays)) {
      const count = await parts.source.count(this.#query(run, parts, slice));
      if (count === null) return null;
      sum += count;
    }
    return sum;
  }

  async #checkpoint(run: Run, checkpoint: Checkpoint): Promise<void> {
    run.checkpoint = checkpoint;
    await this.#parts.ledger.saveCheckpoint(run.id, checkpoint);
  }

  async #read(
    run: Run,
    parts: PipelineParts,
    query: SourceQuery,
    slice: number,
    cursor: string | null,
    before: () => Promise<void>,
  ): Promise<void> {
    let page: string | null = cursor;
    do {
      await before();
      const { orders, next, total } = await parts.source.page(query, page);
      const wanted = orders.filter((order) => matches(order, run.filters));
      const checkpoint: Checkpoint = next === null ? { slice, stage: 'write' } : { slice, stage: 'read', page: next };
      await this.#parts.ledger.recordPage(
        run,
        slice,
        wanted.map((order) => interpret(parts, order)),
        checkpoint,
        Object.keys(run.filters).length > 0 ? null : total,
      );
      run.checkpoint = checkpoint;
      page = next;
    } while (page !== null);
  }

  /** Writes what the slice brought, several batches at a time. */
  async #write(run: Run, parts: PipelineParts, slice: number, before: () => Promise<void>): Promise<void> {
    const { batch, concurrency } = parts.pipeline.limits.target;
    const writer = this.#writer(parts);
    for (;;) {
      await before();
      const pending = await this.#parts.ledger.pending(run, slice, batch * concurrency);
      if (pending.length === 0) break;
      const batches = chunk(pending, batch);
      const results = await Promise.allSettled(
        batches.map((documents) => this.#writeBatch(run, parts, writer, documents)),
      );
      const failed = results.find((result) => result.status === 'rejected');
      if (failed) throw failed.reason;
    }
    await this.#checkpoint(run, { slice, stage: 'cancelled' });
  }

  #writer(parts: PipelineParts): Writer {
    const { after } = parts.pipeline.target;
    return new Writer(
      { ledger: this.#parts.ledger, target: parts.target, now: this.#parts.now, sleep: this.#parts.sleep },
      {
        goal: after.includes('audit') ? 'C' : after.includes('submit') ? 'B' : 'A',
        attempts: parts.pipeline.retry.attempts,
        maxDelayMs: parts.pipeline.retry.max_delay,
        settleMs: parts.pipeline.limits.target.settle,
      },
    );
  }

  async #writeBatch(
    run: Run,
    parts: PipelineParts,
    writer: Writer,
    documents: readonly StoredDocument[],
  ): Promise<void> {
    const jobs = [];
    for (const document of documents) {
      try {
        const mapped = parts.mapping.apply(document.order);
        jobs.push({ document, ...mapped });
      } catch (error) {
        await this.#parts.ledger.settle(run, document.key, 'failed', asAppError(error));
      }
    }
    await writer.write(run, jobs);
  }

  /** A preview asks which bills are there and writes nothing. */
  async #plan(run: Run, parts: PipelineParts, slice: number, before: () => Promise<void>): Promise<void> {
    for (;;) {
      await before();
      const pending = await this.#parts.ledger.pending(run, slice, 100);
      if (pending.length === 0) return;
      const found = await parts.target.find(pending.map((document) => document.billNumber));
      for (const document of pending) {
        const outcome = found.get(document.billNumber)?.status === 'C' ? 'existing' : 'planned';
        await this.#parts.ledger.settle(run, document.key, outcome);
      }
    }
  }

  /** Orders of the slice that are cancelled at the source now and have a bill in the target. */
  async #findCancelled(run: Run, parts: PipelineParts, query: SourceQuery, before: () => Promise<void>): Promise<void> {
    let page: string | null = null;
    do {
      await before();
      const result = await parts.source.page({ ...query, statuses: [cancelledStatus] }, page);
      await this.#recordCancelled(run, parts, result.orders);
      page = result.next;
    } while (page !== null);
  }

  async #recordCancelled(run: Run, parts: PipelineParts, orders: readonly SourceOrder[]): Promise<void> {
    if (orders.length === 0) return;
    const found = await parts.target.find(orders.map((order) => parts.mapping.billNumber(order.key)));
    for (const order of orders) {
      const bill = found.get(parts.mapping.billNumber(order.key));
      if (bill) await this.#parts.ledger.recordCancelled(run.pipeline, interpret(parts, order), bill.id);
    }
  }

  /**
   * What changed since the watermark: by rowversion, route by route. A route seen for the first time, or one whose rows carry no
   * rowversion, is read by `modified` over the run's window instead.
   */
  async #followChanges(run: Run, parts: PipelineParts, before: () => Promise<void>): Promise<void> {
    const { ledger, now } = this.#parts;
    const began = now();
    for (const [slice, route] of parts.source.routes.entries()) {
      let mark = await ledger.watermark(run.pipeline, route);
      for (let more = mark?.ts !== undefined && mark.ts !== null; more && mark?.ts; ) {
        await before();
        const changes = await parts.source.changes(route, mark.ts, this.#query(run, parts, run));
        await this.#takeIn(run, parts, slice, changes.orders);
        mark = { ts: changes.maxTs ?? mark.ts, until: began };
        await ledger.saveWatermark(run.pipeline, route, mark.ts, began);
        more = changes.more;
      }
      if (mark?.ts) continue;
      for (const window of planSlices(run.start, run.end, parts.source.maxWindowDays)) {
        let page: string | null = null;
        let maxTs: string | null = null;
        do {
          await before();
          const result = await parts.source.page(
            { ...this.#query(run, parts, window), by: 'modified', statuses: [] },
            page,
          );
          await this.#takeIn(run, parts, slice, result.orders);
          maxTs = highest(maxTs, result.orders);
          page = result.next;
        } while (page !== null);
        await ledger.saveWatermark(run.pipeline, route, maxTs, window.end);
      }
    }
  }

  /** Changed rows are written at once; nothing of them waits when the watermark moves past them. */
  async #takeIn(run: Run, parts: PipelineParts, slice: number, orders: readonly SourceOrder[]): Promise<void> {
    if (orders.length === 0) return;
    const readings = orders.map((order) => interpret(parts, order));
    await this.#parts.ledger.recordPage(run, slice, readings, run.checkpoint, null);
    await this.#recordCancelled(
      run,
      parts,
      orders.filter((order) => order.status === cancelledStatus),
    );
    await this.#write(run, parts, slice, async () => undefined);
  }

  /** Takes the bills of the named orders back out: UnAudit what is audited, then Delete. Only somebody's word leads here. */
  async #undo(run: Run, parts: PipelineParts, before: () => Promise<void>): Promise<void> {
    const { ledger } = this.#parts;
    for (const key of run.filters.keys ?? []) {
      await before();
      await ledger.joinRun(run, key);
      const number = parts.mapping.billNumber(key);
      let bill = (await parts.target.find([number])).get(number);
      if (bill && bill.status !== 'A' && bill.status !== 'Z' && bill.status !== 'D') {
        const [result] = await parts.target.unaudit([bill]);
        if (result && !result.ok && result.error.kind !== 'conflict') {
          await ledger.settle(run, key, 'failed', result.error);
          continue;
        }
        bill = (await parts.target.find([number])).get(number);
      }
      const [removed] = bill ? await parts.target.remove([bill]) : [];
      if (removed && !removed.ok) {
        await ledger.settle(run, key, 'failed', removed.error);
        continue;
      }
      await ledger.markUndone(run.pipeline, key);
      await ledger.settle(run, key, 'undone');
    }
  }

  async #finish(run: Run): Promise<void> {
    const counts = await this.#parts.ledger.counts(run.id);
    await this.#parts.ledger.finishRun(run.id, counts.failed > 0 ? 'partial' : 'succeeded', null);
  }

  async #giveUp(run: Run, error: unknown): Promise<void> {
    const { ledger } = this.#parts;
    if (error instanceof Interrupted) {
      if (error.reason !== 'cancelled') return; // the lease runs out or was taken: the run goes on elsewhere or later
      await ledger.dropPending(run);
      await ledger.finishRun(run.id, 'cancelled', null);
      return;
    }
    const known = asAppError(error);
    await ledger.failPending(run, known);
    await ledger.finishRun(run.id, 'failed', known);
  }
}

const namesOrders = ({ keys, numbers }: RunFilters): boolean => keys !== undefined || numbers !== undefined;

/** Whether an order is among those asked for. A shop is named by its id or by a part of its name. */
export function matches(order: SourceOrder, filters: RunFilters): boolean {
  const isShop = (text: string): boolean =>
    text.split('、').some((name) => order.shopId === name || order.shopName.includes(name.replace(/(店铺?|的)$/, '')));
  if (filters.shop && !isShop(filters.shop)) return false;
  const { wms_co_id, warehouse, items } = order.raw;
  const house = filters.warehouse;
  if (house && String(wms_co_id) !== house && !String(warehouse ?? '').includes(house.replace(/库$/, ''))) return false;
  if (filters.sku && !items.some(({ sku_id }) => String(sku_id).toLowerCase() === filters.sku?.toLowerCase()))
    return false;
  return !(filters.excludeShop && isShop(filters.excludeShop));
}

/** What the pipeline makes of one order: planned to be written, skipped by the precondition, or failed with a cause. */
function interpret({ mapping }: PipelineParts, order: SourceOrder): Reading {
  const known = {
    order,
    billNumber: mapping.billNumber(order.key),
    warehouseId: String(order.raw.wms_co_id ?? ''),
    amount: sumOf(order, 'amount'),
    quantity: sumOf(order, 'qty'),
  };
  try {
    if (!mapping.precondition(order)) return { ...known, outcome: 'skipped' };
    mapping.apply(order);
    return { ...known, outcome: 'pending' };
  } catch (error) {
    return { ...known, outcome: 'failed', error: asAppError(error) };
  }
}

function sumOf(order: SourceOrder, field: string): string {
  return order.raw.items.reduce((sum, line) => sum.plus(toDecimal(line[field]) ?? 0), new Decimal(0)).toFixed();
}

function highest(current: string | null, orders: readonly SourceOrder[]): string | null {
  return orders.reduce<string | null>(
    (max, { ts }) => (ts !== null && (max === null || BigInt(ts) > BigInt(max)) ? ts : max),
    current,
  );
}

function chunk<T>(items: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, index) =>
    items.slice(index * size, (index + 1) * size),
  );
}
