import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openStore } from '../src/store/open.ts';
import { startQueue } from '../src/store/queue.ts';
import { runQueue } from '../src/work.ts';

/** Sets an embedded store up once, for `dataFolder` to copy. */
export default async function setup(): Promise<() => void> {
  const folder = mkdtempSync(join(tmpdir(), 'xiaoqing-template-'));
  const store = await openStore({ dataDir: folder });
  const queue = await startQueue(store, [runQueue], (error) => {
    throw error;
  });
  await queue.stop();
  // A third of the folder, and most of what opening it costs: two databases nobody asks, and 128 MB that are zeroed each time.
  for (const statement of [
    'alter database template0 is_template false',
    'drop database template0',
    'alter database template1 is_template false',
    'drop database template1',
    "alter system set shared_buffers = '16MB'",
  ])
    await store.database.script(statement);
  await store.close();
  process.env.DATA_TEMPLATE = folder;
  return () => rmSync(folder, { recursive: true, force: true });
}
