import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { HttpServer } from '../../src/http/server.ts';
import { startApp, startPage, type TestApp } from '../fakes/app.ts';

interface Answered {
  status: number;
  cookie: string;
  location: string;
  text: string;
}

/** Headers as they are given: fetch would not let us say whose name was asked for. */
const get = (url: string, headers: Record<string, string> = {}, method = 'GET') =>
  new Promise<Answered>((resolve, reject) => {
    request(url, { method, headers }, async (response) => {
      let text = '';
      for await (const chunk of response) text += String(chunk);
      const [cookie = ''] = response.headers['set-cookie'] ?? [];
      resolve({ status: response.statusCode ?? 0, cookie, location: response.headers.location ?? '', text });
    })
      .on('error', reject)
      .end();
  });
const sessionOf = ({ cookie }: Answered): string => cookie.split(';')[0] ?? '';

const dir = mkdtempSync(join(tmpdir(), 'xiaoqing-login-'));
const roles = join(dir, 'roles.yaml');
writeFileSync(roles, 'default: none\nusers: {"web:page": operator, "web:li": viewer, "terminal:cli": admin}');
afterAll(() => rmSync(dir, { recursive: true, force: true }));

/** The link that the command line gets. */
async function link({ url }: HttpServer, body: object = {}): Promise<string> {
  const answer = await fetch(`${url}/api/v1/logins`, {
    method: 'POST',
    headers: { authorization: 'Bearer secret-token', 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  const { reply } = (await answer.json()) as { reply: { text: string } };
  return reply.text.split('\n')[0] ?? '';
}

describe('at this machine', () => {
  let app: TestApp;
  let http: HttpServer;
  beforeAll(async () => {
    app = await startApp({ ROLES_FILE: roles });
    http = await startPage(app, 'secret-token');
  });
  afterAll(async () => {
    await http.close();
    await app.end();
  });

  test('the page has its session by itself', async () => {
    expect(await get(http.url)).toMatchObject({ status: 200, cookie: expect.stringMatching(/httponly/i) });
  });

  test.each([
    ['a foreign name for this machine', { host: 'evil.example' }],
    ['X-Forwarded-For', { 'x-forwarded-for': '203.0.113.9' }],
    ['X-Forwarded-Proto alone', { 'x-forwarded-proto': 'https' }],
    ['Forwarded', { forwarded: 'for=203.0.113.9' }],
    ['Via', { via: '1.1 proxy' }],
    ['X-Real-IP', { 'x-real-ip': '203.0.113.9' }],
  ])('behind a proxy that is known by %s: no session, nor does one of this machine hold', async (_by, headers) => {
    const session = sessionOf(await get(http.url));
    for (const more of [{}, { cookie: session }]) {
      expect(await get(http.url, { ...headers, ...more })).toMatchObject({ status: 401, cookie: '' });
      expect(await get(`${http.url}/api/v1/status`, { ...headers, ...more })).toMatchObject({ status: 401 });
    }
    expect((await get(http.url, headers)).text).toContain('--login');
    // The token is a command line's and opens no page.
    expect(await get(`${http.url}/?token=secret-token`, headers)).toMatchObject({ status: 401, cookie: '' });
  });

  test('a link is good for one session, and only within its ten minutes', async () => {
    const first = await link(http);
    expect(await get(first)).toMatchObject({ status: 302, location: '/', cookie: expect.stringMatching(/httponly/i) });
    expect(await get(first)).toMatchObject({ status: 401, cookie: '', text: expect.stringContaining('用过了') });
    const late = await link(http);
    app.clock.now += 10 * 60_000;
    expect(await get(late)).toMatchObject({ status: 401, cookie: '' });
  });

  test.each([
    ['asks for its head', {}, 'HEAD'],
    ['fetches it ahead', { 'sec-purpose': 'prefetch' }, 'GET'],
  ])('what only %s does not use it up', async (_what, headers, method) => {
    const unused = await link(http);
    expect((await get(unused, headers, method)).cookie).toBe('');
    expect(await get(unused)).toMatchObject({ status: 302 });
  });

  test('a session is its person’s, with the role that person has now, and ends after a week', async () => {
    const cookie = sessionOf(await get(await link(http, { as: 'li' })));
    const status = () => get(`${http.url}/api/v1/status`, { cookie, 'x-forwarded-for': '203.0.113.9' });
    expect((await status()).status).toBe(200);
    const run = () =>
      fetch(`${http.url}/api/v1/runs`, {
        method: 'POST',
        headers: { cookie, 'content-type': 'application/json', origin: http.url },
        body: JSON.stringify({ from: '2026-11-23', to: '2026-11-23' }),
      });
    expect(await (await run()).json()).toMatchObject({ error: { code: 'gate.not_allowed' } });
    const [line] = await app.store.sql.query<{ person: string }>('select person from audit order by id desc limit 1');
    expect(line?.person).toBe('web:li');
    writeFileSync(roles, 'default: none\nusers: {"web:page": operator, "terminal:cli": admin}');
    expect((await status()).status).toBe(403);
    writeFileSync(roles, 'default: none\nusers: {"web:page": operator, "web:li": viewer, "terminal:cli": admin}');
    app.clock.now += 7 * 86_400_000;
    expect((await status()).status).toBe(401);
  });

  test('the store holds no secret that opens anything', async () => {
    const secret = (await link(http)).split('/').at(-1) ?? '';
    const rows = await app.store.sql.query('select * from page_logins');
    expect(rows.length).toBeGreaterThan(0);
    expect(JSON.stringify(rows)).not.toContain(secret);
  });
});

describe('with PUBLIC_URL', () => {
  let app: TestApp;
  let http: HttpServer;
  beforeAll(async () => {
    app = await startApp({ PUBLIC_URL: 'https://xiaoqing.example/', ROLES_FILE: roles });
    http = await startPage(app, 'secret-token');
  });
  afterAll(async () => {
    await http.close();
    await app.end();
  });

  test('a plain proxy makes nobody one of this machine', async () => {
    expect(await get(http.url)).toMatchObject({ status: 401, cookie: '' });
    expect((await get(`${http.url}/api/v1/status`)).status).toBe(401);
  });

  test('the link leads there, and its session travels by https alone', async () => {
    const given = await link(http);
    expect(given).toMatch(/^https:\/\/xiaoqing\.example\/login\/[\w-]{43}$/);
    const answer = await get(given.replace('https://xiaoqing.example', http.url));
    expect(answer.cookie).toMatch(/; secure/i);
    expect(answer.cookie).toMatch(/; httponly/i);
    expect(answer.cookie).toMatch(/; samesite=lax/i);
    expect((await get(http.url, { cookie: sessionOf(answer) })).status).toBe(200);
  });

  test('in a group no link is said, in private it stands on a card alone', async () => {
    const say = (more: object) =>
      app.assistant.answer({ person: 'web:li', conversation: 'dingtalk:c', text: '登录网页', ...more });
    expect(JSON.stringify(await say({}))).not.toContain('/login/');
    const { reply } = await say({ private: true });
    expect(JSON.stringify(reply.card)).toContain('https://xiaoqing.example/login/');
    expect(reply.text).not.toContain('/login/');
  });
});

test('an address that is none is refused', async () => {
  await expect(startApp({ PUBLIC_URL: 'xiaoqing.example' })).rejects.toMatchObject({ code: 'config.bad_value' });
});
