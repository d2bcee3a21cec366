import { type ChildProcess, spawn } from 'node:child_process';
import { cpSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from '../../src/root.ts';
import { dayMs, startOfDay, toDay } from '../../src/shanghai.ts';
import { scratchDatabase } from '../fakes/database.ts';
import { dataFolder } from '../fakes/folder.ts';
import { plantDifferences } from './differences.ts';

export interface MonthResult {
  documents: number;
  store: 'PostgreSQL' | 'PGlite';
  seconds: number;
  source: { count: number; amount: string };
  target: { count: number; amount: string };
  /** Planted and not found, and found but not planted: `key kind`. */
  notFound: string[];
  notPlanted: string[];
  found: number;
  rssMb: number;
  heapGrowthMb: number;
  chats: number;
  /** Before the reconciliation: what the machine takes for a message by itself. */
  idleP99Ms: number;
  chatP50Ms: number;
  chatP99Ms: number;
  chatMaxMs: number;
  workbookSeconds: number;
}

const apiToken = 'month';
const readings = ['有哪些失败', '含税单价怎么来的', '帮助', '进度'];
const idleChats = 100;
const pauseMs = 20;
const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/**
 * A range of days with so many documents in two processes of our own: the sandbox, whose 金蝶 has them all but for the planted
 * differences, and the service, which reconciles them at raised limits while somebody goes on talking to it.
 */
export async function reconcileMonth(ask: {
  documents: number;
  days: number;
  /** A PostgreSQL server; without one the service keeps its own store. */
  server: string | undefined;
}): Promise<MonthResult> {
  const dir = dataFolder();
  const database = ask.server ? await scratchDatabase(ask.server) : null;
  const running: ChildProcess[] = [];
  try {
    const today = startOfDay(Date.now()).getTime();
    const [from, to] = [toDay(today - ask.days * dayMs), toDay(today - dayMs)];
    const perDay = String(Math.ceil(ask.documents / ask.days));
    const sandbox = ['sandbox', '--jushuitan-port', '0', '--kingdee-port', '0', '--per-minute', '1500'];
    const [jushuitan = '', kingdee = ''] = await addresses(
      running,
      [...sandbox, '--orders', perDay, '--posted', `${from}..${to}`],
      { DATA_DIR: join(dir, 'sandbox') },
    );
    const origins = { jushuitan, kingdee: kingdee.replace('/K3Cloud', '') };
    const planted = await plantDifferences(origins, { from, to });
    const [service = ''] = await addresses(running, ['start'], {
      ...settingsFor(jushuitan, kingdee),
      DATA_DIR: dir,
      PIPELINES_DIR: fastPipelines(dir),
      ...(database ? { DATABASE_URL: database.url } : {}),
    });
    const measured = await measure(service, running.at(-1)?.pid ?? 0, { from, to });
    const { report, ...figures } = measured;
    const found = new Set(report.differences.map(({ key, kind }) => `${key} ${kind}`));
    return {
      documents: Number(perDay) * ask.days,
      store: database ? 'PostgreSQL' : 'PGlite',
      source: report.source,
      target: report.target,
      notFound: [...planted].filter((one) => !found.has(one)),
      notPlanted: [...found].filter((one) => !planted.has(one)),
      found: found.size,
      ...figures,
    };
  } finally {
    for (const child of running) child.kill('SIGKILL');
    await Promise.all(running.map((child) => new Promise((resolve) => child.once('close', resolve))));
    rmSync(dir, { recursive: true, force: true });
    await database?.drop();
  }
}

/** Starts a command of ours and resolves with the addresses it prints. */
async function addresses(running: ChildProcess[], args: string[], env: Record<string, string>): Promise<string[]> {
  const flags = args[0] === 'start' ? startFlags() : [];
  const child = spawn(process.execPath, [...flags, join(projectRoot, 'src', 'entry.mjs'), ...args], {
    env: { ...process.env, PORT: '0', LOG_LEVEL: 'error', API_TOKEN: apiToken, ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  running.push(child);
  let said = '';
  return await new Promise((resolve, reject) => {
    child.stdout?.on('data', (chunk: Buffer) => {
      said += String(chunk);
      const found = said.endsWith('\n') ? said.match(/http:\/\/[\w.:]+(\/K3Cloud)?/g) : null;
      if (found) resolve(found);
    });
    child.once('exit', () => reject(new Error(`it ended: ${said}`)));
  });
}

/** What `npm start` tells Node. */
function startFlags(): string[] {
  const { scripts } = JSON.parse(readFileSync(join(projectRoot, 'package.json'), 'utf8')) as {
    scripts: { start: string };
  };
  return scripts.start.split(' ').filter((word) => word.startsWith('--'));
}

const settingsFor = (jushuitan: string, kingdee: string): Record<string, string> => ({
  JUSHUITAN_ROUTE: 'both',
  JUSHUITAN_BASE_URL: jushuitan,
  JUSHUITAN_APP_KEY: 'sandbox-app',
  JUSHUITAN_APP_SECRET: 'sandbox-secret',
  JUSHUITAN_CUSTOMER_ID: '10000001',
  JUSHUITAN_ACCESS_TOKEN: 'sandbox-access-token',
  JUSHUITAN_REFRESH_TOKEN: 'sandbox-refresh-token',
  KINGDEE_BASE_URL: kingdee,
  KINGDEE_AUTH: 'app-secret',
  KINGDEE_ACCT_ID: 'sandbox-dc',
  KINGDEE_USERNAME: 'integration',
  KINGDEE_APP_ID: '300001_U2FuZGJveEFwcFNlY3JldFBhcnRBQkNE',
  KINGDEE_APP_SECRET: 'sandbox-app-secret',
});

/** The pipelines with the limits raised. */
function fastPipelines(dir: string): string {
  const folder = join(dir, 'pipelines');
  cpSync(join(projectRoot, 'pipelines'), folder, { recursive: true });
  const file = join(folder, 'jushuitan-saleout-to-kingdee.yaml');
  const text = readFileSync(file, 'utf8');
  writeFileSync(file, text.replace('per_second: 5, per_minute: 100', 'per_second: 24, per_minute: 1400'));
  return folder;
}

interface Report {
  source: { count: number; amount: string };
  target: { count: number; amount: string };
  differences: { key: string; kind: string }[];
}

type Figures = Omit<MonthResult, 'documents' | 'store' | 'source' | 'target' | 'notFound' | 'notPlanted' | 'found'>;

async function measure(
  service: string,
  pid: number,
  days: { from: string; to: string },
): Promise<Figures & { report: Report }> {
  const call = async (path: string, body?: object): Promise<Response> =>
    await fetch(`${service}${path}`, {
      method: body ? 'POST' : 'GET',
      headers: { authorization: `Bearer ${apiToken}`, 'content-type': 'application/json' },
      ...(body ? { body: JSON.stringify(body) } : {}),
    });
  const say = async (n: number): Promise<number> => {
    const from = performance.now();
    const text = readings[n % readings.length] ?? '';
    const answer = await call('/api/v1/messages', { conversation: 'terminal:month', person: 'terminal:month', text });
    if (!answer.ok) throw new Error(`${text}: ${answer.status} ${await answer.text()}`);
    await answer.arrayBuffer();
    return performance.now() - from;
  };
  const heapNow = async (): Promise<number> =>
    Number(/^nodejs_heap_size_used_bytes (\S+)/m.exec(await (await call('/metrics')).text())?.[1]);
  for (let n = 0; n < 20; n++) await say(n);
  const idle: number[] = [];
  for (let n = 0; n < idleChats; n++) {
    idle.push(await say(n));
    await pause(pauseMs);
  }
  const heapBefore = await heapNow();
  let heap = heapBefore;
  let rss = 0;
  const waits: number[] = [];
  const began = performance.now();
  const { id } = (await (await call('/api/v1/reconciliations', days)).json()) as { id: string };
  let report: Report | null = null;
  for (let n = 0; report === null; n++) {
    waits.push(await say(n));
    await pause(pauseMs);
    rss = Math.max(rss, rssOf(pid));
    if (n % 10 > 0) continue;
    heap = Math.max(heap, await heapNow());
    const answer = (await (await call(`/api/v1/reconciliations/${id}`)).json()) as { report?: Report | null };
    if (answer.report === undefined) throw new Error(JSON.stringify(answer));
    report = answer.report;
  }
  const seconds = (performance.now() - began) / 1000;
  const fetching = performance.now();
  await (await call(`/api/v1/reconciliations/${id}/workbook`)).arrayBuffer();
  const workbookSeconds = (performance.now() - fetching) / 1000;
  rss = Math.max(rss, rssOf(pid));
  const at = (share: number, times: number[] = waits): number =>
    Math.round(times.sort((a, b) => a - b)[Math.floor((times.length - 1) * share)] ?? 0);
  return {
    report,
    seconds: Math.round(seconds * 10) / 10,
    rssMb: Math.round(rss / 1024),
    heapGrowthMb: Math.round((heap - heapBefore) / 1e6),
    chats: waits.length,
    idleP99Ms: at(0.99, idle),
    chatP50Ms: at(0.5),
    chatP99Ms: at(0.99),
    chatMaxMs: at(1),
    workbookSeconds: Math.round(workbookSeconds * 10) / 10,
  };
}

/** Resident memory of a process, KiB. */
const rssOf = (pid: number): number =>
  Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0);
