import { spawn } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { projectRoot } from '../../src/root.ts';

export interface Ended {
  code: number | null;
  stdout: string;
  stderr: string;
}

/** A command of ours as the terminal starts it, to its end; or until `enough` of what it prints, and then ended. */
export async function runCommand(
  args: string[],
  {
    env = {},
    cwd = tmpdir(),
    entry = join(projectRoot, 'src', 'entry.mjs'),
    node = process.execPath,
    enough = () => false,
  }: {
    env?: Record<string, string>;
    cwd?: string;
    /** Null where `node` is a program of its own. */
    entry?: string | null;
    node?: string;
    enough?: (stdout: string) => boolean;
  } = {},
): Promise<Ended> {
  const { PATH = '' } = process.env;
  const child = spawn(node, entry === null ? args : [entry, ...args], {
    cwd,
    env: { PATH, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (chunk: Buffer) => {
    stdout += String(chunk);
    if (enough(stdout)) child.kill();
  });
  child.stderr.on('data', (chunk: Buffer) => {
    stderr += String(chunk);
  });
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
  return { code, stdout, stderr };
}
