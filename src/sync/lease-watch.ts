export interface Lease {
  id: string;
  until: Date;
}

/**
 * Finds leases that nobody renews, whatever the clocks say. A lease ends by the clock of whoever looks; after a clock has been put
 * back, that of somebody who died would hold for hours. A holder who lives renews it many times while one lasts.
 */
export class LeaseWatch {
  readonly #lastsMs: number;
  readonly #elapsed: () => number;
  #seen = new Map<string, { until: number; since: number }>();

  constructor(lastsMs: number, elapsed: () => number = () => performance.now()) {
    this.#lastsMs = lastsMs;
    this.#elapsed = elapsed;
  }

  /** Those of the leases there are that have stood as they are for as long as one lasts. */
  abandoned(leases: readonly Lease[]): Lease[] {
    const at = this.#elapsed();
    const before = this.#seen;
    this.#seen = new Map(
      leases.map(({ id, until }) => {
        const known = before.get(id);
        return [id, known?.until === until.getTime() ? known : { until: until.getTime(), since: at }];
      }),
    );
    return leases.filter(({ id }) => at - (this.#seen.get(id)?.since ?? at) >= this.#lastsMs);
  }
}
