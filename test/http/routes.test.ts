import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { createApi } from '../../src/http/api.ts';
import type { HttpServer } from '../../src/http/server.ts';
import { startApp, startPage, syncDays, type TestApp } from '../fakes/app.ts';

const roles = ['none', 'viewer', 'operator', 'admin'] as const;
type Role = (typeof roles)[number];

const workbook = 'GET /reconciliations/:id/workbook';
const soon = { timeout: 20_000, interval: 50 };

/** The least role of every route; `own` = the answer itself looks at who asks, `open` = anybody, `session` = anybody with one. */
const routes: Record<string, { least: Role | 'own' | 'open' | 'session'; path?: () => string; body?: object }> = {
  'GET /openapi.json': { least: 'open' },
  'GET /phrases': { least: 'session' },
  'GET /status': { least: 'viewer' },
  'POST /messages': { least: 'own', body: { conversation: 'walk', text: '重试' } },
  'GET /conversations/:id/messages': { least: 'viewer', path: () => '/conversations/walk/messages' },
  'GET /conversations/:id/events': { least: 'viewer', path: () => '/conversations/walk/events' },
  'POST /runs': { least: 'operator', body: { from: '2026-11-22', to: '2026-11-22' } },
  'GET /runs/:id': { least: 'viewer', path: () => `/runs/${run}` },
  'POST /logins': { least: 'viewer', body: {} },
  'GET /misreads': { least: 'admin' },
  'GET /files/:tool': { least: 'viewer', path: () => `/files/list-failures?args=${encodeURIComponent('{}')}` },
  'POST /reconciliations': { least: 'viewer', body: { from: '2026-11-20', to: '2026-11-20' } },
  'GET /reconciliations/:id': { least: 'viewer', path: () => `/reconciliations/${reconciliation}` },
  [workbook]: { least: 'viewer', path: () => `/reconciliations/${reconciliation}/workbook` },
};

const dir = mkdtempSync(join(tmpdir(), 'xiaoqing-routes-'));
const file = join(dir, 'roles.yaml');
let app: TestApp;
let http: HttpServer;
let run = '';
let reconciliation = '';
let cookie = '';

const allow = (role: Role): void =>
  writeFileSync(
    file,
    `users: {"web:page": ${role}, "terminal:cli": ${role}, "dingtalk:a": none}\nlimits: {confirm_above: {orders: 1}, four_eyes_above: {orders: 5}}`,
  );
const asked = async (route: string, headers: Record<string, string>, body = routes[route]?.body) => {
  const [method = '', template = ''] = route.split(' ');
  const answer = await fetch(`${http.url}/api/v1${routes[route]?.path?.() ?? template}`, {
    method,
    headers: { 'content-type': 'application/json', ...headers },
    ...(body ? { body: JSON.stringify(body) } : {}),
  });
  // A stream of events has no end.
  const events = answer.headers.get('content-type')?.includes('event-stream');
  if (events) await answer.body?.cancel();
  return { status: answer.status, text: events ? '' : await answer.text() };
};
const as = (who: string): Record<string, string> =>
  who === 'page' ? { cookie, origin: http.url } : { authorization: 'Bearer secret-token' };
const written = async (): Promise<number> =>
  Number((await app.store.sql.query<{ n: number }>(`select count(*) as n from runs where kind <> 'preview'`))[0]?.n);
const audited = async (): Promise<string[]> =>
  (
    await app.store.sql.query<{ line: string }>(
      `select person || ' ' || tool || ' ' || decision || ' ' || outcome as line from audit order by at, id`,
    )
  ).map(({ line }) => line);

beforeAll(async () => {
  allow('admin');
  app = await startApp({ ROLES_FILE: file });
  http = await startPage(app, 'secret-token');
  cookie = (await fetch(http.url)).headers.get('set-cookie')?.split(';')[0] ?? '';
  run = (await syncDays(app, '2026-11-23')).run.id;
  const begun = await asked('POST /reconciliations', as('token'), { from: '2026-11-23', to: '2026-11-23' });
  reconciliation = (JSON.parse(begun.text) as { id: string }).id;
  await vi.waitFor(async () => expect((await asked(workbook, as('token'))).status).toBe(200), soon);
});
afterAll(async () => {
  await http.close();
  await app.end();
  rmSync(dir, { recursive: true, force: true });
});

test('every route is in the table', () => {
  const known = createApi({} as never).stack.flatMap(({ methods, path }) =>
    methods.filter((method) => method !== 'HEAD').map((method) => `${method} ${String(path).replace('/api/v1', '')}`),
  );
  expect(known.sort()).toEqual(Object.keys(routes).sort());
});

test.each(Object.entries(routes))('%s without a session or a token', async (route, { least }) => {
  expect((await asked(route, {})).status).toBe(least === 'open' ? 200 : 401);
});

describe.each(['page', 'token'])('by %s', (who) => {
  describe.each(roles)('as %s', (role) => {
    beforeAll(() => allow(role));

    test.each(Object.entries(routes))('%s', async (route, { least }) => {
      const before = await written();
      const { status, text } = await asked(route, as(who));
      const allowed = !roles.includes(least as Role) || roles.indexOf(role) >= roles.indexOf(least as Role);
      if (!allowed) {
        expect(status).toBe(403);
        expect(JSON.parse(text)).toMatchObject({ error: { code: 'gate.not_allowed' } });
        expect((await audited()).at(-1)).toMatch(
          new RegExp(`^${who === 'page' ? 'web:page' : 'terminal:cli'} \\S+ refused ${role}$`),
        );
      } else if (route === 'POST /runs' && who === 'page') {
        // Above the limits: asked about, as its words would be.
        expect(status).toBe(202);
        expect(JSON.parse(text)).toMatchObject({ decision: { action: 'confirm' }, reply: { card: {} } });
      } else expect(status).toBe(route === 'POST /logins' && who === 'page' ? 403 : 200);
      if (route === 'POST /messages' && !['operator', 'admin'].includes(role) && who === 'page')
        expect(text).toContain('权限');
      const mayStart = allowed && (route === 'POST /runs' ? who === 'token' : route === 'POST /messages');
      if (!mayStart) expect(await written()).toBe(before);
    });
  });
});

test('what a command line starts needs no yes and leaves its line; the page’s own needs its yes, and for many two', async () => {
  allow('operator');
  const { text } = await asked('POST /runs', as('token'), { from: '2026-11-19', to: '2026-11-19' });
  expect(JSON.parse(text)).toMatchObject({ id: expect.any(String), counts: {} });
  expect((await audited()).at(-1)).toBe('terminal:cli sync-orders run ok');
  const question = JSON.parse((await asked('POST /runs', as('page'))).text) as {
    reply: { card: { buttons: object[] } };
  };
  const [yes] = question.reply.card.buttons as { action: object }[];
  const answered = await asked('POST /messages', as('page'), { conversation: 'page', text: '', action: yes?.action });
  expect(answered.text).toContain('另一位');
});

test('the token speaks for whom it names, with that one’s role', async () => {
  allow('admin');
  const { text } = await asked('POST /messages', as('token'), {
    person: 'dingtalk:a',
    conversation: 'dingtalk:g',
    text: '有哪些失败',
  });
  expect(text).toContain('权限');
});
