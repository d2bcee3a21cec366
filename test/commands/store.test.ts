import { readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { projectRoot } from '../../src/root.ts';
import { openStore } from '../../src/store/open.ts';
import { runCommand } from '../fakes/command.ts';
import { dataFolder } from '../fakes/folder.ts';

let dir: string;
beforeEach(() => {
  dir = dataFolder();
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

const run = (args: string[], env: Record<string, string> = {}): ReturnType<typeof runCommand> =>
  runCommand(args, { env: { DATA_DIR: dir, PIPELINES_DIR: join(projectRoot, 'pipelines'), PORT: '0', ...env } });

const damages: Record<string, (pg: string) => void> = {
  'a segment of the log cut to 1000 bytes': (pg) => {
    const [segment = ''] = readdirSync(join(pg, 'pg_wal')).filter((name) => name.startsWith('0000'));
    truncateSync(join(pg, 'pg_wal', segment), 1000);
  },
  'the control file cut to 10 bytes': (pg) => truncateSync(join(pg, 'global', 'pg_control'), 10),
  'the version file empty': (pg) => truncateSync(join(pg, 'PG_VERSION'), 0),
};

test.each(Object.entries(damages))('%s: the store is damaged', async (_, damage) => {
  damage(join(dir, 'pg'));
  await expect(openStore({ dataDir: dir })).rejects.toMatchObject({
    code: 'store.damaged',
    params: { folder: join(dir, 'pg') },
  });
});

test.each([
  ['start', ['start'], 'the control file cut to 10 bytes'],
  ['doctor', ['doctor'], 'a segment of the log cut to 1000 bytes'],
  ['chat', ['chat', '--once', '你好'], 'a segment of the log cut to 1000 bytes'],
])('%s says what is safe and what to do about it, exit 1', async (_, args, damage) => {
  damages[damage]?.(join(dir, 'pg'));
  const { code, stdout, stderr } = await run(args);
  expect(stderr).toContain('"code":"store.damaged"');
  expect(stderr).toMatch(/内嵌数据库 \S+ 损坏了，.*金蝶里的单据没有事：.*不会丢也不会重复。.*备份.*改个名字挪开/);
  expect([code, stdout]).toEqual([1, '']);
});

test('a table that has lost its pages is damage, too', async () => {
  const store = await openStore({ dataDir: dir });
  await store.sql.query(`insert into map_changes (map, source, target, person, at) values ('m', 's', 't', 'p', now())`);
  const [changes] = await store.sql.query<{ path: string }>(`select pg_relation_filepath('map_changes') as path`);
  await store.close();
  writeFileSync(join(dir, 'pg', changes?.path ?? ''), Buffer.alloc(8192, 7));
  const again = await openStore({ dataDir: dir });
  await expect(again.sql.query('select * from map_changes')).rejects.toMatchObject({ code: 'store.damaged' });
  await again.close();
});

test('what was half written beside the store when the power went does not keep it shut', async () => {
  for (const name of ['format.json', 'service.json']) writeFileSync(join(dir, name), '');
  const { code, stdout } = await run(['chat', '--once', '你好']);
  expect([code, stdout.length > 0]).toEqual([0, true]);
  expect(readFileSync(join(dir, 'format.json'), 'utf8')).toMatch(/version/);
});

test('a server that does not answer: its host and port, no password, exit 1', async () => {
  const closed = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => closed.once('listening', resolve));
  const { port } = closed.address() as AddressInfo;
  await new Promise((resolve) => closed.close(resolve));
  const { code, stderr } = await run(['doctor'], { DATABASE_URL: `postgres://u:geheim@127.0.0.1:${port}/x` });
  expect(stderr).toBe(
    `数据库 127.0.0.1:${port} 没有回应。检查 DATABASE_URL 的主机和端口、数据库服务和防火墙，再启动\n`,
  );
  expect(code).toBe(1);
});

test.skipIf(!process.env.TEST_DATABASE_URL)('a server that has no such database or user says which', async () => {
  const url = new URL(process.env.TEST_DATABASE_URL ?? '');
  url.pathname = '/nowhere_to_be_found';
  await expect(openStore({ dataDir: dir, databaseUrl: url.href })).rejects.toMatchObject({ code: 'store.no_database' });
  url.username = 'nobody_of_this_name';
  await expect(openStore({ dataDir: dir, databaseUrl: url.href })).rejects.toMatchObject({
    code: expect.stringMatching(/^store\.(login|no_database)$/),
  });
});
