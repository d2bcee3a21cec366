import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type App, createApp } from '../../src/app.ts';
import { readConfig } from '../../src/config.ts';
import { type HttpServer, startHttp } from '../../src/http/server.ts';
import { projectRoot } from '../../src/root.ts';
import type { RunView } from '../../src/sync/run.ts';
import { dayWindow } from '../../src/sync/window.ts';
import { scratchDatabase } from './database.ts';
import { dataFolder } from './folder.ts';

export interface TestApp extends App {
  clock: { now: number };
  end(): Promise<void>;
}

/**
 * The whole house on its sandbox in a folder of its own, with a clock that only sleeping moves; on PostgreSQL, in a database of
 * its own, when `TEST_DATABASE_URL` is set.
 */
export async function startApp(
  env: Record<string, string> = {},
  clock = { now: Date.parse('2026-11-24T15:00:00+08:00') },
): Promise<TestApp> {
  const ports = {
    now: () => new Date(clock.now),
    sleep: async (ms: number): Promise<void> => {
      clock.now += ms;
      await new Promise((resolve) => setTimeout(resolve, 1));
    },
    onError: () => undefined,
  };
  const server = process.env.TEST_DATABASE_URL;
  const database = server && env.DATABASE_URL === undefined ? await scratchDatabase(server) : null;
  const dir = env.DATA_DIR ?? (database ? mkdtempSync(join(tmpdir(), 'xiaoqing-')) : dataFolder());
  const config = readConfig({
    DATA_DIR: dir,
    PIPELINES_DIR: join(projectRoot, 'pipelines'),
    ...(database ? { DATABASE_URL: database.url } : {}),
    ...env,
  });
  const app = await createApp(config, ports, { work: true, schedule: false });
  return {
    ...app,
    clock,
    async end() {
      await app.stop();
      if (!env.DATA_DIR) rmSync(dir, { recursive: true, force: true });
      await database?.drop();
    },
  };
}

/** Syncs whole days to the end and returns the run with all that is known of it. */
export async function syncDays(
  app: TestApp,
  from: string,
  to = from,
  pipeline = app.sync.defaultPipeline,
): Promise<RunView> {
  const { run } = await app.sync.start({
    pipeline,
    kind: 'sync',
    trigger: 'cli',
    by: 'io_date',
    ...dayWindow(from, to, new Date(app.clock.now)),
    filters: {},
    requester: { person: 'terminal:t', conversation: 'terminal:t' },
  });
  return await app.sync.ended(run.id, pause);
}

/** Waiting for a run is ours, not the clock's. */
export const pause = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 10));

/** The page and its API over a house. */
export async function startPage(app: TestApp, apiToken: string): Promise<HttpServer> {
  const http = await startHttp({
    sync: app.sync,
    reconciler: app.reconciler,
    assistant: app.assistant,
    onSandbox: true,
    logins: app.logins,
    publicUrl: app.config.publicUrl,
    onCard: app.onCard,
    channels: () => [],
    storeAnswers: () => app.store.answers(),
    feishu: app.feishu,
    now: app.ports.now,
    onError: () => undefined,
    host: '127.0.0.1',
    port: 0,
    apiToken,
  });
  app.servedAt(http.url);
  return http;
}
