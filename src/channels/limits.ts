/** At most `count` calls within `withinMs` that go by this key. */
export interface Limit {
  key: string;
  count: number;
  withinMs: number;
}

interface Waiting {
  limits: readonly Limit[];
  go: () => void;
}

/**
 * The moments at which a platform may be called: a call goes as soon as every one of its limits has room, and nobody waits for a
 * limit that is not its own. First come, first served. By real time, since it is the platform's clock that counts.
 */
export class Limits {
  readonly #factor: number;
  #waiting: Waiting[] = [];
  readonly #calls = new Map<string, number[]>();
  readonly #heldUntil = new Map<string, number>();
  #timer: NodeJS.Timeout | null = null;
  #stopped = false;

  /** `factor` scales every time: 1 = the platform's own. */
  constructor(factor = 1) {
    this.#factor = factor;
  }

  async slot(limits: readonly Limit[]): Promise<void> {
    await new Promise<void>((go) => {
      if (this.#stopped) return;
      this.#waiting.push({ limits, go });
      this.#grant();
    });
  }

  /** Nobody goes by this key for so long: the platform said so. */
  hold(key: string, ms: number): void {
    this.#heldUntil.set(key, performance.now() + ms * this.#factor);
  }

  /** Lets go of the timer; what waits goes no more, nor does what comes later. */
  stop(): void {
    this.#stopped = true;
    if (this.#timer) clearTimeout(this.#timer);
    this.#waiting = [];
  }

  #grant(): void {
    const now = performance.now();
    let next = Number.POSITIVE_INFINITY;
    this.#waiting = this.#waiting.filter(({ limits, go }) => {
      const at = Math.max(now, ...limits.map((limit) => this.#freeAt(limit)));
      if (at > now) {
        next = Math.min(next, at);
        return true;
      }
      for (const { key, count } of limits) this.#calls.set(key, [...(this.#calls.get(key) ?? []), now].slice(-count));
      go();
      return false;
    });
    if (this.#calls.size > 10_000) this.#forget(now);
    if (this.#timer) clearTimeout(this.#timer);
    this.#timer = next < Number.POSITIVE_INFINITY ? setTimeout(() => this.#grant(), Math.ceil(next - now)) : null;
  }

  #freeAt({ key, count, withinMs }: Limit): number {
    const calls = this.#calls.get(key) ?? [];
    const within = withinMs * this.#factor;
    return Math.max((calls.at(-count) ?? Number.NEGATIVE_INFINITY) + within, this.#heldUntil.get(key) ?? 0);
  }

  /** Keys nobody has gone by for minutes: conversations and cards come and go. */
  #forget(now: number): void {
    const old = now - 300_000 * this.#factor;
    for (const [key, calls] of this.#calls) if ((calls.at(-1) ?? 0) < old) this.#calls.delete(key);
    for (const [key, until] of this.#heldUntil) if (until < now) this.#heldUntil.delete(key);
  }
}
