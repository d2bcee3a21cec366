import { chat } from './commands/chat.ts';
import { doctor } from './commands/doctor.ts';
import { createPorts, ports, usage } from './commands/ports.ts';
import { reconcile } from './commands/reconcile.ts';
import { sandbox } from './commands/sandbox.ts';
import { sync } from './commands/sync.ts';
import { understand } from './commands/understand.ts';
import { readConfig } from './config.ts';
import { asAppError } from './errors.ts';
import { serve } from './service.ts';

/** Exit codes: 0 done or answered, 1 the store or an ERP could not be reached, 2 bad arguments or settings. */
export async function main(argv: readonly string[], env: NodeJS.ProcessEnv): Promise<void> {
  const [command = 'start', ...args] = argv;
  const commands: Readonly<Record<string, () => Promise<number>>> = {
    chat: () => chat(args, env),
    sync: () => sync(args, env),
    reconcile: () => reconcile(args, env),
    understand: () => understand(args),
    doctor: () => doctor(env),
    sandbox: () => sandbox(args, env),
  };
  try {
    if (command === 'start') {
      const config = readConfig(env);
      return await serve(config, createPorts(config.logLevel));
    }
    const run = commands[command];
    if (!run) throw usage();
    process.exit(await run());
  } catch (error) {
    const known = asAppError(error);
    if (known.kind === 'internal') ports.onError(known, command);
    process.stderr.write(`${known.message}。${known.next}\n`);
    process.exit(known.kind === 'data' || known.kind === 'config' ? 2 : 1);
  }
}
