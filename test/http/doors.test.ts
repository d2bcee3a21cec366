import { once } from 'node:events';
import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { HttpServer } from '../../src/http/server.ts';
import { startApp, startPage, type TestApp } from '../fakes/app.ts';

let app: TestApp;
let http: HttpServer;
let cookie: string;
let origin: string;
beforeAll(async () => {
  app = await startApp();
  http = await startPage(app, 'secret-token');
  origin = http.url;
  cookie = (await fetch(origin)).headers.get('set-cookie')?.split(';')[0] ?? '';
});
afterAll(async () => {
  await http.close();
  await app.end();
});

const bearer = { authorization: 'Bearer secret-token' };
const json = { 'content-type': 'application/json' };
const post = (headers: Record<string, string>, body: unknown, path = '/messages') =>
  fetch(`${origin}/api/v1${path}`, {
    method: 'POST',
    headers,
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
const help = { conversation: 'c', text: '帮助' };

describe('what changes something by the page’s session comes from the page', () => {
  test.each([
    ['a form of text/plain', { 'content-type': 'text/plain' }, 415],
    ['a form as browsers send it', { 'content-type': 'application/x-www-form-urlencoded' }, 415],
    ['JSON without an origin', json, 403],
    ['JSON of another port of this host', { ...json, origin: 'http://127.0.0.1:1' }, 403],
    ['JSON of a page without an origin of its own', { ...json, origin: 'null' }, 403],
    ['JSON of a stranger', { ...json, origin: 'https://evil.example' }, 403],
  ])('%s: refused, and nothing is done', async (_what, headers, status) => {
    for (const [path, body] of [
      ['/messages', { conversation: 'c', text: '暂停定时' }],
      ['/runs', { from: '2026-11-23', to: '2026-11-23' }],
      ['/reconciliations', { from: '2026-11-23', to: '2026-11-23' }],
    ] as const)
      expect(
        (await post({ cookie, origin, ...headers, ...('origin' in headers ? {} : { origin: '' }) }, body, path)).status,
      ).toBe(status);
    expect(await app.sync.runs.recent(1)).toEqual([]);
    expect((await app.settings.schedules()).size).toBe(0);
  });

  test('its own page is served, and so is a program with the token, whatever it says of itself', async () => {
    expect((await post({ cookie, origin, ...json }, help)).status).toBe(200);
    expect((await post({ ...bearer, 'content-type': 'text/plain', origin: 'https://evil.example' }, help)).status).toBe(
      200,
    );
  });
});

test('behind a proxy that asks for this machine, the page’s origin is that of PUBLIC_URL', async () => {
  const house = await startApp({ PUBLIC_URL: 'https://xiaoqing.example' });
  const page = await startPage(house, 'secret-token');
  try {
    const secret = await house.logins.issue('web:li');
    const entered = await fetch(`${page.url}/login/${secret}`, { redirect: 'manual' });
    const session = entered.headers.get('set-cookie')?.split(';')[0] ?? '';
    const say = async (from: string) =>
      (
        await fetch(`${page.url}/api/v1/messages`, {
          method: 'POST',
          headers: { ...json, cookie: session, origin: from },
          body: JSON.stringify(help),
        })
      ).status;
    expect([await say('https://xiaoqing.example'), await say('http://xiaoqing.example')]).toEqual([200, 403]);
    expect((await fetch(`${page.url}/metrics`)).status).toBe(401);
    expect((await fetch(`${page.url}/metrics`, { headers: bearer })).status).toBe(200);
  } finally {
    await page.close();
    await house.end();
  }
});

describe('odd names and odd characters', () => {
  test.each(['%00', '%ff', '%E0%A4%A', '..%2f..', '%0a', '*', 'x'.repeat(5000), "';--", '%F0%9F%98%80'])(
    'an id %j is one that is not there',
    async (id) => {
      for (const path of [`/runs/${id}`, `/reconciliations/${id}`, `/reconciliations/${id}/workbook`])
        expect((await fetch(`${origin}/api/v1${path}`, { headers: bearer })).status, path).toBe(404);
      expect((await fetch(`${origin}/login/${id}`)).status).toBe(401);
    },
  );

  test.each([
    ['a pattern as a conversation', { ...help, conversation: '*' }],
    ['a pattern as the token’s conversation', { ...help, person: 'web:a', conversation: 'web:*' }],
    ['U+0000 as a conversation and no more', { ...help, conversation: '\0' }],
    ['a line break in a person', { ...help, person: 'a\nb' }],
  ])('%s is refused', async (_what, body) => {
    expect((await post(bearer, body)).status).toBe(400);
  });

  test.each([
    ['text', { ...help, text: '同步 a\0b\ud83d' }],
    ['an argument', { ...help, text: '', action: { name: 'order-status', args: { order: 'a\0b\ud83d' } } }],
    [
      'an argument of what writes',
      {
        ...help,
        text: '',
        action: { name: 'set-master-data', args: { map: 'shop_to_customer', source: 'a\0b', target: '\ud83d' } },
      },
    ],
  ])('U+0000 and half a character in %s: answered', async (_what, body) => {
    expect((await post(bearer, body)).status).toBe(200);
  });
});

test('five megabytes: the refusal arrives whole, then the line is closed', async () => {
  const { hostname, port } = new URL(origin);
  const socket = connect(Number(port), hostname);
  const heard: Buffer[] = [];
  const errors: Error[] = [];
  socket.on('data', (chunk: Buffer) => heard.push(chunk)).on('error', (error) => errors.push(error));
  socket.write(
    `POST /api/v1/messages HTTP/1.1\r\nhost: ${hostname}:${port}\r\nauthorization: Bearer secret-token\r\ncontent-length: 5242880\r\n\r\n`,
  );
  socket.write(Buffer.alloc(5 * 1024 * 1024, 'x'));
  await once(socket, 'close');
  const answer = Buffer.concat(heard).toString();
  expect(answer).toMatch(/^HTTP\/1\.1 413 /);
  expect(answer).toMatch(/connection: close/i);
  expect(answer).toContain('太大');
  expect(errors).toEqual([]);
});
