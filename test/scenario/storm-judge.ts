/** Message `n` was answered at `at`, ms since 1970. */
export interface Answered {
  n: number;
  at: number;
}

export interface Judgement {
  missing: number;
  /** Answered more than once; those whose answer was on its way when its node was killed are counted by themselves. */
  repeated: number;
  repeatedInFlight: number;
  /** Answers that overtook another of their conversation. Order is the order of arrival: what a cut link lost comes later. */
  outOfOrder: number;
}

/** An answer that came in so near to a kill may have been sent by the killed node, which could not write down that it was. */
const inFlightMs = 1000;

/**
 * What went wrong: missing, answered more than once, overtaken within a conversation. `order` is the place at which each message
 * arrived; `kills` are moments, ms since 1970.
 */
export function judged(
  { messages, conversations }: { messages: number; conversations: number },
  answered: readonly Answered[],
  order: ReadonlyMap<number, number>,
  kills: readonly number[],
): Judgement {
  const first = new Map<number, number>();
  const repeated = new Set<number>();
  const last = new Map<number, number>();
  let outOfOrder = 0;
  for (const { n, at } of answered) {
    if (first.has(n)) {
      repeated.add(n);
      continue;
    }
    first.set(n, at);
    const place = order.get(n) ?? -1;
    if (place < (last.get(n % conversations) ?? -1)) outOfOrder += 1;
    last.set(n % conversations, place);
  }
  const inFlight = [...repeated].filter((n) => {
    const at = first.get(n) ?? 0;
    return kills.some((killed) => Math.abs(at - killed) <= inFlightMs);
  });
  return {
    missing: messages - first.size,
    repeated: repeated.size - inFlight.length,
    repeatedInFlight: inFlight.length,
    outOfOrder,
  };
}

/** KB a thousand messages add, by least squares over the quarters after the first, in which everything is loaded. */
export function slope(heapMb: readonly number[], messages: number): number {
  const points = heapMb.slice(1).map((mb, index) => [((index + 1) * messages) / 4000, mb * 1000] as const);
  const mean = (at: 0 | 1): number => points.reduce((sum, point) => sum + point[at], 0) / points.length;
  const [x, y] = [mean(0), mean(1)];
  const over = points.reduce((sum, [a, b]) => sum + (a - x) * (b - y), 0);
  return Math.round(over / points.reduce((sum, [a]) => sum + (a - x) ** 2, 0));
}
