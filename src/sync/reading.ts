/** How far the reading of a run has got, for the writing beside it. */
export class Reading {
  /** Nothing more will come. */
  over = false;
  /** Documents that have come and wait to be written. */
  brought = 0;
  /** The slice up to which everything is read that could still change what waits. */
  ready = -1;
  #told: () => void = () => undefined;
  #news: Promise<void> = Promise.resolve();

  constructor() {
    this.#renew();
  }

  /** Of what is in the ledger already, all is ready and nothing more comes. */
  static done(): Reading {
    const reading = new Reading();
    reading.over = true;
    reading.ready = lastSlice;
    return reading;
  }

  /** Resolves when something has come, or nothing more will. */
  news(): Promise<void> {
    return this.#news;
  }

  page(brought: number, ready: number): void {
    this.brought += brought;
    this.ready = Math.max(this.ready, ready);
    this.#tell();
  }

  end(): void {
    this.over = true;
    this.ready = lastSlice;
    this.#tell();
  }

  #tell(): void {
    this.#told();
    this.#renew();
  }

  #renew(): void {
    this.#news = new Promise((resolve) => {
      this.#told = resolve;
    });
  }
}

/** As many as an integer column holds. */
const lastSlice = 2_147_483_647;
