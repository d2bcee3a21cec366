import { parseArgs } from 'node:util';
import { createApp, type Ports } from './app.ts';
import { readConfig } from './config.ts';
import { AppError, asAppError } from './errors.ts';
import { phrase } from './phrases.ts';
import { exitCodeOf, runReport } from './sync/service.ts';
import { dayWindow } from './sync/window.ts';

const ports: Ports = {
  now: () => new Date(),
  sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
  onError: (error, where) => console.error(where, error),
};

export async function main(args: readonly string[], env: NodeJS.ProcessEnv): Promise<void> {
  const [command = 'start', ...rest] = args;
  if (command === 'sync') {
    const { values } = parseArgs({ args: [...rest], options: { from: { type: 'string' }, to: { type: 'string' }, by: { type: 'string' }, json: { type: 'boolean' }, preview: { type: 'boolean' }, pipeline: { type: 'string' } } });
    const window = dayWindow(values.from ?? '', values.to ?? '', ports.now());
    const app = await createApp(readConfig(env), ports, { work: true, schedule: false });
    const pipeline = values.pipeline ?? [...app.sync.pipelines.keys()][0] ?? '';
    const { run } = await app.sync.start({ pipeline, kind: 'sync', trigger: 'cli', by: values.by === 'modified' ? 'modified' : 'io_date', ...window, filters: {}, requester: { person: 'terminal:x', conversation: 'terminal:x' } });
    const view = await app.sync.ended(run.id, ports.sleep);
    console.log(JSON.stringify(runReport(view)));
    await app.stop();
    process.exitCode = exitCodeOf(view.run);
  }
}
void phrase; void AppError; void asAppError;
