import { parseArgs } from 'node:util';
import { pino } from 'pino';
import type { Ports } from '../app.ts';
import { AppError } from '../errors.ts';
import { phrase } from '../phrases.ts';

/** The clock, and a log on stderr: JSON lines with code and place, never a body, an address or a secret. */
export function createPorts(level: string): Ports {
  const log = pino({ level, base: null }, pino.destination({ dest: 2, sync: true }));
  return {
    now: () => new Date(),
    sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
    onError: (error, where) => {
      const code = error instanceof AppError ? error.code : undefined;
      const cause = error instanceof Error && error.cause instanceof Error ? error.cause.message : undefined;
      log.error({ where, code, cause }, error instanceof Error ? error.message : String(error));
    },
  };
}

export const ports = createPorts('info');

export const print = (text: string): void => void process.stdout.write(`${text}\n`);

/** A command's options. Code: `cli.usage`. */
export function options<const T extends Record<string, 'string' | 'boolean'>>(
  args: string[],
  types: T,
): { [K in keyof T]?: T[K] extends 'string' ? string : boolean } {
  try {
    const known = Object.fromEntries(Object.entries(types).map(([name, type]) => [name, { type }]));
    return parseArgs({ args, options: known, strict: true }).values as {
      [K in keyof T]?: T[K] extends 'string' ? string : boolean;
    };
  } catch {
    throw usage();
  }
}

export const usage = (): AppError => new AppError('cli.usage', 'data', { params: { usage: phrase('cli.usage') } });
