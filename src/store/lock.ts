import { chmodSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { AppError } from '../errors.ts';

/** What is held stays reachable: a collected handle is a closed file, and a closed file is no lock. */
const held = new Set<DatabaseSync>();

/**
 * Holds a data folder for this process alone. The lock is an exclusive transaction on a small SQLite file: the operating system
 * frees it with the process, even after `kill -9`, on Linux, macOS and Windows alike. Code: `store.folder_held`.
 */
export function lockFolder(folder: string): { release(): void } {
  mkdirSync(folder, { recursive: true });
  chmodSync(folder, 0o700); // PGlite makes its files readable for all
  const lock = new DatabaseSync(join(folder, 'lock.db'));
  try {
    lock.exec('pragma locking_mode = exclusive; begin exclusive');
  } catch (cause) {
    lock.close();
    throw new AppError('store.folder_held', 'conflict', { params: { folder }, cause });
  }
  held.add(lock);
  return {
    release() {
      held.delete(lock);
      lock.close();
    },
  };
}
