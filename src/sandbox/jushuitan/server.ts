import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { dayMs, fromWall, startOfDay } from '../../shanghai.ts';
import { type Answer, json, listen, type SandboxServer } from '../server.ts';
import type { Shop } from '../shop.ts';
import type { Change } from './documents.ts';
import { CallLimit, expectedOpenSign, expectedTopSign, type Limits } from './gate.ts';
import { type Handwork, type Shelf, shelfOf } from './shelf.ts';
import { shelvesOf } from './streams/streams.ts';

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

/** What has changed since the documents were generated, by stream and key, and the tokens in force: on disk before it is answered. */
interface State {
  changes: Record<string, Record<string, Change>>;
  /** When the shop was opened, in ms: the stock of both systems is counted from there. */
  opened: number;
  access: string;
  refresh: string;
}

const app = { appKey: 'sandbox-app', appSecret: 'sandbox-secret', customerId: '10000001', targetAppKey: '23060081' };

/** A make-believe 聚水潭: the Qimen scene on /router/qm and Open Platform V2 on /open and /openWeb, as strict as their documents. */
export async function startJushuitan(settings: Settings): Promise<JushuitanSandbox> {
  const file = join(settings.dir, 'jushuitan.json');
  const state: State = {
    changes: {},
    opened: startOfDay(settings.shop.now()).getTime() - dayMs,
    access: 'sandbox-access-token',
    refresh: 'sandbox-refresh-token',
  };
  if (existsSync(file)) Object.assign(state, JSON.parse(readFileSync(file, 'utf8')));
  const save = (): void => writeFileSync(file, JSON.stringify(state));
  const limits = { qimen: new CallLimit(settings.limits), open: new CallLimit(settings.limits) };
  const shelves = shelvesOf(settings.shop, state.opened, (stream) => {
    state.changes[stream.name] ??= {};
    return shelfOf(stream, settings.shop, state.changes[stream.name] ?? {});
  });
  const { now } = settings.shop;

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
    const shelf = shelves.find(({ called }) => called.qimen === form.get('method'));
    if (!shelf) return refuse(22, 'Invalid Method');
    const slow = limits.qimen.refuse(now().getTime());
    if (slow) return refuse(7, 'App Call Limited', `This ban will last for ${slow.seconds} more seconds`);
    const found = shelf.answer('qimen', (name) => form.get(name) ?? undefined);
    if (typeof found === 'string') return refuse(41, 'Invalid arguments', found);
    return json({ response: { flag: 'success', code: '0', ...found, request_id: requestId() } });
  };

  const refuseOpen = (code: number, msg: string): Answer => json({ code, msg, data: null });

  const openQuery = (shelf: Shelf, form: URLSearchParams): Answer => {
    if (form.get('access_token') !== state.access) return refuseOpen(100, '无效的access_token或已过期');
    const slow = limits.open.refuse(now().getTime());
    if (slow)
      return slow.perSecond
        ? refuseOpen(199, `调用太频繁，一秒不超过${settings.limits.perSecond}次`)
        : refuseOpen(200, `调用频次超过限制，一分钟不超过${settings.limits.perMinute}次`);
    const biz = JSON.parse(form.get('biz') || '{}') as Record<string, unknown>;
    const found = shelf.answer('open', (name) => biz[name]);
    if (typeof found === 'string') return refuseOpen(140, `参数不符合规范：${found}`);
    return json({ code: 0, msg: '执行成功', data: found });
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
    const [, door = '', key = ''] = /^\/sandbox\/([\w-]+)(?:\/(\d+))?$/.exec(path) ?? [];
    const opened = shelves.find(({ name }) => name === door);
    if (opened && request.method === 'GET') {
      const start = fromWall(query.get('day') ?? '')?.getTime() ?? 0;
      return json(opened.ofDay({ start, end: start + dayMs - 1000 }));
    }
    if (opened && request.method === 'POST' && key) {
      opened.change(key, JSON.parse(body) as Handwork, now().getTime());
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
    const shelf = shelves.find(({ called }) => called.open === path);
    if (!shelf) return { status: 404, body: '{}' };
    return form.get('version') === '2' ? openQuery(shelf, form) : refuseOpen(140, '参数不符合规范：version');
  });
  save();
  return { ...server, ...app, accessToken: 'sandbox-access-token', refreshToken: 'sandbox-refresh-token' };
}

const requestId = (): string => randomBytes(6).toString('hex');
