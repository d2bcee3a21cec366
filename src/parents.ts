import { readFileSync } from 'node:fs';

/** The parent of a process, where the system tells (Linux). */
function parentOf(pid: number): number | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
  } catch {
    return null;
  }
}

const alive = (pid: number): boolean => {
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
  const npm = parentOf(shell);
  const watched = [shell, ...(npm !== null && npm > 1 ? [npm] : [])];
  setInterval(() => {
    if (process.ppid !== shell || !watched.every(alive)) gone();
  }, 400).unref();
}
