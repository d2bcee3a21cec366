import { expect, test } from 'vitest';
import { AdaptiveLimit } from '../../src/sync/adaptive-limit.ts';

const timeoutMs = 30_000;

/** A target that works on so many calls at once, `billMs` for a bill: what is beyond waits. */
function play(limit: AdaptiveLimit, rounds: number, atOnce: number, billMs = 80): void {
  for (let round = 0; round < rounds; round++) {
    const { concurrency, batch } = limit;
    for (let at = 0; at < concurrency; at++)
      limit.answered(batch, (400 + batch * billMs) * Math.max(1, concurrency / atOnce));
  }
}

test('it grows until more at once brings no more through, and a batch until its answers take their time', () => {
  const limit = new AdaptiveLimit(timeoutMs);
  play(limit, 60, 4);
  expect(limit.concurrency).toBeGreaterThanOrEqual(4);
  expect(limit.concurrency).toBeLessThanOrEqual(8);
  expect(limit.batch).toBeGreaterThan(50);
});

test('it stays below what the pipeline file names', () => {
  const limit = new AdaptiveLimit(timeoutMs, { concurrency: 2, batch: 10 });
  play(limit, 60, 8);
  expect([limit.concurrency, limit.batch]).toEqual([2, 10]);
});

test.each([
  ['refusals of load and lost answers', (limit: AdaptiveLimit) => limit.troubled()],
  ['slowness', (limit: AdaptiveLimit) => limit.answered(limit.batch, timeoutMs)],
])('%s cut it back at once, to one at the least; then it grows again', (_what, trouble) => {
  const limit = new AdaptiveLimit(timeoutMs);
  play(limit, 40, 8);
  const before = { concurrency: limit.concurrency, batch: limit.batch };
  trouble(limit);
  expect(limit.concurrency).toBeLessThanOrEqual(before.concurrency / 2);
  expect(limit.batch).toBeLessThanOrEqual(before.batch / 2);
  for (let again = 0; again < 20; again++) trouble(limit);
  expect([limit.concurrency, limit.batch]).toEqual([1, 1]);
  play(limit, 60, 8);
  expect(limit.concurrency).toBeGreaterThan(2);
});
