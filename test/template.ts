import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openStore, type Store } from '../src/store/open.ts';
import { startQueue } from '../src/store/queue.ts';
import { runQueue } from '../src/work.ts';
import { scratchDatabase } from './fakes/database.ts';

/** Of the embedded store: two databases nobody asks, and 128 MB of buffers that are zeroed whenever it is opened. */
const lighter = [
  'alter database template0 is_template false',
  'drop database template0',
  'alter database template1 is_template false',
  'drop database template1',
  "alter system set shared_buffers = '16MB'",
];

async function setUp(store: Store): Promise<void> {
  const queue = await startQueue(store, [runQueue], (error) => {
    throw error;
  });
  await queue.stop();
}

/** Sets a store up once, for `dataFolder` and `scratchDatabase` to copy. */
export default async function setup(): Promise<() => Promise<void>> {
  const folder = mkdtempSync(join(tmpdir(), 'xiaoqing-template-'));
  const embedded = await openStore({ dataDir: folder });
  await setUp(embedded);
  for (const statement of lighter) await embedded.database.script(statement);
  await embedded.close();

  const server = process.env.TEST_DATABASE_URL;
  const database = server ? await scratchDatabase(server) : null;
  if (database) {
    const dataDir = mkdtempSync(join(tmpdir(), 'xiaoqing-template-'));
    const store = await openStore({ dataDir, databaseUrl: database.url });
    await setUp(store);
    await store.close();
    rmSync(dataDir, { recursive: true, force: true });
    process.env.DATABASE_TEMPLATE = new URL(database.url).pathname.slice(1);
  }
  process.env.DATA_TEMPLATE = folder;
  return async () => {
    rmSync(folder, { recursive: true, force: true });
    await database?.drop();
  };
}
