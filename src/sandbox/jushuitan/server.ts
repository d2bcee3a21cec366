import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { dayMs, fromWall } from '../../shanghai.ts';
import { type SandboxOrder, toRow } from '../orders.ts';
import { type Answer, listen, type SandboxServer } from '../server.ts';
import { CallLimit, expectedOpenSign, expectedTopSign, type Limits, windowOf } from './gate.ts';
import { type Change, Shipments, type Shop, type Wanted } from './shipments.ts';

export interface JushuitanSandbox extends SandboxServer {
  appKey: string;
  appSecret: string;
  customerId: string;
  accessToken: string;
  refreshToken: string;
}

interface Settings {
  dir: string;
  port: number;
  shop: Shop;
  limits: Limits;
}

/** What has changed since the orders were generated, and the tokens in force: on disk before it is answered. */
interface State {
  changed: Record<string, Change>;
  access: string;
  refresh: string;
}

const app = { appKey: 'sandbox-app', appSecret: 'sandbox-secret', customerId: '10000001', targetAppKey: '23060081' };

/** A make-believe 聚水潭: the Qimen scene on /router/qm and Open Platform V2 on /open and /openWeb, as strict as their documents. */
export async function startJushuitan(settings: Settings): Promise<JushuitanSandbox> {
  const file = join(settings.dir, 'jushuitan.json');
  const state: State = existsSync(file)
    ? (JSON.parse(readFileSync(file, 'utf8')) as State)
    : { changed: {}, access: 'sandbox-access-token', refresh: 'sandbox-refresh-token' };
  const save = (): void => writeFileSync(file, JSON.stringify(state));
  const limits = { qimen: new CallLimit(settings.limits), open: new CallLimit(settings.limits) };
  const shipments = new Shipments(settings.shop, state.changed);
  const { now } = settings.shop;

  const search = (route: 'qimen' | 'open', ask: Ask): { list: SandboxOrder[]; body: Record<string, unknown> } => {
    const matching = shipments
      .find(ask)
      .filter((order) => order.shop.route === route || order.io_id % 50 === 0) // a few are returned by both
      .filter((order) => !ask.status || order.status === ask.status)
      .filter((order) => !ask.shopId || String(order.shop.id) === ask.shopId);
    const from = (ask.page - 1) * ask.size;
    const list = matching.slice(from, from + ask.size);
    const count = ask.total ? matching.length : 0;
    const body = {
      page_index: ask.page,
      page_size: ask.size,
      data_count: count,
      page_count: Math.ceil(count / ask.size),
      has_next: from + ask.size < matching.length,
    };
    return { list, body };
  };

  const qimen = (form: URLSearchParams): Answer => {
    const refuse = (code: number, message: string, sub = ''): Answer =>
      json({
        response: { flag: 'failure', code, message, ...(sub ? { sub_message: sub } : {}), request_id: requestId() },
      });
    if (form.get('app_key') !== app.appKey) return refuse(29, 'Invalid app Key');
    if (form.get('target_app_key') !== app.targetAppKey || form.get('customer_id') !== app.customerId)
      return refuse(41, 'Invalid arguments', 'target_app_key or customer_id');
    const at = fromWall(form.get('timestamp') ?? '');
    if (!at || Math.abs(at.getTime() - now().getTime()) > 600_000) return refuse(31, 'Invalid timestamp');
    if (form.get('sign') !== expectedTopSign(form, app.appSecret)) return refuse(25, 'Invalid signature');
    if (form.get('format') !== 'json' || form.get('v') !== '2.0') return refuse(23, 'Invalid Format');
    if (form.get('method') !== 'jushuitan.saleout.list.query') return refuse(22, 'Invalid Method');
    const slow = limits.qimen.refuse(now().getTime());
    if (slow) return refuse(7, 'App Call Limited', `This ban will last for ${slow.seconds} more seconds`);
    const text = (name: string): string | undefined => form.get(name) ?? undefined;
    const ask = readAsk({
      page: text('page_index'),
      size: text('page_size'),
      begin: text('start_time'),
      end: text('end_time'),
      dateType: text('date_type'),
      status: text('status'),
      shopId: text('shop_id'),
      startTs: text('start_ts'),
      ioIds: text('io_ids') ? (JSON.parse(text('io_ids') ?? '[]') as unknown[]) : undefined,
      soIds: text('so_ids')?.split(','),
      oIds: text('o_ids') ? (JSON.parse(text('o_ids') ?? '[]') as unknown[]) : undefined,
      total: text('is_get_total') !== 'false',
    });
    if (typeof ask === 'string') return refuse(41, 'Invalid arguments', ask);
    const { list, body } = search('qimen', ask);
    return json({
      response: {
        flag: 'success',
        code: '0',
        ...body,
        datas: list.map((order) => toRow(order, true)),
        request_id: requestId(),
      },
    });
  };

  const refuseOpen = (code: number, msg: string): Answer => json({ code, msg, data: null });

  const openQuery = (form: URLSearchParams): Answer => {
    if (form.get('access_token') !== state.access) return refuseOpen(100, '无效的access_token或已过期');
    const slow = limits.open.refuse(now().getTime());
    if (slow)
      return slow.perSecond
        ? refuseOpen(199, `调用太频繁，一秒不超过${settings.limits.perSecond}次`)
        : refuseOpen(200, `调用频次超过限制，一分钟不超过${settings.limits.perMinute}次`);
    const biz = JSON.parse(form.get('biz') || '{}') as Record<string, unknown>;
    const text = (name: string): string | undefined => (biz[name] === undefined ? undefined : String(biz[name]));
    const ask = readAsk({
      page: text('page_index'),
      size: text('page_size') ?? '30',
      begin: text('modified_begin'),
      end: text('modified_end'),
      dateType: text('date_type'),
      status: text('status'),
      shopId: text('shop_id'),
      startTs: text('start_ts'),
      ioIds: biz.io_ids as unknown[] | undefined,
      soIds: biz.so_ids as string[] | undefined,
      oIds: biz.o_ids as unknown[] | undefined,
      total: biz.is_get_total !== false,
    });
    if (typeof ask === 'string') return refuseOpen(140, `参数不符合规范：${ask}`);
    const { list, body } = search('open', ask);
    return json({ code: 0, msg: '执行成功', data: { ...body, datas: list.map((order) => toRow(order, false)) } });
  };

  const token = (refresh: boolean, form: URLSearchParams): Answer => {
    if (refresh && form.get('refresh_token') !== state.refresh) return refuseOpen(100, '无效的refresh_token');
    state.access = `access-${randomBytes(12).toString('hex')}`;
    state.refresh = `refresh-${randomBytes(12).toString('hex')}`;
    save();
    return json({
      code: 0,
      msg: '执行成功',
      data: { access_token: state.access, refresh_token: state.refresh, expires_in: 2_592_000 },
    });
  };

  const server = await listen(settings.port, ({ request, path, query, body }) => {
    if (request.method === 'GET' && path === '/sandbox/orders') {
      const start = fromWall(query.get('day') ?? '')?.getTime() ?? 0;
      const whole = { window: { start, end: start + dayMs - 1000 }, byIoDate: true, startTs: undefined };
      const orders = shipments.find({ ...whole, ioIds: undefined, soIds: undefined, oIds: undefined });
      return json(orders.map((order) => toRow(order, true)));
    }
    const altered = /^\/sandbox\/orders\/(\d+)$/.exec(path)?.[1];
    if (request.method === 'POST' && altered) {
      const { status, io_date } = JSON.parse(body) as { status?: string; io_date?: string };
      const ioDate = fromWall(io_date ?? '')?.getTime();
      state.changed[altered] = {
        ...state.changed[altered],
        ...(status ? { status } : {}),
        ...(ioDate ? { ioDate } : {}),
        modified: now().getTime(),
      };
      save();
      return json({ ok: true });
    }
    const form = new URLSearchParams(body);
    if (path === '/router/qm') return qimen(form);
    if (form.get('app_key') !== app.appKey || form.get('sign') !== expectedOpenSign(form, app.appSecret))
      return refuseOpen(10, '无效签名');
    if (Math.abs(Number(form.get('timestamp')) * 1000 - now().getTime()) > 600_000)
      return refuseOpen(180, 'timestamp无效，误差10分钟');
    if (form.get('charset') !== 'utf-8') return refuseOpen(140, '参数不符合规范：charset');
    if (path === '/openWeb/auth/getInitToken') return token(false, form);
    if (path === '/openWeb/auth/refreshToken') return token(true, form);
    if (path === '/open/orders/out/simple/query')
      return form.get('version') === '2' ? openQuery(form) : refuseOpen(140, '参数不符合规范：version');
    return { status: 404, body: '{}' };
  });
  save();
  return { ...server, ...app, accessToken: 'sandbox-access-token', refreshToken: 'sandbox-refresh-token' };
}

interface Ask extends Wanted {
  page: number;
  size: number;
  total: boolean;
  status: string | undefined;
  shopId: string | undefined;
}

interface Asked {
  page: string | undefined;
  size: string | undefined;
  begin: string | undefined;
  end: string | undefined;
  dateType: string | undefined;
  status: string | undefined;
  shopId: string | undefined;
  startTs: string | undefined;
  ioIds: unknown[] | undefined;
  soIds: string[] | undefined;
  oIds: unknown[] | undefined;
  total: boolean;
}

/** The query with every rule of the documents checked; a reason when one is broken. */
function readAsk(asked: Asked): Ask | string {
  const page = Number(asked.page ?? 1);
  const size = Number(asked.size ?? 30);
  if (!Number.isInteger(page) || page < 1) return 'page_index';
  if (!Number.isInteger(size) || size < 1 || size > 50) return 'page_size is at most 50';
  const window = windowOf(asked.begin, asked.end);
  if (typeof window === 'string') return window;
  if (!window && !asked.ioIds && !asked.soIds && !asked.oIds && asked.startTs === undefined)
    return 'a window, order numbers or start_ts is needed';
  if ((asked.ioIds?.length ?? 0) > 50 || (asked.soIds?.length ?? 0) > 50) return 'at most 50 numbers';
  return {
    page,
    size,
    window,
    byIoDate: asked.dateType === '2',
    total: asked.total && asked.startTs === undefined,
    status: asked.status,
    shopId: asked.shopId,
    startTs: asked.startTs === undefined ? undefined : BigInt(asked.startTs),
    ioIds: asked.ioIds?.map(String),
    soIds: asked.soIds,
    oIds: asked.oIds?.map(String),
  };
}

const json = (value: unknown): Answer => ({ body: JSON.stringify(value) });
const requestId = (): string => randomBytes(6).toString('hex');
