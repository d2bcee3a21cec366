import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { alive } from '../../src/parents.ts';
import { projectRoot } from '../../src/root.ts';
import { dataFolder } from '../fakes/folder.ts';

interface Report {
  id: string;
  state: string;
  counts: { fetched: number; written: number; existing: number; failed: number };
}

let dir: string;
let npm: ChildProcess | null = null;
beforeAll(() => {
  dir = dataFolder();
});
afterAll(() => {
  end(npm);
  rmSync(dir, { recursive: true, force: true });
});

/** The whole group, so that nothing outlives the tests. */
function end(child: ChildProcess | null): void {
  try {
    if (child?.pid) process.kill(-child.pid, 'SIGKILL');
  } catch {
    // gone already
  }
}

async function start(): Promise<void> {
  const child = spawn('npm', ['start'], {
    cwd: projectRoot,
    detached: true,
    env: { ...process.env, PORT: '0', DATA_DIR: dir },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  npm = child;
  let said = '';
  await new Promise<void>((resolve, reject) => {
    child.stderr?.on('data', (chunk: Buffer) => {
      said += String(chunk);
    });
    child.stdout?.on('data', (chunk: Buffer) => {
      said += String(chunk);
      if (/http:\/\//.test(said)) resolve();
    });
    child.once('exit', () => reject(new Error(said)));
  });
}

const servicePid = (): number => Number(readFileSync(join(dir, 'pid'), 'utf8'));
const until = async (holds: () => Promise<boolean> | boolean): Promise<void> => {
  while (!(await holds())) await new Promise((resolve) => setTimeout(resolve, 15));
};

async function call(path: string, body?: object): Promise<Report> {
  const { url, token } = JSON.parse(readFileSync(join(dir, 'service.json'), 'utf8')) as { url: string; token: string };
  const answer = await fetch(`${url}/api/v1${path}`, {
    method: body ? 'POST' : 'GET',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    ...(body ? { body: JSON.stringify(body) } : {}),
  });
  return (await answer.json()) as Report;
}
const ended = async (id: string): Promise<Report> => {
  let report = await call(`/runs/${id}`);
  await until(async () => {
    report = await call(`/runs/${id}`);
    return report.state !== 'queued' && report.state !== 'running';
  });
  return report;
};
const yesterday = new Date(Date.now() + 8 * 3_600_000 - 86_400_000).toISOString().slice(0, 10);
const window = { from: yesterday, to: yesterday, by: 'io_date', preview: false };

test('kill -9 in the middle of writing: after a new start the run goes on by itself and nothing is written twice', async () => {
  await start();
  const { id } = await call('/runs', window);
  await until(async () => {
    const { state, counts } = await call(`/runs/${id}`);
    return counts.written > 0 || (state !== 'queued' && state !== 'running');
  });
  end(npm);
  const pid = servicePid();
  await until(() => !alive(pid));
  await start();
  const first = await ended(id);
  expect(first.state).toBe('partial');
  expect(first.counts.fetched).toBeGreaterThan(20);
  expect(first.counts.written + first.counts.existing + first.counts.failed).toBe(first.counts.fetched);
  const second = await ended((await call('/runs', window)).id);
  expect(second.counts).toMatchObject({
    fetched: first.counts.fetched,
    written: 0,
    existing: first.counts.written + first.counts.existing,
    failed: first.counts.failed,
  });
}, 200_000);

test.each(['SIGTERM', 'SIGKILL'] as const)(
  'npm ended by %s takes the service with it, and the folder is free',
  async (signal) => {
    if (!npm) await start(); // the test before leaves one
    const pid = servicePid();
    process.kill(npm?.pid ?? 0, signal);
    await until(() => !alive(pid));
    await start();
    expect(servicePid()).not.toBe(pid);
  },
  180_000,
);
