import { parseArgs } from 'node:util';
import type { Ports } from '../app.ts';
import { AppError } from '../errors.ts';
import { phrase } from '../phrases.ts';

export const ports: Ports = {
  now: () => new Date(),
  sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
  onError: (error, where) => {
    const cause = error instanceof Error && error.cause instanceof Error ? `: ${error.cause.message}` : '';
    process.stderr.write(`${where}: ${error instanceof Error ? error.message : String(error)}${cause}\n`);
  },
};

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
