export interface Ceilings {
  concurrency?: number | undefined;
  batch?: number | undefined;
}

const mostAtOnce = 8;
const mostInABatch = 100;
/** Batches that tell how fast a setting is, for each that is worked on at once. */
const batchesAStep = 2;

/**
 * How many batches are sent to a target account at once, and how large: found from its answers. Both grow while more gets through and
 * answers come in time; slowness, refusals of load and lost answers cut them back (AIMD). Shared by all that writes to the account.
 */
export class AdaptiveLimit {
  /** Batches at once. */
  concurrency = 3;
  /** Bills in one. */
  batch = 25;
  readonly #slowMs: number;
  readonly #ceilings: Ceilings;
  #best = 0;
  #step = { batches: 0, bills: 0, ms: 0 };

  constructor(timeoutMs: number, ceilings: Ceilings = {}) {
    this.#slowMs = timeoutMs * 0.75;
    this.#ceilings = ceilings;
    this.#hold();
  }

  /** Which ceilings of the pipeline file keep it from growing. */
  get bound(): (keyof Ceilings)[] {
    return (['concurrency', 'batch'] as const).filter((name) => this[name] === this.#ceilings[name]);
  }

  /** A batch of so many bills has been through all its steps in so many ms. */
  answered(bills: number, batchMs: number): void {
    if (batchMs > this.#slowMs) {
      this.#cut();
      return;
    }
    if (batchMs < this.#slowMs / 3 && bills >= this.batch) this.batch = Math.ceil(this.batch * 1.5);
    this.#step = {
      batches: this.#step.batches + 1,
      bills: this.#step.bills + bills,
      ms: this.#step.ms + batchMs,
    };
    if (this.#step.batches >= this.concurrency * batchesAStep) this.#climb();
    this.#hold();
  }

  /** The target was overloaded, or an answer was lost. */
  troubled(): void {
    this.#cut();
  }

  /** One more at once while that brings more through; back where it brings less. */
  #climb(): void {
    const throughput = (this.#step.bills / Math.max(1, this.#step.ms)) * this.concurrency;
    this.#step = { batches: 0, bills: 0, ms: 0 };
    if (throughput > this.#best * 1.05) {
      this.#best = throughput;
      this.concurrency += 1;
    } else if (throughput < this.#best * 0.8) {
      this.#best = throughput;
      this.concurrency -= 1;
    }
  }

  #cut(): void {
    this.concurrency = Math.floor(this.concurrency / 2);
    this.batch = Math.floor(this.batch / 2);
    this.#best = 0;
    this.#step = { batches: 0, bills: 0, ms: 0 };
    this.#hold();
  }

  #hold(): void {
    const { concurrency = mostAtOnce, batch = mostInABatch } = this.#ceilings;
    this.concurrency = Math.max(1, Math.min(this.concurrency, mostAtOnce, concurrency));
    this.batch = Math.max(1, Math.min(this.batch, mostInABatch, batch));
  }
}
