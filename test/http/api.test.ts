import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type HttpServer, startHttp } from '../../src/http/server.ts';
import { startApp, startPage, type TestApp } from '../fakes/app.ts';

let app: TestApp;
let http: HttpServer;
beforeAll(async () => {
  app = await startApp();
  http = await startPage(app, 'secret-token');
});
afterAll(async () => {
  await http.close();
  await app.end();
});

const call = (path: string, headers: Record<string, string> = {}, body?: string) =>
  fetch(`${http.url}${path}`, { method: body === undefined ? 'GET' : 'POST', headers, ...(body ? { body } : {}) });
const bearer = { authorization: 'Bearer secret-token' };
const say = (body: string, headers: Record<string, string> = bearer) => call('/api/v1/messages', headers, body);

describe('who gets in', () => {
  test('the page on a loopback name, by its own session and from itself only', async () => {
    const page = await call('/');
    const cookie = page.headers.get('set-cookie')?.split(';')[0] ?? '';
    expect(page.headers.get('set-cookie')).toMatch(/httponly/i);
    expect((await call('/api/v1/status', { cookie })).status).toBe(200);
    expect((await call('/api/v1/status', { cookie, 'sec-fetch-site': 'cross-site' })).status).toBe(401);
  });

  test('nobody without session or token', async () => {
    for (const headers of [{}, { authorization: 'Bearer wrong' }, { cookie: 'xiaoqing=guess' }] as Record<
      string,
      string
    >[])
      expect((await call('/api/v1/status', headers)).status).toBe(401);
    expect((await call('/api/v1/openapi.json')).status).toBe(200);
  });
});

describe('bad input gets one Chinese sentence', () => {
  test.each([
    ['a 200 KB message', JSON.stringify({ conversation: 'c', text: '同'.repeat(70_000) }), 200, '太长'],
    ['an empty message', JSON.stringify({ conversation: 'c', text: ' ' }), 200, '没有收到'],
    ['an impossible date', JSON.stringify({ conversation: 'c', text: '同步11月31号的' }), 200, '不存在'],
    ['a future range', JSON.stringify({ conversation: 'c', text: '同步明天的' }), 200, '还没有到'],
    ['no JSON', '{"conversation":', 400, '请求里的'],
    ['a stranger’s field', JSON.stringify({ conversation: 'c', text: 'x', admin: true }), 400, '请求里的'],
    ['more than a megabyte', 'x'.repeat(1_100_000), 413, '太大'],
  ])('%s', async (_what, body, status, words) => {
    const answer = await say(body);
    expect(answer.status).toBe(status);
    expect(await answer.text()).toContain(words);
  });

  test.each([
    [{ from: '2026-11-31', to: '2026-11-31' }, '没有这一天'],
    [{ from: '2026-11-25', to: '2026-11-25' }, '未来|还没有|将来|没到'],
    [{ from: '2026-11-23', to: '2026-11-22' }, '.'],
    [{ from: '2026-11-23', to: '2026-11-23', pipeline: 'nope' }, 'jushuitan-saleout-to-kingdee'],
  ])('a run of %j', async (body, words) => {
    const answer = await call('/api/v1/runs', bearer, JSON.stringify(body));
    expect(answer.status).toBe(400);
    expect(await answer.text()).toMatch(new RegExp(words));
    expect(await app.sync.runs.recent(1)).toHaveLength(0);
  });
});

test('the API says what it is', async () => {
  const document = (await (await call('/api/v1/openapi.json')).json()) as { paths: Record<string, object> };
  for (const path of Object.keys(document.paths)) {
    const real = path.replace('{id}', 'x');
    const get = await call(`/api/v1${real}`, bearer);
    expect([200, 404, 405], path).toContain(get.status);
    await get.body?.cancel();
  }
  expect(Object.keys(document.paths)).toContain('/messages');
});

test('health, readiness and metrics answer', async () => {
  expect(await (await call('/healthz')).text()).toBe('ok');
  expect(await (await call('/readyz')).json()).toEqual({ ready: true, degraded: [] });
  expect(await (await call('/metrics')).text()).toContain('nodejs_heap');
});

test('a port that is taken is said in a sentence', async () => {
  const { port } = new URL(http.url);
  const { answers: storeAnswers } = app.store;
  const quiet = { onSandbox: true, channels: () => [], storeAnswers, now: app.ports.now, onError: () => undefined };
  const parts = { ...app, ...quiet };
  await expect(startHttp({ ...parts, host: '127.0.0.1', port: Number(port), apiToken: 't' })).rejects.toMatchObject({
    code: 'config.port_taken',
    message: `端口 ${port} 正被别的程序使用`,
  });
});
