import { expect, test } from 'vitest';
import { dayWindow } from '../../src/sync/window.ts';
import { pause, startApp, startPage } from '../fakes/app.ts';
import { scratchDatabase } from '../fakes/database.ts';
import { startLine } from '../fakes/line.ts';

const server = process.env.TEST_DATABASE_URL;
const soon = { timeout: 40_000, interval: 20 };
const day = '2026-11-23';

interface Bill {
  number: string;
  status: string;
}

test.skipIf(!server)(
  'PostgreSQL away eight times while a run is on, once in the midst of a transaction: the house lives, is not ready meanwhile, and the run goes on by itself',
  async () => {
    const database = await scratchDatabase(server ?? '');
    const url = new URL(database.url);
    const line = await startLine(Number(url.port || 5432));
    url.host = `127.0.0.1:${line.port}`;
    const app = await startApp({ DATABASE_URL: url.href });
    const http = await startPage(app, 't');
    const ready = async () => (await fetch(`${http.url}/readyz`)).status;
    const { sql } = app.store;
    try {
      expect(await ready()).toBe(200);

      // ended by the server between two statements of a transaction, as a shutdown does
      const ended = sql.transaction(async (tx) => {
        const [mine] = await tx.query<{ pid: number }>('select pg_backend_pid() as pid');
        await sql.query('select pg_terminate_backend($1)', [mine?.pid ?? 0]);
        await pause();
        await tx.query('select 1');
      });
      await expect(ended).rejects.toMatchObject({ code: 'store.unavailable', kind: 'transient' });

      const { run } = await app.sync.start({
        pipeline: app.sync.defaultPipeline,
        kind: 'sync',
        trigger: 'cli',
        by: 'io_date',
        ...dayWindow(day, day, app.ports.now()),
        filters: {},
        requester: { person: 'terminal:t', conversation: 'terminal:t' },
      });
      const state = async () => (await app.sync.runs.find(run.id).catch(() => null))?.state;
      let cuts = 0;
      for (; cuts < 8 && !/succeeded|partial|failed/.test((await state()) ?? ''); cuts++) {
        line.down = true;
        line.cut();
        await expect.poll(ready, soon).toBe(503);
        line.down = false;
        await expect.poll(ready, soon).toBe(200);
        const fetched = async () => (await app.sync.outcomes.counts(run.id)).written;
        const before = await fetched();
        // some of it is done before the next cut
        await expect
          .poll(async () => (await fetched()) > before || /partial/.test((await state()) ?? ''), soon)
          .toBe(true);
      }
      expect(cuts).toBeGreaterThan(1);
      await expect.poll(state, soon).toBe('partial');
      const { counts } = await app.sync.view(run.id);
      expect(counts).toMatchObject({ fetched: 37, failed: 6, pending: 0 });
      const bills = (await (await fetch(`${app.sandbox?.kingdee.origin}/sandbox/bills`)).json()) as Bill[];
      const audited = bills.filter(({ status }) => status === 'C').map(({ number }) => number);
      expect(audited).toHaveLength(31);
      expect(new Set(audited).size).toBe(31);
    } finally {
      await http.close();
      await app.end();
      await line.close();
      await database.drop();
    }
  },
  120_000,
);
