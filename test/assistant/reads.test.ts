import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { Reads } from '../../src/assistant/policy/reads.ts';
import type { HttpServer } from '../../src/http/server.ts';
import { startApp, startPage, syncDays, type TestApp } from '../fakes/app.ts';

test('of one person two long reads go at once, and the next when one has ended, however it ended', async () => {
  const reads = new Reads();
  let end = (): void => undefined;
  const long = new Promise<void>((resolve) => {
    end = resolve;
  });
  const first = reads.run('a', () => long);
  const second = reads.run('a', async () => {
    await long;
    throw new Error('down');
  });
  await expect(reads.run('a', async () => 1)).rejects.toMatchObject({ code: 'gate.too_many_reads' });
  expect(await reads.run('b', async () => 1)).toBe(1);
  end();
  await first;
  await expect(second).rejects.toThrow('down');
  expect(await reads.run('a', async () => 1)).toBe(1);
});

describe('in the house', () => {
  const dir = mkdtempSync(join(tmpdir(), 'xiaoqing-reads-'));
  let app: TestApp;
  let http: HttpServer;
  let failed: string[];
  beforeAll(async () => {
    const file = join(dir, 'roles.yaml');
    writeFileSync(
      file,
      `users: {"web:v": viewer, "web:w": viewer, "web:o": operator, "web:o2": operator, "web:boss": admin, "web:page": viewer}
limits: {confirm_above: {orders: 2}, four_eyes_above: {orders: 4}}`,
    );
    app = await startApp({ ROLES_FILE: file });
    http = await startPage(app, 'secret-token');
    await syncDays(app, '2026-11-23');
    failed = (await app.sync.outcomes.openFailures(app.sync.defaultPipeline)).flatMap(({ orders }) => orders).sort();
  });
  afterAll(async () => {
    await http.close();
    await app.end();
    rmSync(dir, { recursive: true, force: true });
  });
  beforeEach(async () => {
    for (const { id } of await app.reconciler.running()) await app.reconciler.requestStop(id);
    await expect.poll(() => app.reconciler.running(), { timeout: 20_000 }).toEqual([]);
  });
  const say = (person: string, text: string) => app.assistant.answer({ person, conversation: 'web:g', text });
  const press = (person: string, name: string, args: Record<string, string>) =>
    app.assistant.answer({ person, conversation: 'web:g', text: '', action: { name, args } });
  /** A reconciliation that stands: nobody carries it out. */
  const standing = (person: string, day: number) =>
    app.reconciler.begin(
      app.sync.defaultPipeline,
      { start: new Date(Date.UTC(2026, 9, day, -8)), end: new Date(Date.UTC(2026, 9, day + 1, -8)) },
      { person, conversation: 'web:g' },
    );
  const audited = async () =>
    (
      await app.store.sql.query<{ line: string }>(
        `select person || ' ' || tool || ' ' || outcome as line from audit order by id desc limit 1`,
      )
    )[0]?.line;

  test('a person has two reconciliations at once, whatever is asked at the same time; others have theirs', async () => {
    await standing('web:v', 1);
    const asked = await Promise.all([2, 3, 4, 5, 6].map((day) => say('web:v', `10月${day}号对账`)));
    const begun = asked.filter(({ reconciliation }) => reconciliation);
    expect(begun).toHaveLength(1);
    expect(asked.filter(({ reply }) => reply.text.includes('已经有 2 个'))).toHaveLength(4);
    expect((await say('web:w', '10月7号对账')).reconciliation).toBeDefined();
    expect(await audited()).toBe('web:w reconcile ok');
    // What is on already is joined, and no third one.
    expect((await say('web:v', '10月1号对账')).reconciliation).toBeDefined();
  });

  test('the same by the API', async () => {
    const cookie = (await fetch(http.url)).headers.get('set-cookie')?.split(';')[0] ?? '';
    await standing('web:page', 1);
    await standing('web:page', 2);
    const answer = await fetch(`${http.url}/api/v1/reconciliations`, {
      method: 'POST',
      headers: { cookie, origin: http.url, 'content-type': 'application/json' },
      body: JSON.stringify({ from: '2026-11-20', to: '2026-11-20' }),
    });
    expect(answer.status).toBe(409);
    expect(await answer.json()).toMatchObject({ error: { code: 'gate.too_many_reads' } });
  });

  test('a viewer stops what is theirs; what is somebody else’s an operator stops', async () => {
    const [theirs, mine] = [await standing('web:boss', 1), await standing('web:v', 2)];
    const stop = (person: string, id: string) => press(person, 'stop-reconciliation', { reconciliation: id });
    expect((await stop('web:v', theirs.id)).reply.text).toContain('权限');
    expect(await audited()).toBe('web:v stop-reconciliation gate.not_allowed');
    const stopped = async () =>
      (await app.store.sql.query<{ id: string }>('select id from reconciliations where stop_requested')).map(
        ({ id }) => id,
      );
    expect(await stopped()).not.toContain(theirs.id);
    await stop('web:v', mine.id);
    expect(await audited()).toBe('web:v stop-reconciliation ok');
    await stop('web:o', theirs.id);
    expect(await stopped()).toEqual(expect.arrayContaining([theirs.id, mine.id]));
  });

  test('retries are asked about above the limits, for these orders and none that fail later', async () => {
    expect((await press('web:o', 'retry-failures', { orders: '' })).run).toBeUndefined();
    const few = await say('web:o', `重试 ${failed[0]}`);
    expect(few.run?.filters.keys).toEqual([failed[0]]);
    const some = await say('web:o', `重试 ${failed.slice(0, 3).join('、')}`);
    expect(some).toMatchObject({
      decision: { action: 'confirm' },
      reply: { card: { title: expect.stringMatching(/^重试 3 单（¥/) } },
    });
    expect(some.run).toBeUndefined();
    const [waiting] = await app.store.sql.query<{ args: object }>(
      'select args from confirmations order by created_at desc, id limit 1',
    );
    expect(waiting?.args).toEqual({ pipeline: app.sync.defaultPipeline, orders: failed.slice(0, 3) });
    expect((await say('web:o', '确认')).run?.filters.keys).toEqual(failed.slice(0, 3));
    const all = await say('web:o', '重试');
    expect(all.decision.action).toBe('confirm');
    expect((await say('web:o', '确认')).run).toBeUndefined(); // four eyes
    expect((await say('web:o2', '确认')).run?.filters.keys).toEqual(failed);
  });
});
