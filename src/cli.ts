import { userInfo } from 'node:os';
import { createInterface } from 'node:readline/promises';
import { parseArgs } from 'node:util';
import { type App, createApp, type Ports } from './app.ts';
import { Assistant } from './assistant/assistant.ts';
import { categoryLabel } from './assistant/cards.ts';
import { readDates } from './assistant/language/dates/read.ts';
import { type Turn, understand } from './assistant/language/understand.ts';
import { type Config, readConfig } from './config.ts';
import { AppError, asAppError } from './errors.ts';
import { phrase } from './phrases.ts';
import { startSandbox } from './sandbox/sandbox.ts';
import { readAddress, type ServiceAddress, sandboxControl, serve } from './service.ts';
import { type RunReport, runReport } from './sync/service.ts';
import { dayWindow } from './sync/window.ts';

const ports: Ports = {
  now: () => new Date(),
  sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
  onError: (error, where) => {
    const cause = error instanceof Error && error.cause instanceof Error ? `: ${error.cause.message}` : '';
    process.stderr.write(`${where}: ${error instanceof Error ? error.message : String(error)}${cause}\n`);
  },
};

const print = (text: string): void => void process.stdout.write(`${text}\n`);

/** What a chat message comes back with, from a service beside us or from our own assistant. */
interface Said {
  decision: object;
  reply: { text: string; card?: object };
  run?: RunReport;
}

/** Something that can talk and run: the service that holds the folder, or this process itself. */
interface Desk {
  say(text: string): Promise<Said>;
  sync(body: {
    from: string;
    to: string;
    by: 'io_date' | 'modified';
    pipeline?: string;
    preview: boolean;
  }): Promise<RunReport>;
  report(id: string): Promise<RunReport>;
  close(): Promise<void>;
}

const person = `terminal:${userInfo().username}`;

async function remoteDesk({ url, token }: ServiceAddress): Promise<Desk> {
  const call = async <T>(path: string, body?: object): Promise<T> => {
    const answer = await fetch(`${url}/api/v1${path}`, {
      method: body ? 'POST' : 'GET',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      ...(body ? { body: JSON.stringify(body) } : {}),
    });
    const value = (await answer.json()) as T & { error?: { message: string; next: string } };
    if (!answer.ok)
      throw new AppError('cli.service_refused', 'data', {
        params: { message: value.error?.message ?? '', next: value.error?.next ?? '' },
      });
    return value;
  };
  return {
    say: (text) => call('/messages', { conversation: person, person, text }),
    sync: (body) => call('/runs', body),
    report: (id) => call(`/runs/${encodeURIComponent(id)}`),
    close: async () => undefined,
  };
}

function localDesk(app: App): Desk {
  const assistant = new Assistant({ sync: app.sync, sql: app.store.sql, sandbox: sandboxControl(app), now: ports.now });
  const report = async (id: string): Promise<RunReport> => runReport(await app.sync.view(id));
  return {
    async say(text) {
      const { run, ...answer } = await assistant.answer({ person, conversation: person, text });
      return run ? { ...answer, run: await report(run.id) } : answer;
    },
    async sync({ from, to, by, pipeline, preview }) {
      const window = dayWindow(from, to, ports.now());
      const id = pipeline ?? [...app.sync.pipelines.keys()][0] ?? '';
      if (!app.sync.pipelines.has(id)) {
        throw new AppError('sync.unknown_pipeline', 'data', {
          params: { id, known: [...app.sync.pipelines.keys()].join('、') },
        });
      }
      const request = {
        pipeline: id,
        kind: 'sync',
        trigger: 'cli',
        by,
        ...window,
        filters: {},
        requester: { person, conversation: person },
      } as const;
      return preview
        ? runReport(await app.sync.preview(request))
        : await report((await app.sync.start(request)).run.id);
    },
    report,
    close: () => app.stop(),
  };
}

/** The service beside us when it answers, else this process opens the store itself. */
async function openDesk(config: Config): Promise<Desk> {
  const address = readAddress(config.dataDir);
  if (
    address &&
    (await fetch(`${address.url}/healthz`).then(
      (answer) => answer.ok,
      () => false,
    ))
  )
    return await remoteDesk(address);
  return localDesk(await createApp(config, ports, { work: true, schedule: false }));
}

async function untilEnded(desk: Desk, run: RunReport): Promise<RunReport> {
  let current = run;
  while (current.state === 'queued' || current.state === 'running') {
    await ports.sleep(200);
    current = await desk.report(run.id);
  }
  return current;
}

async function syncCommand(args: string[], env: NodeJS.ProcessEnv): Promise<number> {
  const { values } = parse(args, {
    from: 'string',
    to: 'string',
    by: 'string',
    pipeline: 'string',
    preview: 'boolean',
    json: 'boolean',
  });
  const by = values.by ?? 'io_date';
  if (!values.from || !values.to || (by !== 'io_date' && by !== 'modified'))
    throw new AppError('cli.usage', 'data', { params: { usage: phrase('cli.usage') } });
  dayWindow(String(values.from), String(values.to), ports.now());
  const desk = await openDesk(readConfig(env));
  try {
    const body = {
      from: String(values.from),
      to: String(values.to),
      by,
      preview: values.preview === true,
      ...(values.pipeline ? { pipeline: String(values.pipeline) } : {}),
    } as const;
    const run = await untilEnded(desk, await desk.sync(body));
    if (values.json) print(JSON.stringify(run));
    else {
      print(phrase('cli.sync_done', { state: phrase(`replies.state.${run.state}`), ...run.counts }));
      for (const failure of run.failures)
        print(
          phrase('cli.sync_failure', {
            category: categoryLabel(failure.category),
            count: failure.count,
            orders: failure.orders.slice(0, 5).join('、'),
          }),
        );
      if (run.error) print(`${run.error.message}。${run.error.next}`);
    }
    return run.state === 'succeeded' || run.state === 'partial' ? 0 : 1;
  } finally {
    await desk.close();
  }
}

async function chatCommand(args: string[], env: NodeJS.ProcessEnv): Promise<number> {
  const { values } = parse(args, { once: 'string', json: 'boolean', yes: 'boolean' });
  const desk = await openDesk(readConfig(env));
  const ask = async (text: string): Promise<Said> => {
    const first = await desk.say(text);
    const decided = (first.decision as { action: string }).action;
    const said =
      values.yes === true && decided === 'confirm'
        ? { ...(await desk.say(phrase('cards.say.confirm'))), decision: first.decision }
        : first;
    return said.run ? { ...said, run: await untilEnded(desk, said.run) } : said;
  };
  try {
    if (values.once !== undefined) {
      const said = await ask(String(values.once));
      print(values.json ? JSON.stringify(said) : inWords(said));
      return 0;
    }
    const terminal = createInterface({ input: process.stdin, output: process.stderr, prompt: phrase('cli.prompt') });
    terminal.prompt();
    for await (const line of terminal) {
      if (line.trim()) print(inWords(await ask(line)));
      terminal.prompt();
    }
    return 0;
  } finally {
    await desk.close();
  }
}

function inWords({ reply, run }: Said): string {
  return run
    ? `${reply.text}\n${phrase('cli.sync_done', { state: phrase(`replies.state.${run.state}`), ...run.counts })}`
    : reply.text;
}

/** Pure: no network, no store, no model. */
async function understandCommand(args: string[]): Promise<number> {
  const { values } = parse(args, { dates: 'boolean' });
  for await (const line of createInterface({ input: process.stdin })) {
    if (!line.trim()) continue;
    const { id, now, text, prior } = JSON.parse(line) as { id: string; now: string; text: string; prior?: Turn[] };
    if (values.dates) {
      const { range } = readDates(text, now);
      print(JSON.stringify({ id, start: range?.start ?? null, end: range?.end ?? null }));
      continue;
    }
    const { intent, slots, action, also } = understand({ text, now, ...(prior ? { prior } : {}) });
    print(
      JSON.stringify({ id, intent, slots, action, ...(also ? { also: also.map(({ why, ...rest }) => rest) } : {}) }),
    );
  }
  return 0;
}

async function doctorCommand(env: NodeJS.ProcessEnv): Promise<number> {
  const config = readConfig(env);
  const app = await createApp(config, ports, { work: false, schedule: false });
  let ready = true;
  const check = async (what: string, work: () => Promise<unknown>): Promise<void> => {
    try {
      await work();
      print(phrase('cli.doctor.ok', { what }));
    } catch (error) {
      ready = false;
      const { message, next } = asAppError(error);
      print(phrase('cli.doctor.bad', { what, message, next }));
    }
  };
  print(phrase('cli.doctor.ok', { what: phrase(config.erp ? 'cli.doctor.mode_real' : 'cli.doctor.mode_sandbox') }));
  await check(phrase('cli.doctor.store', { dir: config.dataDir }), () => app.store.sql.query('select 1'));
  await check(phrase('cli.doctor.pipelines', { count: app.sync.pipelines.size }), async () => undefined);
  for (const { source, target } of app.sync.pipelines.values()) {
    await check(phrase('cli.doctor.source'), () => source.check());
    await check(phrase('cli.doctor.target'), () => target.check());
  }
  await app.stop();
  return ready ? 0 : 1;
}

async function sandboxCommand(args: string[], env: NodeJS.ProcessEnv): Promise<number> {
  const { values } = parse(args, {
    'jushuitan-port': 'string',
    'kingdee-port': 'string',
    seed: 'string',
    orders: 'string',
  });
  const number = (name: string, fallback: number): number => Number(values[name] ?? fallback);
  const sandbox = await startSandbox({
    dir: `${readConfig(env).dataDir}/sandbox`,
    jushuitanPort: number('jushuitan-port', 4001),
    kingdeePort: number('kingdee-port', 4002),
    seed: number('seed', 7),
    ordersPerDay: number('orders', 40),
  });
  print(phrase('cli.sandbox', { jushuitan: sandbox.jushuitan.origin, kingdee: sandbox.kingdee.url }));
  await new Promise<void>((resolve) => process.once('SIGINT', resolve).once('SIGTERM', resolve));
  await sandbox.close();
  return 0;
}

function parse(
  args: string[],
  types: Record<string, 'string' | 'boolean'>,
): { values: Record<string, string | boolean | undefined> } {
  try {
    const options = Object.fromEntries(Object.entries(types).map(([name, type]) => [name, { type }]));
    return {
      values: parseArgs({ args, options, strict: true }).values as Record<string, string | boolean | undefined>,
    };
  } catch {
    throw new AppError('cli.usage', 'data', { params: { usage: phrase('cli.usage') } });
  }
}

/** Exit codes: 0 done or answered, 1 the store or an ERP could not be reached, 2 bad arguments or settings. */
export async function main(argv: readonly string[], env: NodeJS.ProcessEnv): Promise<void> {
  const [command = 'start', ...args] = argv;
  try {
    if (command === 'start') return await serve(readConfig(env), ports);
    const commands: Readonly<Record<string, () => Promise<number>>> = {
      chat: () => chatCommand(args, env),
      sync: () => syncCommand(args, env),
      understand: () => understandCommand(args),
      doctor: () => doctorCommand(env),
      sandbox: () => sandboxCommand(args, env),
    };
    const run = commands[command];
    if (!run) throw new AppError('cli.usage', 'data', { params: { usage: phrase('cli.usage') } });
    process.exit(await run());
  } catch (error) {
    const known = asAppError(error);
    if (known.kind === 'internal') ports.onError(known, command);
    process.stderr.write(`${known.message}。${known.next}\n`);
    process.exit(known.kind === 'data' || known.kind === 'config' ? 2 : 1);
  }
}
