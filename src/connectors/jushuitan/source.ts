import type { OpenSettings, QimenSettings } from '../../config.ts';
import { Decimal } from '../../decimal.ts';
import { AppError } from '../../errors.ts';
import { stringifyExact } from '../../json.ts';
import { toWall } from '../../shanghai.ts';
import type {
  Catalogue,
  Pace,
  Source,
  SourceOrder,
  SourcePage,
  SourceQuery,
  TokenStore,
} from '../../sync/connector.ts';
import { withRetry } from '../http.ts';
import { createOpenClient } from './open.ts';
import { createQimenClient } from './qimen.ts';
import { isKey, toOrder } from './row.ts';
import type { Answer } from './wire.ts';

export interface JushuitanParts {
  catalogue: Catalogue;
  pace: Pace;
  tokens: TokenStore;
  now: () => Date;
  sleep: (ms: number) => Promise<void>;
  limits: { perSecond: number; perMinute: number };
}

type Wired = Record<string, string | number | boolean | string[]>;

/** One route: sends a query, named as Open Platform V2 names things, in its own dialect. */
interface Route {
  name: 'qimen' | 'open';
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
const keysPerCall = 50;

/** 聚水潭's outbound orders over whichever routes are set, as one Source. Window ≤ 7 days, page_size ≤ 50 (its documents' limits). */
export function createJushuitanSource(
  settings: readonly (QimenSettings | OpenSettings)[],
  parts: JushuitanParts,
): Source {
  const routes = settings.map((one) => createRoute(one, parts));

  return {
    catalogue: parts.catalogue,
    isKey,
    maxWindowDays: 7,
    routes: routes.map((route) => route.name),
    page: (query, cursor) => readPage(routes, query, cursor),
    async changes(name, ts, query) {
      const route = routes.find((one) => one.name === name);
      if (!route) throw new AppError('jushuitan.refused', 'config', { params: { code: name } });
      const answer = await route.ask({
        ...query.params,
        start_ts: ts,
        page_index: 1,
        page_size: query.pageSize,
        is_get_total: false,
      });
      const orders = newestOf(answer.rows.map(toOrder));
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
      for (const { route, wire } of partsOf(routes, query)) {
        const { dataCount, rows } = await route.ask({ ...wire, page_index: 1, page_size: 1, is_get_total: true });
        if (dataCount === null || (dataCount === 0 && rows.length > 0)) return null;
        sum += dataCount;
      }
      return sum;
    },
    async check() {
      const end = parts.now();
      const start = new Date(end.getTime() - 60_000);
      for (const route of routes)
        await route.ask({ ...windowOf({ by: 'modified', start, end }), page_index: 1, page_size: 1 });
    },
  };
}

function createRoute(settings: QimenSettings | OpenSettings, parts: JushuitanParts): Route {
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
      ask: (query) => {
        const { keys, so_ids, o_ids, modified_begin, modified_end, ...rest } = query;
        const business: Record<string, string> = {};
        for (const [name, value] of Object.entries(rest))
          business[name] = typeof value === 'object' ? JSON.stringify(value) : String(value);
        if (Array.isArray(keys)) business.io_ids = stringifyExact(keys.map(exactly));
        if (Array.isArray(o_ids)) business.o_ids = stringifyExact(o_ids.map(exactly));
        if (Array.isArray(so_ids)) business.so_ids = so_ids.join(',');
        if (modified_begin !== undefined)
          Object.assign(business, { start_time: String(modified_begin), end_time: String(modified_end) });
        return patiently(() => call('jushuitan.saleout.list.query', business));
      },
    };
  }
  const call = createOpenClient(settings, wire, parts.tokens);
  return {
    name: 'open',
    ask: (query) => {
      const { keys, start_ts, ...rest } = query;
      const biz = {
        ...rest,
        ...(Array.isArray(keys) ? { io_ids: keys.map(exactly) } : {}),
        ...(Array.isArray(rest.o_ids) ? { o_ids: rest.o_ids.map(exactly) } : {}),
        ...(start_ts === undefined ? {} : { start_ts: exactly(String(start_ts)) }),
      };
      return patiently(() => call('/open/orders/out/simple/query', biz));
    },
  };
}

/** The interface wants numbers where we keep text; ids beyond 2^53 keep every digit. */
const exactly = (text: string): Decimal | string => (/^\d+$/.test(text) ? new Decimal(text) : text);

/** Wire bounds are inclusive seconds, ours are half-open. */
function windowOf({ by, start, end }: Pick<SourceQuery, 'by' | 'start' | 'end'>): Record<string, string | number> {
  return {
    modified_begin: toWall(start),
    modified_end: toWall(end.getTime() - 1000),
    date_type: by === 'io_date' ? 2 : 0,
  };
}

/** The reads a query takes: every route, for every status or every chunk of keys. */
function partsOf(routes: readonly Route[], query: SourceQuery): { route: Route; wire: Wired }[] {
  const chunksOf = (keys: readonly string[]): string[][] =>
    Array.from({ length: Math.ceil(keys.length / keysPerCall) }, (_, i) =>
      keys.slice(i * keysPerCall, (i + 1) * keysPerCall),
    );
  // A number somebody says may be any of three; the ids among them are whole numbers of at most 18 digits.
  const ids = (query.numbers ?? []).filter((number) => /^\d{1,18}$/.test(number));
  const named: Wired[] = query.keys
    ? chunksOf(query.keys.filter(isKey)).map((keys) => ({ keys }))
    : [
        ...chunksOf(query.numbers ?? []).map((so_ids) => ({ so_ids })),
        ...chunksOf(ids).flatMap((some): Wired[] => [{ keys: some }, { o_ids: some }]),
      ];
  const shop = query.shopId ? { shop_id: query.shopId } : {};
  return routes.flatMap((route): { route: Route; wire: Wired }[] => {
    if (query.keys || query.numbers) return named.map((wire) => ({ route, wire: { ...query.params, ...wire } }));
    const statuses = query.statuses.length > 0 ? query.statuses.map((status) => ({ status })) : [{}];
    return statuses.map((status) => ({ route, wire: { ...query.params, ...shop, ...status, ...windowOf(query) } }));
  });
}

/**
 * One page. Rows move between pages while we read (a change sends a row to the end), so a pass counts only when it met exactly as
 * many different keys as the source says there are, that number did not change, and no key came twice; else the part is read again.
 */
async function readPage(routes: readonly Route[], query: SourceQuery, text: string | null): Promise<SourcePage> {
  const all = partsOf(routes, query);
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
  const answer = await current.route.ask({
    ...current.wire,
    page_index: cursor.page,
    page_size: query.pageSize,
    is_get_total: true,
  });
  const orders = answer.rows.map(toOrder);
  const keys = orders.map((order) => order.key).filter(isKey);
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
    orders: newestOf(orders),
    next: next === null ? null : JSON.stringify(next),
    total: all.length === 1 ? count : null,
  };
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
