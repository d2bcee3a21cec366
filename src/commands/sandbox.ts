import { readConfig } from '../config.ts';
import { phrase } from '../phrases.ts';
import { startSandbox } from '../sandbox/sandbox.ts';
import { options, print, usage } from './ports.ts';

/**
 * `sandbox [--jushuitan-port N] [--kingdee-port N] [--seed N] [--orders N]`: only the two simulators, until a signal. For tests at
 * scale: `--posted D..D`, days that stand in 金蝶 already, and `--per-minute N`, calls that 聚水潭 takes.
 */
export async function sandbox(args: string[], env: NodeJS.ProcessEnv): Promise<number> {
  const given = options(args, {
    'jushuitan-port': 'string',
    'kingdee-port': 'string',
    seed: 'string',
    orders: 'string',
    posted: 'string',
    'per-minute': 'string',
  });
  const number = (name: keyof typeof given, fallback: number): number => {
    const value = Number(given[name] ?? fallback);
    if (!Number.isInteger(value) || value < 0) throw usage();
    return value;
  };
  const [from = '', to = from] = given.posted?.split('..') ?? [];
  const perMinute = given['per-minute'] ? number('per-minute', 100) : null;
  const { jushuitan, kingdee, close } = await startSandbox({
    dir: `${readConfig(env).dataDir}/sandbox`,
    jushuitanPort: number('jushuitan-port', 4001),
    kingdeePort: number('kingdee-port', 4002),
    seed: number('seed', 7),
    ordersPerDay: number('orders', 40),
    ...(from ? { posted: { from, to } } : {}),
    ...(perMinute === null ? {} : { limits: { perSecond: perMinute, perMinute } }),
  });
  print(phrase('cli.sandbox', { jushuitan: jushuitan.origin, kingdee: kingdee.url }));
  await new Promise<void>((resolve) => process.once('SIGINT', resolve).once('SIGTERM', resolve));
  await close();
  return 0;
}
