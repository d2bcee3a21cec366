import { userInfo } from 'node:os';
import { type App, createApp } from '../app.ts';
import { verdictReply } from '../assistant/cards/reconciliation.ts';
import { type DayRun, startDayRun } from '../assistant/day-run.ts';
import type { Config } from '../config.ts';
import { AppError } from '../errors.ts';
import { reconciliationFigures } from '../reports/reconciliation-figures.ts';
import type { StatedFigure } from '../reports/stated.ts';
import { readAddress, type ServiceAddress } from '../service.ts';
import type { ReconciliationReport } from '../sync/reconcile/reconciliation.ts';
import { type RunReport, runReport } from '../sync/service.ts';
import { ports } from './ports.ts';

/** What a chat message comes back with, from a service beside us or from our own assistant. */
export interface Said {
  decision: { action: string };
  reply: { text: string; card?: object };
  run?: RunReport;
  /** The id of a reconciliation that was begun, and then the whole of it. */
  reconciliation?: string | ReconciliationReport;
  figures?: StatedFigure[];
}

/** A reconciliation at its end. */
export interface Reconciled {
  report: ReconciliationReport;
  reply: Said['reply'];
  figures: StatedFigure[];
}

/** Something that can talk and run: the service that holds the folder, or this process itself. */
export interface Desk {
  say(text: string): Promise<Said>;
  sync(asked: DayRun): Promise<RunReport>;
  report(id: string): Promise<RunReport>;
  /** Null while it still reads. Codes: `sync.reconcile_failed`, `sync.reconcile_stopped`. */
  reconciliation(id: string): Promise<Reconciled | null>;
  /** A link onto the page, in words; `as` a name of the page instead of whoever asks. */
  login(as?: string): Promise<Pick<Said, 'reply'>>;
  /** What was read wrongly, as lines of the corpus. */
  misreads(): Promise<Pick<Said, 'reply'>>;
  close(): Promise<void>;
}

const person = `terminal:${userInfo().username}`;

/** The service beside us when it answers, else this process opens the store itself. */
export async function openDesk(config: Config): Promise<Desk> {
  const address = readAddress(config.dataDir);
  if (address && (await serviceBeside(address))) return remoteDesk(address);
  const app = await createApp(config, ports, { work: true, schedule: false });
  for (const remark of app.remarks) process.stderr.write(`${remark}\n`);
  return localDesk(app);
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
    login: (as) => call('/logins', as === undefined ? {} : { as }),
    misreads: () => call('/misreads'),
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
  const caller = { person, conversation: person, text: '' };
  return {
    async say(text) {
      const { run, ...answer } = await assistant.answer({ person, conversation: person, text });
      return run ? { ...answer, run: await report(run.id) } : answer;
    },
    login: (as) =>
      assistant.gate.carryOut(
        caller,
        { tool: 'page-login', args: as === undefined ? {} : { as }, intent: 'page_login', slots: {} },
        { command: true },
      ),
    misreads: () =>
      assistant.gate.carryOut(
        caller,
        { tool: 'list-misreads', args: {}, intent: 'misread', slots: {} },
        { command: true },
      ),
    async sync(asked) {
      const { gate } = assistant;
      const started = await startDayRun({ gate, sync, now: ports.now }, caller, asked, { command: true });
      if ('report' in started) return started.report;
      throw new Error('a command was asked about');
    },
    report,
    async reconciliation(id) {
      const found = await reconciler.find(id);
      const report = found && (await reconciler.report(found));
      if (!report) return null;
      const { findings } = reconciler;
      return {
        report,
        reply: await verdictReply(findings, found),
        figures: await reconciliationFigures(findings, found),
      };
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
