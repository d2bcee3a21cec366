import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { type Limit, Limits } from '../../src/channels/limits.ts';

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
});
afterEach(() => {
  vi.useRealTimers();
});

const chat = (key: string): Limit => ({ key, count: 2, withinMs: 1000 });
const app: Limit = { key: 'app', count: 3, withinMs: 1000 };

/** When each call went, ms after the first was asked for. */
async function moments(limits: Limits, asked: readonly (readonly [name: string, limits: readonly Limit[]])[]) {
  const began = performance.now();
  const went: [string, number][] = [];
  for (const [name, by] of asked) void limits.slot(by).then(() => went.push([name, performance.now() - began]));
  await vi.advanceTimersByTimeAsync(60_000);
  return went;
}

test('each goes when all of its limits have room; in order; a full chat delays no other', async () => {
  const asked = ['a1', 'a2', 'a3', 'a4', 'b1', 'b2'].map((name) => [name, [app, chat(name[0] ?? '')]] as const);
  expect(await moments(new Limits(), asked)).toEqual([
    ['a1', 0],
    ['a2', 0],
    ['b1', 0],
    ['a3', 1000],
    ['a4', 1000],
    ['b2', 1000],
  ]);
});

test('never more than so many within the time, however long the queue', async () => {
  const asked = Array.from({ length: 20 }, (_, n) => [`${n}`, [app]] as const);
  const times = (await moments(new Limits(), asked)).map(([, at]) => at);
  expect(times).toHaveLength(20);
  for (const [index, at] of times.entries()) expect((times[index + 3] ?? Infinity) - at).toBeGreaterThanOrEqual(1000);
});

test('what the platform says holds: nobody goes by the key before', async () => {
  const limits = new Limits();
  limits.hold('app', 5000);
  expect(
    await moments(limits, [
      ['held', [app]],
      ['other', [chat('b')]],
    ]),
  ).toEqual([
    ['other', 0],
    ['held', 5000],
  ]);
});

test('a factor scales every time', async () => {
  const asked = Array.from({ length: 4 }, (_, n) => [`${n}`, [app]] as const);
  expect((await moments(new Limits(0.01), asked)).at(-1)).toEqual(['3', 10]);
});

test('stopped, it has no timer and lets nobody go', async () => {
  const limits = new Limits();
  const went: string[] = [];
  for (const name of ['1', '2', '3', '4']) void limits.slot([app]).then(() => went.push(name));
  limits.stop();
  void limits.slot([app]).then(() => went.push('late'));
  expect(vi.getTimerCount()).toBe(0);
  await vi.advanceTimersByTimeAsync(10_000);
  expect(went).toEqual(['1', '2', '3']);
  expect(vi.getTimerCount()).toBe(0);
});
