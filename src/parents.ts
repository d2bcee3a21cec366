import { readFileSync } from 'node:fs';

/** State letter and parent of a process, where the system tells (Linux). */
function statOf(pid: number): { state: string; parent: number } | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const [state = '', parent = '0'] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return { state, parent: Number(parent) };
  } catch {
    return null;
  }
}

/** Whether a process runs. One that has ended but that nobody has collected yet still has its number; it does not run. */
export const alive = (pid: number): boolean => {
  if (statOf(pid)?.state === 'Z') return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
};

/**
 * Calls back when the npm that started us is gone. A signal to npm does not get through the shell between it and us, and after
 * `kill -9` there is none: so the shell and npm are watched. Does nothing outside npm scripts.
 */
export function watchParents(gone: () => void): void {
  if (!process.env.npm_lifecycle_event) return;
  const shell = process.ppid;
  const npm = statOf(shell)?.parent ?? null;
  const watched = [shell, ...(npm !== null && npm > 1 ? [npm] : [])];
  setInterval(() => {
    if (process.ppid !== shell || !watched.every(alive)) gone();
  }, 400).unref();
}
