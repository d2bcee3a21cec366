/** Does work that `find` finds, up to `most` at the same time: each that finds something calls for another, until nothing is found. */
export class Workers {
  readonly #most: number;
  readonly #find: () => Promise<(() => Promise<void>) | null>;
  readonly #onError: (error: unknown) => void;
  readonly #running = new Set<Promise<void>>();
  #stopping = false;

  constructor(most: number, find: () => Promise<(() => Promise<void>) | null>, onError: (error: unknown) => void) {
    this.#most = most;
    this.#find = find;
    this.#onError = onError;
  }

  /** There may be something to do. */
  wake(): void {
    if (this.#running.size >= this.#most || this.#stopping) return;
    const running = this.#run()
      .catch(this.#onError)
      .finally(() => this.#running.delete(running));
    this.#running.add(running);
  }

  async #run(): Promise<void> {
    while (!this.#stopping) {
      const work = await this.#find();
      if (!work) return;
      this.wake();
      await work();
    }
  }

  /** Nothing is left to do. */
  async idle(): Promise<void> {
    while (this.#running.size > 0) await Promise.allSettled(this.#running);
  }

  async stop(): Promise<void> {
    this.#stopping = true;
    await this.idle();
  }
}
