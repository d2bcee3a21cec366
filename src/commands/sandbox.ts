import { readConfig } from '../config.ts';
import { phrase } from '../phrases.ts';
import { startSandbox } from '../sandbox/sandbox.ts';
import { options, print, usage } from './ports.ts';

/** `sandbox [--jushuitan-port N] [--kingdee-port N] [--seed N] [--orders N]`: only the two simulators, until a signal. */
export async function sandbox(args: string[], env: NodeJS.ProcessEnv): Promise<number> {
  const given = options(args, {
    'jushuitan-port': 'string',
    'kingdee-port': 'string',
    seed: 'string',
    orders: 'string',
  });
  const number = (name: keyof typeof given, fallback: number): number => {
    const value = Number(given[name] ?? fallback);
    if (!Number.isInteger(value) || value < 0) throw usage();
    return value;
  };
  const { jushuitan, kingdee, close } = await startSandbox({
    dir: `${readConfig(env).dataDir}/sandbox`,
    jushuitanPort: number('jushuitan-port', 4001),
    kingdeePort: number('kingdee-port', 4002),
    seed: number('seed', 7),
    ordersPerDay: number('orders', 40),
  });
  print(phrase('cli.sandbox', { jushuitan: jushuitan.origin, kingdee: kingdee.url }));
  await new Promise<void>((resolve) => process.once('SIGINT', resolve).once('SIGTERM', resolve));
  await close();
  return 0;
}
