import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { understand } from '../../src/assistant/language/understand.ts';
import { startApp, type TestApp } from '../fakes/app.ts';

const now = '2026-11-24T15:00:00+08:00';
const words = fc.constantFrom(
  ...'同步 昨天 的 订单 别 吗 如果 失败 重试 上周五 到 11.1 - 三 月 号 单 < > & \u0000 \u202e 😀 ```  \n 确认'.split(
    ' ',
  ),
);
const text = fc.oneof(
  fc.array(words, { maxLength: 12 }).map((parts) => parts.join('')),
  fc.string({ unit: 'binary', maxLength: 300 }),
  fc.string({
    unit: fc.integer({ min: 0x4e00, max: 0x9fa5 }).map((code) => String.fromCodePoint(code)),
    maxLength: 60,
  }),
);

test('2,000 random messages: always a reading, never an exception', () => {
  fc.assert(
    fc.property(text, (sentence) => {
      const read = understand({ text: sentence, now });
      expect(['run', 'confirm', 'clarify', 'reply', 'none']).toContain(read.action);
      if (read.slots.start && read.slots.end)
        expect(Date.parse(read.slots.start)).toBeLessThan(Date.parse(read.slots.end));
    }),
    { numRuns: 2000 },
  );
});

let app: TestApp;
beforeAll(async () => {
  app = await startApp();
});
afterAll(() => app.end());

test.each([
  ['digits', '1'.repeat(100_000)],
  ['commas', '，'.repeat(100_000)],
  ['dates', '11月1日到'.repeat(12_500)],
  ['markup', '<b>同步</b>'.repeat(9_000)],
  ['mixed', '同步昨天的订单。'.repeat(12_500)],
])('100 KB of %s is answered with one sentence and writes nothing', async (what, long) => {
  const answer = await app.assistant.answer({ person: 'web:a', conversation: `web:${what}`, text: long });
  expect(answer.decision.action).toBe('clarify');
  expect(await app.sync.runs.recent(1)).toHaveLength(0);
});

const orders = (count: number, between: string): string =>
  Array.from({ length: count }, (_, index) => String(261_123_000 + index)).join(between);

test.each([
  ['800 digits', `同步${'1'.repeat(800)}`],
  ['full-width digits', `同步${'１'.repeat(400)}`],
  ['160 order numbers that run together', `重试${orders(160, '')}`],
])('%s: asked for numbers that can be told apart', (_what, sentence) => {
  expect(understand({ text: sentence, now })).toMatchObject({ action: 'clarify', ask: 'run_together' });
  // Nor are they read when they stand in what was said before.
  expect(understand({ text: '那昨天的呢', now, prior: [{ role: 'user', text: sentence }] }).action).not.toBe('run');
});

test.each([' ', '、', ',', '\n', '.', '-', '_', 'x'])(
  '2,000 characters of numbers with %j between them are read',
  (between) => {
    expect(understand({ text: `同步 ${orders(198, between)}`, now }).intent).toBe('sync');
  },
);
