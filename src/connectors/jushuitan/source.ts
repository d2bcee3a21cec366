import type { OpenSettings, QimenSettings } from '../../config.ts';
import { Decimal } from '../../decimal.ts';
import { AppError } from '../../errors.ts';
import { stringifyExact } from '../../json.ts';
import { fromWall } from '../../shanghai.ts';
import type { Pace, Source, SourceOrder, SourcePage, SourceQuery, TokenStore } from '../../sync/connector.ts';
import { withRetry } from '../http.ts';
import { createOpenClient } from './open.ts';
import { createQimenClient } from './qimen.ts';
import type { Route, Stream, Wired } from './streams/stream.ts';
import type { Answer } from './wire.ts';

export interface JushuitanParts {
  stream: Stream;
  pace: Pace;
  tokens: TokenStore;
  now: () => Date;
  sleep: (ms: number) => Promise<void>;
  limits: { perSecond: number; perMinute: number };
}

/** A route that is set: sends a query, named as Open Platform V2 names things, in its own dialect. */
interface SetRoute {
  name: 'qimen' | 'open';
  route: Route;
  ask(query: Wired): Promise<Answer>;
}

/** Where a read stands: which route, status and page, and the keys this pass has met. */
interface Cursor {
  part: number;
  page: number;
  pass: number;
  count: number | null;
  seen: string[];
  /** Rows of this pass that have no number of their own. */
  nameless: number;
  moved: boolean;
}

const maxPasses = 4;

/** A kind of document of 聚水潭 over whichever routes are set, as one Source. Window ≤ 7 days, page_size ≤ 50 (its documents' limits). */
export function createJushuitanSource(
  settings: readonly (QimenSettings | OpenSettings)[],
  parts: JushuitanParts,
): Source {
  const { stream, now } = parts;
  const routes = settings.flatMap((one) => {
    const route = stream[one.route];
    return route ? [setRoute(one, route, parts)] : [];
  });

  return {
    catalogue: stream.catalogue,
    isKey: stream.isKey,
    stateOf: stream.stateOf,
    cancelled: stream.cancelled,
    twin: stream.twin ?? null,
    maxWindowDays: 7,
    routes: routes.map((route) => route.name),
    page: (query, cursor) => readPage(stream, readsOf(routes, query, now()), query, cursor, now()),
    async changes(name, ts, query) {
      const on = routes.find((one) => one.name === name);
      if (!on) throw new AppError('jushuitan.refused', 'config', { params: { code: name } });
      const answer = await on.ask({
        ...query.params,
        start_ts: ts,
        page_index: 1,
        page_size: query.pageSize,
        is_get_total: false,
      });
      const orders = newestOf(answer.rows.map(on.route.record));
      // One whose place is not known is taken each time: twice is once, and never is lost.
      const fresh = orders.filter((order) => order.ts === null || BigInt(order.ts) > BigInt(ts));
      const maxTs = fresh.reduce<string | null>(
        (max, order) => (order.ts !== null && (max === null || BigInt(order.ts) > BigInt(max)) ? order.ts : max),
        null,
      );
      if (maxTs === null && answer.rows.length >= query.pageSize && answer.hasNext === true)
        throw new AppError('jushuitan.stuck', 'transient', { category: 'source_data' });
      return { orders: fresh, maxTs, more: maxTs !== null };
    },
    async count(query) {
      let sum = 0;
      for (const { on, wire } of readsOf(routes, query, now())) {
        if (on.route.looser && query.by === 'io_date') return null;
        const { dataCount, rows } = await on.ask({ ...wire, page_index: 1, page_size: 1, is_get_total: true });
        if (dataCount === null || (dataCount === 0 && rows.length > 0)) return null;
        sum += dataCount;
      }
      return sum;
    },
    async check() {
      const end = now();
      const start = new Date(end.getTime() - 60_000);
      const query: SourceQuery = { by: 'modified', start, end, statuses: [], params: {}, pageSize: 1 };
      for (const on of routes) {
        const [wire] = on.route.reads(query, end);
        await on.ask({ ...wire, page_index: 1, page_size: 1 });
      }
    },
  };
}

function setRoute(settings: QimenSettings | OpenSettings, route: Route, parts: JushuitanParts): SetRoute {
  const { perSecond, perMinute } = parts.limits;
  // A little wider than the documented windows: their clock counts arrivals, ours counts departures.
  const limits = [
    [perSecond, 1100],
    [perMinute, 61_000],
  ] as const;
  const key = `jushuitan:${settings.route}:${settings.appKey}`;
  const wire = { now: parts.now, timeoutMs: 30_000, pace: () => parts.pace.take(key, limits) };
  const patiently = (work: () => Promise<Answer>): Promise<Answer> =>
    withRetry(
      async () => {
        try {
          return await work();
        } catch (error) {
          if (error instanceof AppError && error.kind === 'rate_limited')
            await parts.pace.penalize(key, error.retryAfterMs ?? 1000);
          throw error;
        }
      },
      { attempts: 8, baseMs: 500, maxMs: 30_000, sleep: parts.sleep },
    );
  if (settings.route === 'qimen') {
    const call = createQimenClient(settings, wire);
    return {
      name: 'qimen',
      route,
      ask: (query) => {
        const { so_ids, modified_begin, modified_end, ...rest } = query;
        const business: Record<string, string> = {};
        for (const [name, value] of Object.entries(rest))
          business[name] = Array.isArray(value) ? stringifyExact(value.map(exactly)) : String(value);
        if (Array.isArray(so_ids)) business.so_ids = so_ids.join(',');
        if (modified_begin !== undefined)
          Object.assign(business, { start_time: String(modified_begin), end_time: String(modified_end) });
        return patiently(() => call(route.call, business));
      },
    };
  }
  const call = createOpenClient(settings, wire, parts.tokens);
  return {
    name: 'open',
    route,
    ask: (query) => {
      const biz = Object.fromEntries(
        Object.entries(query).map(([name, value]) => {
          if (typeof value === 'string' && route.lists?.includes(name)) return [name, value.split(',')];
          if (name === 'start_ts') return [name, exactly(String(value))];
          return [name, Array.isArray(value) && name !== 'so_ids' ? value.map(exactly) : value];
        }),
      );
      return patiently(() => call(route.call, biz));
    },
  };
}

/** The interface wants numbers where we keep text; ids beyond 2^53 keep every digit. */
const exactly = (text: string): Decimal | string => (/^\d+$/.test(text) ? new Decimal(text) : text);

interface Read {
  on: SetRoute;
  wire: Wired;
}

/** The reads a query takes: on every route. */
const readsOf = (routes: readonly SetRoute[], query: SourceQuery, now: Date): Read[] =>
  routes.flatMap((on) => on.route.reads(query, now).map((wire) => ({ on, wire })));

/**
 * One page. Rows move between pages while we read (a change sends a row to the end), so a pass counts only when it met exactly as
 * many different keys as the source says there are, that number did not change, and no key came twice; else the part is read again.
 */
async function readPage(
  stream: Stream,
  all: readonly Read[],
  query: SourceQuery,
  text: string | null,
  now: Date,
): Promise<SourcePage> {
  const fresh = (part: number, pass = 1): Cursor => ({
    part,
    page: 1,
    pass,
    count: null,
    seen: [],
    nameless: 0,
    moved: false,
  });
  const cursor = text === null ? fresh(0) : (JSON.parse(text) as Cursor);
  const current = all[cursor.part];
  if (!current) return { orders: [], next: null, total: 0 };
  const answer = await current.on.ask({
    ...current.wire,
    page_index: cursor.page,
    page_size: query.pageSize,
    is_get_total: true,
  });
  const orders = answer.rows.map(current.on.route.record);
  const keys = orders.map((order) => order.key).filter(stream.isKey);
  const nameless = cursor.nameless + orders.length - keys.length;
  const met = new Set(cursor.seen);
  const count = answer.dataCount === 0 && orders.length > 0 ? null : answer.dataCount;
  const moved = cursor.moved || keys.some((key) => met.has(key)) || (cursor.count !== null && count !== cursor.count);
  const seen = [...new Set([...cursor.seen, ...keys])];
  const more =
    answer.hasNext ?? (count !== null ? cursor.page * query.pageSize < count : orders.length === query.pageSize);
  const forward = (): Cursor | null => {
    if (more && orders.length > 0) return { ...cursor, page: cursor.page + 1, count, seen, nameless, moved };
    const complete = !moved && (count === null || seen.length + nameless === count);
    if (complete) return cursor.part + 1 < all.length ? fresh(cursor.part + 1) : null;
    if (cursor.pass >= maxPasses) throw new AppError('jushuitan.moving', 'transient', { category: 'source_data' });
    return fresh(cursor.part, cursor.pass + 1);
  };
  const next = forward();
  return {
    orders: newestOf(
      await wholeOf(
        stream,
        current.on,
        orders.filter((order) => isAskedFor(order, query)),
        query,
        now,
      ),
    ),
    next: next === null ? null : JSON.stringify(next),
    total: all.length === 1 ? count : null,
  };
}

/** Rows that are halves of documents, each with its other half, wherever that lies. */
async function wholeOf(
  { halves }: Stream,
  { route, ask }: SetRoute,
  orders: readonly SourceOrder[],
  query: SourceQuery,
  now: Date,
): Promise<readonly SourceOrder[]> {
  if (!halves) return orders;
  const here = new Set(orders.map(({ key }) => key));
  const others = new Set(orders.flatMap((order) => halves.otherOf(order) ?? []));
  const found = [...orders];
  const keys = [...others].filter((key) => !here.has(key));
  for (const wire of keys.length > 0 ? route.reads({ ...query, keys }, now) : []) {
    const { rows } = await ask({ ...wire, page_index: 1, page_size: keys.length });
    found.push(...rows.map(route.record));
  }
  return halves.join(found);
}

/** Where a route knows no window but that of `modified`, it brings what lies outside, too. */
function isAskedFor({ ioDate }: SourceOrder, { by, start, end, keys, numbers }: SourceQuery): boolean {
  const at = ioDate === null ? null : fromWall(ioDate);
  return by !== 'io_date' || keys !== undefined || numbers !== undefined || !at || (at >= start && at < end);
}

/** One row a key: the later `modified`, and of equals the greater rowversion. */
function newestOf(orders: readonly SourceOrder[]): SourceOrder[] {
  const newest = new Map<string, SourceOrder>();
  for (const order of orders) {
    const known = newest.get(order.key);
    const later =
      !known ||
      order.modified > known.modified ||
      (order.modified === known.modified && BigInt(order.ts ?? 0) >= BigInt(known.ts ?? 0));
    if (later) newest.set(order.key, order);
  }
  return [...newest.values()];
}
