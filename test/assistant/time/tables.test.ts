import { describe, expect, test } from 'vitest';
import { readTime } from '../../../src/assistant/language/time/read.ts';
import { casesOf, judge } from './cases.ts';

describe.each([
  'ranges',
  'inheritance',
  'nth-and-first-n',
  'open-ends',
  'clocks',
  'asks',
  'look-alikes',
  'other-tongues',
  'first-set',
  'later-sets',
])('%s', (table) => {
  const cases = casesOf(table);
  test('has at least thirty sentences', () => expect(cases.length).toBeGreaterThanOrEqual(30));
  test.each(cases)('$text', (one) => {
    const reading = readTime(one.text, one.now);
    expect(judge(one, reading), `${JSON.stringify(reading.range)} ${reading.ask} ${reading.tree}`).toBe(true);
  });
});
