import { readEnvFile } from './env-file.ts';
import { asAppError } from './errors.ts';

type Env = NodeJS.ProcessEnv;

/** Each command brings only what it needs: `understand` starts without a database, an SDK or a model. */
const commands: Readonly<Record<string, (args: string[], env: Env) => Promise<number>>> = {
  chat: async (args, env) => (await import('./commands/chat.ts')).chat(args, env),
  sync: async (args, env) => (await import('./commands/sync.ts')).sync(args, env),
  reconcile: async (args, env) => (await import('./commands/reconcile.ts')).reconcile(args, env),
  understand: async (args, env) => (await import('./commands/understand.ts')).understand(args, env),
  train: async (args) => (await import('./commands/train.ts')).train(args),
  misread: async (args, env) => (await import('./commands/misread.ts')).misread(args, env),
  doctor: async (_args, env) => (await import('./commands/doctor.ts')).doctor(env),
  sandbox: async (args, env) => (await import('./commands/sandbox.ts')).sandbox(args, env),
};

/** Exit codes: 0 done or answered, 1 the store or an ERP could not be reached, 2 bad arguments or settings. */
export async function main(argv: readonly string[], env: Env): Promise<void> {
  const [command = 'start', ...args] = argv;
  try {
    for (const remark of readEnvFile(env)) process.stderr.write(`${remark}\n`);
    if (command === 'start') return await (await import('./commands/start.ts')).start(env);
    const run = commands[command];
    if (!run) throw (await import('./commands/ports.ts')).usage();
    process.exit(await run(args, env));
  } catch (error) {
    const known = asAppError(error);
    if (known.kind === 'internal') (await import('./commands/ports.ts')).ports.onError(known, command);
    process.stderr.write(`${known.message}。${known.next}\n`);
    process.exit(known.kind === 'data' || known.kind === 'config' ? 2 : 1);
  }
}
