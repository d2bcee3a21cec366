import { AppError } from '../../errors.ts';

/** Reads that take long, of one person at once. */
export const mostReads = 2;

/**
 * Reads that go through both systems for minutes: previews, counts, reconciliations, workbooks. They take the calls that everybody's
 * runs wait for, so one person has few of them at once; the next is refused in a sentence. Code: `gate.too_many_reads`.
 */
export class Reads {
  readonly #under = new Map<string, number>();
  readonly #beginning = new Map<string, Promise<unknown>>();

  /** One that lasts as long as `work`. */
  async run<T>(person: string, work: () => Promise<T>): Promise<T> {
    const under = this.#under.get(person) ?? 0;
    refuseBeyond(under);
    this.#under.set(person, under + 1);
    try {
      return await work();
    } finally {
      const left = (this.#under.get(person) ?? 1) - 1;
      if (left > 0) this.#under.set(person, left);
      else this.#under.delete(person);
    }
  }

  /** One that goes on by itself once it has begun: of twelve that are asked for at the same time, each sees those before it. */
  async begin<T>(person: string, under: () => Promise<number>, work: () => Promise<T>): Promise<T> {
    const before = this.#beginning.get(person) ?? Promise.resolve();
    const begun = before
      .catch(() => undefined)
      .then(async () => {
        refuseBeyond(await under());
        return await work();
      });
    this.#beginning.set(person, begun);
    try {
      return await begun;
    } finally {
      if (this.#beginning.get(person) === begun) this.#beginning.delete(person);
    }
  }
}

function refuseBeyond(under: number): void {
  if (under >= mostReads) throw new AppError('gate.too_many_reads', 'conflict', { params: { count: under } });
}
