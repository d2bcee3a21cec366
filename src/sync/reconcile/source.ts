import { Decimal, toDecimal } from '../../decimal.ts';
import { stringifyStored } from '../../json.ts';
import { dayMs, fromWall, toDay } from '../../shanghai.ts';
import type { Sql } from '../../store/sql.ts';
import type { SourceOrder, SourceQuery } from '../connector.ts';
import type { PipelineParts } from '../parts.ts';
import { upstreamOf } from '../upstream.ts';
import { planSlices, type Window } from '../window.ts';
import { dayOf, dayQuery, msACall, unseenFrom } from './plan.ts';
import type { DayPlan, Place, Progress } from './reconciliation.ts';
import type { Work } from './work.ts';

/** So many calls tell how long one takes; until then the limits do. */
const tellingCalls = 20;
const batchRows = 200;
const ordersAPart = 2000;

/** The window's orders by io_date, day by day: from the ledger where the plan says so, else page by page. */
export async function readSource(work: Work): Promise<void> {
  const { days, place } = work.reconciliation;
  for (const [index, day] of days.entries()) {
    if (index < place.index) continue;
    if (day.from === 'ledger') await copyDay(work, day, index);
    else await readDay(work, day, index === place.index ? place : { stage: 'source', index });
  }
}

/** A read keeps the keys it has met in its place, so a large day is read in parts, each complete in itself. */
async function readDay(work: Work, day: DayPlan, { index, part: firstPart = 0, page = null }: Place): Promise<void> {
  const { sql, now, parts } = work;
  if (firstPart === 0 && page === null)
    day.seen = new Date(now().getTime() - parts.pipeline.schedule.lookback).toISOString();
  const query = dayQuery(parts, dayOf(day));
  const slices = cut(query, Math.ceil((day.counted ?? 0) / ordersAPart));
  for (const [part, slice] of slices.entries()) {
    if (part < firstPart) continue;
    let cursor = part === firstPart ? page : null;
    do {
      const asked = now().getTime();
      const { orders, next } = await parts.source.page({ ...query, ...slice }, cursor);
      const spent = now().getTime() - asked;
      const dayEnds = next === null && part + 1 === slices.length;
      await sql.transaction(async (tx) => {
        await keepOrders(work, tx, orders, day.day);
        if (dayEnds) day.orders = await countRead(work, tx, day);
        const place = dayEnds
          ? { index: index + 1 }
          : next === null
            ? { index, part: part + 1 }
            : { index, part, page: next };
        await work.reach({ stage: 'source', ...place }, called(work, spent, orders.length), tx);
      });
      cursor = next;
    } while (cursor !== null);
  }
}

/** A window in so many equal parts, cut at whole seconds. */
function cut({ start, end }: Window, count: number): Window[] {
  const at = (part: number): Date => {
    const share = Math.floor((end.getTime() - start.getTime()) / 1000) * (part / Math.max(1, count));
    return new Date(start.getTime() + Math.floor(share) * 1000);
  };
  return Array.from({ length: Math.max(1, count) }, (_, part) => ({ start: at(part), end: at(part + 1) }));
}

async function countRead({ parts, reconciliation }: Work, tx: Sql, { day }: DayPlan): Promise<number> {
  const [row] = await tx.query<{ count: number }>(
    `select count(*) as count from reconcile_source where id = $1 and day = $2 and ($3::text is null or status = $3)`,
    [reconciliation.id, day, parts.pipeline.source.params.status ?? null],
  );
  return row?.count ?? 0;
}

async function copyDay(work: Work, day: DayPlan, index: number): Promise<void> {
  const { sql, reconciliation } = work;
  const start = dayOf(day);
  const rows = sql.cursor<{ order: SourceOrder; status: string }>(
    `select raw as "order", source_status as status from documents
     where pipeline = $1 and io_date >= $2 and io_date < $3 order by key`,
    [reconciliation.pipeline, start, new Date(start.getTime() + dayMs)],
    batchRows,
  );
  let read = reconciliation.progress.source ?? 0;
  for await (const batch of rows) {
    // The status of a row may be later than the order as it was read.
    const orders = batch.map(({ order, status }) => ({ ...order, status, raw: { ...order.raw, status } }));
    await keepOrders(work, sql, orders, day.day);
    read += orders.length;
  }
  await work.reach({ stage: 'source', index: index + 1 }, { source: read });
}

/**
 * What changed since our copy of each day was taken, by `modified`: orders cancelled or altered since, and orders that moved into
 * the window or out of it by a new io_date. Those outside are dropped; should one have a bill here, it is looked up by its number.
 * Done once more after the target, whose reading may take hours.
 */
export async function readChanges(work: Work): Promise<void> {
  const { sql, now, parts, reconciliation } = work;
  const { id, start, end, place, days } = reconciliation;
  const { stage, index: first, page = null, until = now().toISOString() } = place;
  const { params, pageSize } = dayQuery(parts, start);
  for (const [index, slice] of planSlices(unseenFrom(reconciliation), new Date(until), 1).entries()) {
    if (index < first) continue;
    const query: SourceQuery = { by: 'modified', ...slice, statuses: [], params, pageSize };
    let cursor = index === first ? page : null;
    do {
      const asked = now().getTime();
      const { orders, next } = await parts.source.page(query, cursor);
      const spent = now().getTime() - asked;
      const dated = orders.filter((order) => shippedOn(order) !== '');
      const isInside = (order: SourceOrder): boolean =>
        shippedOn(order) >= toDay(start) && shippedOn(order) < toDay(end);
      await sql.transaction(async (tx) => {
        await keepOrders(work, tx, dated.filter(isInside));
        const outside = dated.filter((order) => !isInside(order)).map(({ key }) => parts.mapping.billNumber(key));
        await tx.query('delete from reconcile_source where id = $1 and number = any($2)', [id, outside]);
        const at = next === null ? { index: index + 1 } : { index, page: next };
        await work.reach({ stage, ...at, until }, called(work, spent, 0), tx);
      });
      cursor = next;
    } while (cursor !== null);
  }
  const seen = new Date(Date.parse(until) - parts.pipeline.schedule.lookback).toISOString();
  for (const day of days) day.seen = seen;
}

/** Orders by io_id, wherever their io_date lies, kept as the window's. */
export async function lookUpOrders(work: Work, keys: readonly string[]): Promise<void> {
  const { sql, parts, reconciliation } = work;
  const ids = keys.filter(parts.source.isKey);
  if (ids.length === 0) return;
  const query = { ...dayQuery(parts, reconciliation.start), keys: ids };
  let cursor: string | null = null;
  do {
    const page = await parts.source.page(query, cursor);
    await keepOrders(work, sql, page.orders);
    cursor = page.next;
  } while (cursor !== null);
}

/** Progress after one more call of a page. */
function called({ parts, reconciliation }: Work, spentMs: number, orders: number): Progress {
  const { source = 0, calls = 0, expected = 0, readingMs = 0 } = reconciliation.progress;
  const made = calls + 1;
  const spent = readingMs + spentMs;
  const each = made < tellingCalls ? msACall(parts.pipeline.limits.source) : spent / made;
  return {
    source: source + orders,
    calls: made,
    readingMs: spent,
    leftMs: made < expected ? Math.round((expected - made) * each) : null,
  };
}

/** `YYYY-MM-DD`; empty where the row tells no time that can be read. */
const shippedOn = (order: SourceOrder): string => (order.ioDate ?? order.modified).slice(0, 10);

/** The latest version of each order, and what its bill should come to; an order without a day is `day`'s. */
async function keepOrders(
  { parts, pipelines, now, reconciliation }: Work,
  tx: Sql,
  orders: readonly SourceOrder[],
  day = toDay(reconciliation.start),
): Promise<void> {
  const newest = new Map<string, SourceOrder>();
  for (const order of orders) {
    const known = newest.get(order.key);
    if (!known || order.modified >= known.modified) newest.set(order.key, order);
  }
  const out = await tx.query<{ key: string }>(
    `select key from documents where pipeline = $1 and key = any($2) and state = 'withdrawn'`,
    [reconciliation.pipeline, [...newest.keys()]],
  );
  const withdrawn = new Set(out.map(({ key }) => key));
  const upstream = await upstreamOf(
    { sql: tx, pipelines, pipeline: parts.pipeline },
    [...newest.values()].map((order) => ({ order })),
  );
  const rows = [...newest.values()].map((order) => ({
    number: parts.mapping.billNumber(order.key),
    key: order.key,
    day: shippedOn(order) || day,
    shop: named(order.shopId, order.shopName),
    warehouse: named(order.raw.wms_co_id, order.raw.warehouse),
    status: order.status,
    ...billed(parts, order, (one) => upstream.priced(one, now()), withdrawn.has(order.key)),
    modified: (fromWall(order.modified) ?? new Date(0)).toISOString(),
  }));
  await tx.query(
    `insert into reconcile_source (id, number, key, day, shop, warehouse, status, amount, quantity, stand, modified)
     select $1, r.* from jsonb_to_recordset($2::jsonb) as r(number text, key text, day date, shop text, warehouse text, status text,
       amount numeric, quantity numeric, stand text, modified timestamptz)
     on conflict (id, number) do update set day = excluded.day, shop = excluded.shop, warehouse = excluded.warehouse,
       status = excluded.status, amount = excluded.amount, quantity = excluded.quantity, stand = excluded.stand,
       modified = excluded.modified where reconcile_source.modified <= excluded.modified`,
    [reconciliation.id, stringifyStored(rows)],
  );
}

/** An index has room for so much of a name. */
const nameChars = 120;

/** `10001 天猫旗舰店`: a number with its name where there is one. */
const named = (code: unknown, name: unknown): string =>
  [code, name]
    .filter((part) => typeof part === 'string' && part !== '')
    .join(' ')
    .slice(0, nameChars)
    .toWellFormed();

/** What an order's bill should come to, and whether it should have one. */
function billed(
  { mapping, source }: PipelineParts,
  order: SourceOrder,
  priced: (order: SourceOrder) => SourceOrder,
  withdrawn: boolean,
): { amount: string; quantity: string; stand: 'due' | 'cancelled' | 'withdrawn' | 'other' } {
  let { amount, quantity } = summed(mapping.own(order));
  let due: boolean | null = null;
  try {
    due = mapping.precondition(order);
    if (due) ({ amount, quantity } = summed(mapping.lines(priced(order))));
  } catch {
    // An order that cannot be mapped is due all the same, where it is ours: it is missing over there.
  }
  const cancelled = source.stateOf(order.status) === 'cancelled';
  const stand = due === true || (due === null && !cancelled) ? 'due' : cancelled ? 'cancelled' : 'other';
  return { amount, quantity, stand: withdrawn && stand === 'due' ? 'withdrawn' : stand };
}

function summed(lines: readonly Readonly<Record<string, unknown>>[]): { amount: string; quantity: string } {
  const sum = (field: string): string =>
    lines.reduce((total, line) => total.plus(toDecimal(line[field]) ?? 0), new Decimal(0)).toFixed();
  return { amount: sum('amount'), quantity: sum('qty') };
}
