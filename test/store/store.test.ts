import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { projectRoot } from '../../src/root.ts';
import { lockFolder } from '../../src/store/lock.ts';
import { openStore, type Store } from '../../src/store/open.ts';
import { createPace } from '../../src/store/pace.ts';
import { startQueue } from '../../src/store/queue.ts';
import { claimTick, takeTick } from '../../src/store/ticks.ts';
import { createTokenStore } from '../../src/store/tokens.ts';
import { scratchDatabase } from '../fakes/database.ts';

const folders: string[] = [];
const folder = (): string => {
  const made = mkdtempSync(join(tmpdir(), 'xiaoqing-'));
  folders.push(made);
  return made;
};
afterAll(() => {
  for (const made of folders) rmSync(made, { recursive: true, force: true });
});

const server = process.env.TEST_DATABASE_URL;

test.each(server ? [server] : [])('nodes that start together on a new database all come up', async (url) => {
  const database = await scratchDatabase(url, 'template1');
  const opening = Array.from({ length: 4 }, () => openStore({ dataDir: folder(), databaseUrl: database.url }));
  for (const store of await Promise.all(opening)) await store.close();
  await database.drop();
});

const engines = [['PGlite', undefined] as const, ...(server ? [['PostgreSQL', server] as const] : [])];

describe.each(engines)('the store on %s', (_name, url) => {
  let store: Store;
  let database: string | undefined;
  const admin = async (sql: string): Promise<void> => {
    const client = new pg.Client({ connectionString: url });
    await client.connect();
    await client.query(sql);
    await client.end();
  };
  beforeAll(async () => {
    if (url) {
      database = `xiaoqing_test_${process.pid}`;
      await admin(`create database ${database}`);
    }
    store = await openStore({ dataDir: folder(), databaseUrl: url && new URL(`/${database}`, url).href });
  });
  afterAll(async () => {
    await store.close();
    if (database) await admin(`drop database ${database}`);
  });

  test('gives the same values out on every engine', async () => {
    const rows = await store.sql.query(
      `select 12345678901::bigint as int8, 1.10::numeric as numeric, '2026-11-22'::date as date, '2026-11-22T00:00:00+08'::timestamptz as at, '{"a":1}'::jsonb as json`,
    );
    expect(rows).toEqual([
      {
        int8: 12_345_678_901,
        numeric: '1.10',
        date: '2026-11-22',
        at: new Date('2026-11-21T16:00:00Z'),
        json: { a: 1 },
      },
    ]);
  });

  test('a transaction that fails leaves nothing', async () => {
    const failing = store.sql.transaction(async (tx) => {
      await tx.query(`insert into keyv (key, value) values ('t', '1')`);
      throw new Error('no');
    });
    await expect(failing).rejects.toThrow();
    expect(await store.sql.query(`select * from keyv where key = 't'`)).toEqual([]);
  });

  test('a text with U+0000 costs nobody a statement', async () => {
    const [row] = await store.sql.query('select $1::text as one, $2::text[] as list', ['a\0b', ['c\0', 'd']]);
    expect(row).toEqual({ one: 'ab', list: ['c', 'd'] });
  });

  test('a cursor reads it all in batches', async () => {
    const sizes: number[] = [];
    for await (const rows of store.sql.cursor('select generate_series(1, 1200) as n')) sizes.push(rows.length);
    expect(sizes).toEqual([500, 500, 200]);
  });

  test('an error holds no statement and no values', async () => {
    const error = await store.sql
      .query('select * from nowhere where secret = $1', ['p@ss'])
      .catch((thrown: unknown) => thrown);
    expect(JSON.stringify(error, Object.getOwnPropertyNames(error))).not.toContain('p@ss');
    expect(error).toMatchObject({ code: 'store.query' });
  });

  test('calls are paced as a sliding window', async () => {
    const waits: number[] = [];
    const pace = createPace(
      store.sql,
      () => new Date(1e12),
      async (ms) => void waits.push(ms),
    );
    const limits = [
      [5, 1000],
      [8, 60_000],
    ] as const;
    for (let call = 0; call < 12; call++) await pace.take('key', limits);
    expect(waits).toEqual([1000, 1000, 1000, 60_000, 60_000, 60_000, 60_000]);
  });

  test('what was reserved or blocked by a clock that was ahead holds nobody up', async () => {
    const limits = [[5, 1000]] as const;
    const waits: number[] = [];
    let at = 2e12;
    const sleep = async (ms: number): Promise<void> => void waits.push(ms);
    const pace = createPace(store.sql, () => new Date(at), sleep);
    for (let call = 0; call < 5; call++) await pace.take('ahead', limits);
    await pace.penalize('ahead', 60_000);
    await pace.penalize('forever', 1e12);
    at -= 86_400_000;
    await pace.take('ahead', limits);
    expect(await pace.tryTake('ahead', limits)).toBe(0);
    expect(waits).toEqual([]);
    for (let call = 0; call < 4; call++) await pace.take('ahead', limits); // and the limit holds from here
    expect(waits).toEqual([1000]);
    await pace.penalize('ahead', 7000);
    await pace.take('ahead', limits);
    expect(waits.at(-1)).toBe(7000);
    at += 86_400_000;
    await pace.take('forever', limits);
    expect(waits.at(-1)).toBe(3_600_000);
  });

  test('a tick that was taken ahead of everybody’s clock is taken again once nobody takes any more', async () => {
    const { sql } = store;
    const now = new Date(1e12);
    const at = (minutes: number): Date => new Date(now.getTime() + minutes * 60_000);
    expect(await takeTick(sql, 'k', at(0), now)).toBe(true);
    expect(await takeTick(sql, 'k', at(0), now)).toBe(false);
    expect(await takeTick(sql, 'k', at(1440), at(1440))).toBe(true); // by somebody a day ahead
    expect(await takeTick(sql, 'k', at(1), at(1))).toBe(false); // who is still taking them, as far as is known
    await sql.query(`update ticks set taken_at = now() - interval '16 minutes' where key = 'k'`);
    expect(await takeTick(sql, 'k', at(2), at(2))).toBe(true);
    expect(await takeTick(sql, 'k', at(2), at(2))).toBe(false);
    expect(await claimTick(sql, 'new', at(0), now)).toBe(false);
    expect(await claimTick(sql, 'new', at(1), at(1))).toBe(true);
  });

  test('a token is renewed once for many callers', async () => {
    let renewals = 0;
    const tokens = createTokenStore(store.sql, () => new Date());
    const renew = async () => ({ accessToken: `a${++renewals}`, refreshToken: 'r', expiresAt: new Date(1e13) });
    const got = await Promise.all([1, 2, 3].map(() => tokens.renew('t', null, renew)));
    expect(got.map((token) => token.accessToken)).toEqual(['a1', 'a1', 'a1']);
    expect((await tokens.read('t'))?.accessToken).toBe('a1');
  });

  test('a job sent in a transaction exists only if it commits', async () => {
    const queue = await startQueue(store, ['q'], () => undefined);
    const done: object[] = [];
    const arrived = new Promise<void>(
      (resolve) =>
        void queue.work('q', 1, async (data) => {
          done.push(data);
          resolve();
        }),
    );
    await store.sql
      .transaction(async (tx) => {
        await queue.send('q', { lost: true }, { tx });
        throw new Error('no');
      })
      .catch(() => undefined);
    await store.sql.transaction((tx) => queue.send('q', { kept: true }, { tx }));
    await arrived;
    await queue.stop();
    expect(done).toEqual([{ kept: true }]);
  });
});

test('a folder is held by one process, whatever is collected meanwhile, and free again after kill -9', async () => {
  const dir = folder();
  const program = `import { lockFolder } from ${JSON.stringify(join(projectRoot, 'src/store/lock.ts'))}; lockFolder(${JSON.stringify(dir)}); gc(); console.log('held'); setInterval(() => {}, 1000);`;
  const child = spawn(process.execPath, ['--expose-gc', '--input-type=module', '-e', program]);
  await new Promise((resolve) => child.stdout.once('data', resolve));
  expect(() => lockFolder(dir)).toThrowError(expect.objectContaining({ code: 'store.folder_held' }));
  const gone = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGKILL');
  await gone;
  lockFolder(dir).release();
});

test('a folder of a newer version is refused untouched', async () => {
  const dir = folder();
  writeFileSync(join(dir, 'format.json'), '{"version":999}');
  await expect(openStore({ dataDir: dir })).rejects.toMatchObject({ code: 'store.newer_schema' });
  expect(readFileSync(join(dir, 'format.json'), 'utf8')).toBe('{"version":999}');
});
