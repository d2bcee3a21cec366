import { PgBoss } from 'pg-boss';
import type { Store } from './open.ts';
import type { Sql, SqlValue } from './sql.ts';

/** Carries work, durably. Decisions about time are columns compared with our clock; nothing here depends on the queue's. */
export interface Queue {
  /** Adds a job; inside `tx` it exists only if the transaction commits. */
  send(name: string, data: object, options?: { tx?: Sql; afterSeconds?: number }): Promise<void>;
  /** Handles jobs of a name, so many at a time. A handler that throws is tried again by the queue. */
  work(name: string, concurrency: number, handler: (data: object) => Promise<void>): Promise<void>;
  stop(): Promise<void>;
}

/** `simple` runs several statements in one text, which the queue's schema needs; it is only reached without values. */
const adapter = (sql: Sql, simple?: (text: string) => Promise<unknown[]>) => ({
  async executeSql(text: string, values: unknown[] = []): Promise<{ rows: unknown[] }> {
    return { rows: values.length > 0 || !simple ? await sql.query(text, values as SqlValue[]) : await simple(text) };
  },
});

export async function startQueue(
  store: Store,
  names: readonly string[],
  onError: (error: Error) => void,
): Promise<Queue> {
  const boss = new PgBoss({
    db: adapter(store.sql, store.database.script),
    ...(store.embedded ? { backend: 'pglite' as const, monitorVacuum: false } : {}),
    schedule: false,
  });
  boss.on('error', onError);
  await boss.start();
  for (const name of names)
    await boss.createQueue(name, { retryLimit: 20, retryDelay: 1, heartbeatSeconds: 20, expireInSeconds: 86_000 });
  return {
    async send(name, data, { tx, afterSeconds } = {}) {
      await boss.send(name, data, {
        ...(tx ? { db: adapter(tx) } : {}),
        ...(afterSeconds ? { startAfter: afterSeconds } : {}),
      });
    },
    async work(name, concurrency, handler) {
      const options = { batchSize: 1, pollingIntervalSeconds: 0.5, localConcurrency: concurrency };
      await boss.work<object>(name, options, async ([job]) => {
        if (job) await handler(job.data);
      });
    },
    stop: () => boss.stop({ graceful: true, timeout: 10_000, close: false }),
  };
}
