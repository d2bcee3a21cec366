import { readFileSync, statSync } from 'node:fs';

interface WatchedFileOptions<T> {
  file: string;
  /** Throws what is wrong with the text. */
  parse: (text: string) => T;
  /** What is thrown when the file cannot be read. */
  unreadable: () => Error;
  /** Hears, once a change, what is wrong with a file that was right before. */
  onError: (error: unknown) => void;
}

/** A settings file that people edit while the service runs: read again when it changes; a wrong one leaves what held before. */
export class WatchedFile<T> {
  readonly #options: WatchedFileOptions<T>;
  #value: T;
  #seen: string;

  /** Throws when the file is wrong from the first. */
  constructor(options: WatchedFileOptions<T>) {
    this.#options = options;
    this.#seen = this.#stamp();
    this.#value = this.#read();
  }

  current(): T {
    const stamp = this.#stamp();
    if (stamp === this.#seen) return this.#value;
    this.#seen = stamp;
    try {
      this.#value = this.#read();
    } catch (error) {
      this.#options.onError(error);
    }
    return this.#value;
  }

  /** Two edits within one tick of the file system's clock differ in size or are another file. */
  #stamp(): string {
    const { mtimeMs, size, ino } = statSync(this.#options.file, { throwIfNoEntry: false }) ?? {};
    return [mtimeMs, size, ino].join(' ');
  }

  #read(): T {
    let text: string;
    try {
      text = readFileSync(this.#options.file, 'utf8');
    } catch {
      throw this.#options.unreadable();
    }
    return this.#options.parse(text);
  }
}
