import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { phrase } from './phrases.ts';

/** What editors and systems leave beside the files of people: locks, forks, backups of their own. */
const leavings = /^\.|^~\$|^#|[~#]$|^(?:thumbs\.db|desktop\.ini)$/i;

export interface FolderFiles {
  /** The names that end so, in order. */
  names: string[];
  /** A sentence about the others, where there are any; what editors leave is nobody's. */
  passedOver: string[];
}

/** The files of a folder that end in one of `endings` (`.csv`), in whatever case; none where there is no folder. */
export function filesOf(folder: string, endings: readonly string[]): FolderFiles {
  const files = (existsSync(folder) ? readdirSync(folder) : [])
    .filter((name) => !leavings.test(name) && statSync(join(folder, name), { throwIfNoEntry: false })?.isFile())
    .sort();
  const ends = (name: string): boolean => endings.some((ending) => name.toLowerCase().endsWith(ending));
  const others = files.filter((name) => !ends(name));
  return {
    names: files.filter(ends),
    passedOver:
      others.length === 0
        ? []
        : [phrase('files.passed_over', { folder, names: others.join('、'), endings: endings.join('、') })],
  };
}
