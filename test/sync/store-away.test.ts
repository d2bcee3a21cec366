import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { storeError } from '../../src/store/errors.ts';
import type { Sql } from '../../src/store/sql.ts';
import { Brake } from '../../src/sync/brake.ts';
import { Ledger } from '../../src/sync/ledger.ts';
import { Outcomes } from '../../src/sync/outcomes.ts';
import { Runner } from '../../src/sync/runner.ts';
import { Runs } from '../../src/sync/runs.ts';
import { dayWindow } from '../../src/sync/window.ts';
import { WriteQueue } from '../../src/sync/write-queue.ts';
import { startApp, type TestApp } from '../fakes/app.ts';

describe('what a driver says of a line that is cut', () => {
  test.each([
    [{ code: '57P01', message: 'terminating connection due to administrator command' }],
    [{ code: '57P03', message: 'the database system is starting up' }],
    [{ code: 'ECONNREFUSED', message: '' }],
    [{ code: 'ECONNRESET', message: 'read ECONNRESET' }],
    [{ code: 'ENOTFOUND', message: 'getaddrinfo' }],
    [new Error('Connection terminated unexpectedly')],
    [new Error('Connection terminated due to connection timeout')],
    [new Error('Client has encountered a connection error and is not queryable')],
    [new Error('timeout exceeded when trying to connect')],
  ])('%o passes by itself', (said) => {
    expect(storeError(said)).toMatchObject({ code: 'store.unavailable', kind: 'transient' });
  });

  test.each([
    [{ code: '22P05', message: 'unsupported Unicode escape sequence' }],
    [new TypeError('x is not a function')],
  ])('%o does not', (said) => {
    expect(storeError(said)).toMatchObject({ code: 'store.query', kind: 'internal' });
  });
});

/** A store that is away at one statement, counted from 0: before it is carried out, or after, with the answer lost. */
class Cut implements Sql {
  readonly #sql: Sql;
  readonly #count: { left: number };
  readonly #lost: boolean;

  constructor(sql: Sql, count: { left: number }, lost: boolean) {
    this.#sql = sql;
    this.#count = count;
    this.#lost = lost;
  }

  async query<Row>(...asked: Parameters<Sql['query']>): Promise<Row[]> {
    const cut = this.#count.left-- === 0;
    const away = storeError({ code: '57P01' });
    if (cut && !this.#lost) throw away;
    const rows = await this.#sql.query<Row>(...asked);
    if (cut) throw away;
    return rows;
  }

  async transaction<T>(work: (tx: Sql) => Promise<T>): Promise<T> {
    return await this.#sql.transaction((tx) => work(new Cut(tx, this.#count, this.#lost)));
  }

  cursor<Row>(...asked: Parameters<Sql['cursor']>): AsyncIterable<Row[]> {
    return this.#sql.cursor<Row>(...asked);
  }
}

let app: TestApp;
beforeAll(async () => {
  app = await startApp();
});
afterAll(async () => await app.end());

test('a store that is away at any statement of a run costs it nothing: taken up again it goes on, and every order is there once', async () => {
  const { now, sleep } = app.ports;
  const quiet = {
    pipelines: app.sync.pipelines,
    watermarks: app.sync.watermarks,
    onProgress: () => undefined,
    now,
    sleep,
  };
  const days = Array.from({ length: 12 }, (_, index) => `2026-11-${String(index + 10).padStart(2, '0')}`);
  for (const [index, day] of days.entries()) {
    const count = { left: Number.POSITIVE_INFINITY };
    const sql = new Cut(app.store.sql, count, index % 2 === 1);
    const runs = new Runs(sql, now);
    const parts = {
      ...quiet,
      sql,
      runs,
      ledger: new Ledger(sql, now),
      queue: new WriteQueue(sql, now),
      outcomes: new Outcomes(sql),
      brake: new Brake(sql, now),
    };
    const runner = new Runner(parts, `other-${index}`);
    const { run } = await runs.create(
      {
        pipeline: app.sync.defaultPipeline,
        kind: 'sync',
        trigger: 'cli',
        by: 'io_date',
        ...dayWindow(day, day, now()),
        filters: {},
        requester: { person: 'terminal:t', conversation: 'terminal:t' },
      },
      // Ours from the first, so that the house does not take it.
      async (id, tx) => {
        const until = new Date(app.clock.now + 30_000);
        const ours = [id, `other-${index}`, until] as const;
        await tx.query(`update runs set state = 'running', lease_owner = $2, lease_until = $3 where id = $1`, ours);
      },
    );
    count.left = 3 + index * 3;
    await runner.run(run.id).catch(() => undefined);
    expect(count.left, `${day} was cut`).toBeLessThan(0);
    expect((await runs.find(run.id))?.state, day).toBe('running');
    await runner.run(run.id);
    const { run: ended, counts } = await app.sync.view(run.id);
    expect(ended.error, day).toBeNull();
    expect(counts, day).toMatchObject({ fetched: 37, written: 31, failed: 6, pending: 0 });
  }
  const bills = (await (await fetch(`${app.sandbox?.kingdee.origin}/sandbox/bills`)).json()) as { number: string }[];
  expect(new Set(bills.map(({ number }) => number)).size).toBe(bills.length);
});
