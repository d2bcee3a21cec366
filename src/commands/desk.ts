import { userInfo } from 'node:os';
import { type App, createApp } from '../app.ts';
import { verdictReply } from '../assistant/cards/reconciliation.ts';
import type { Config } from '../config.ts';
import { AppError } from '../errors.ts';
import { readAddress, type ServiceAddress } from '../service.ts';
import type { ReconciliationReport } from '../sync/reconcile/reconciliation.ts';
import { type RunReport, runReport } from '../sync/service.ts';
import { dayWindow } from '../sync/window.ts';
import { ports } from './ports.ts';

/** What a chat message comes back with, from a service beside us or from our own assistant. */
export interface Said {
  decision: { action: string };
  reply: { text: string; card?: object };
  run?: RunReport;
  /** The id of a reconciliation that was begun, and then the whole of it. */
  reconciliation?: string | ReconciliationReport;
}

/** A reconciliation at its end. */
export interface Reconciled {
  report: ReconciliationReport;
  reply: Said['reply'];
}

export interface SyncRequest {
  from: string;
  to: string;
  by: 'io_date' | 'modified';
  pipeline?: string;
  preview: boolean;
}

/** Something that can talk and run: the service that holds the folder, or this process itself. */
export interface Desk {
  say(text: string): Promise<Said>;
  sync(request: SyncRequest): Promise<RunReport>;
  report(id: string): Promise<RunReport>;
  /** Null while it still reads. Codes: `sync.reconcile_failed`, `sync.reconcile_stopped`. */
  reconciliation(id: string): Promise<Reconciled | null>;
  close(): Promise<void>;
}

const person = `terminal:${userInfo().username}`;

/** The service beside us when it answers, else this process opens the store itself. */
export async function openDesk(config: Config): Promise<Desk> {
  const address = readAddress(config.dataDir);
  return address && (await serviceBeside(address))
    ? remoteDesk(address)
    : localDesk(await createApp(config, ports, { work: true, schedule: false }));
}

export async function serviceBeside({ url }: ServiceAddress): Promise<boolean> {
  return await fetch(`${url}/healthz`).then(
    (answer) => answer.ok,
    () => false,
  );
}

/** A call of the service's API. Code: `cli.service_refused`. */
export async function callService<T>({ url, token }: ServiceAddress, path: string, body?: object): Promise<T> {
  const answer = await fetch(`${url}/api/v1${path}`, {
    method: body ? 'POST' : 'GET',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    ...(body ? { body: JSON.stringify(body) } : {}),
  });
  const value = (await answer.json()) as T & { error?: { message: string; next: string } };
  if (answer.ok) return value;
  throw new AppError('cli.service_refused', 'data', {
    params: { message: value.error?.message ?? '', next: value.error?.next ?? '' },
  });
}

function remoteDesk(address: ServiceAddress): Desk {
  const call = <T>(path: string, body?: object): Promise<T> => callService<T>(address, path, body);
  return {
    say: (text) => call('/messages', { conversation: person, person, text }),
    sync: (body) => call('/runs', body),
    report: (id) => call(`/runs/${encodeURIComponent(id)}`),
    async reconciliation(id) {
      const found = await call<Reconciled | { report: null }>(`/reconciliations/${encodeURIComponent(id)}`);
      return found.report && found;
    },
    close: async () => undefined,
  };
}

function localDesk({ assistant, sync, reconciler, stop }: App): Desk {
  const report = async (id: string): Promise<RunReport> => runReport(await sync.view(id));
  return {
    async say(text) {
      const { run, ...answer } = await assistant.answer({ person, conversation: person, text });
      return run ? { ...answer, run: await report(run.id) } : answer;
    },
    async sync({ from, to, by, pipeline = sync.defaultPipeline, preview }) {
      const request = {
        pipeline: sync.known(pipeline),
        kind: 'sync',
        trigger: 'cli',
        by,
        ...dayWindow(from, to, ports.now()),
        filters: {},
        requester: { person, conversation: person },
      } as const;
      return preview ? runReport(await sync.preview(request)) : await report((await sync.start(request)).run.id);
    },
    report,
    async reconciliation(id) {
      const found = await reconciler.find(id);
      const report = found && (await reconciler.report(found));
      return report && { report, reply: await verdictReply(reconciler.findings, found) };
    },
    close: stop,
  };
}

export async function untilEnded(desk: Desk, run: RunReport): Promise<RunReport> {
  let current = run;
  while (current.state === 'queued' || current.state === 'running') {
    await ports.sleep(200);
    current = await desk.report(run.id);
  }
  return current;
}

export async function untilReconciled(desk: Desk, id: string): Promise<Reconciled> {
  for (;;) {
    const reconciled = await desk.reconciliation(id);
    if (reconciled) return reconciled;
    await ports.sleep(200);
  }
}
