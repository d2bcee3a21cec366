import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readDuration } from '../../../src/assistant/language/time/duration.ts';
import { readTime } from '../../../src/assistant/language/time/read.ts';
import { mostTokens, scan } from '../../../src/assistant/language/time/scan.ts';
import { readSchedule } from '../../../src/assistant/language/time/schedule.ts';
import { readUntil } from '../../../src/assistant/language/time/until.ts';

const now = '2026-10-20T14:10:00+08:00';
const pieces =
  '昨天 周五 上周 九月 9月 5号 2025年 到 至 和 、 上 下 前 后 头 第 最后 倒数 未来 这 三天 3 一 十 点 半 几 多 个 天 月 年 周 : . - / ~ , 。 的 从 起 以来 之前 除了 不对 不是 是 国庆 双11 618 月底 初 正月 农历 春天 每 每天 现在 次日 那天 期间 内 整 左右 last Oct of at first 20260905 0905 12 2026 单 推 ( ) 季度 上午 晚 工作日 x 9.5 至今 吧'.split(
    ' ',
  );
const spaced = (piece: string): string => (/^[a-z]+$/i.test(piece) ? ` ${piece} ` : piece);
const sentence = (length: number): fc.Arbitrary<string> =>
  fc.array(fc.constantFrom(...pieces), { minLength: 1, maxLength: length }).map((parts) => parts.map(spaced).join(''));

test('whatever is said, a range starts before it ends, and its characters are in the sentence', () => {
  fc.assert(
    fc.property(sentence(14), (text) => {
      const { range, asked, ask, spans } = readTime(text, now);
      for (const one of [range, asked]) if (one) expect(Date.parse(one.start)).toBeLessThan(Date.parse(one.end));
      for (const one of [range, asked]) if (one) expect(Number(one.start.slice(0, 4))).toBeGreaterThanOrEqual(2000);
      if (ask !== null) expect(range).toBeNull();
      for (const { from, to } of spans) expect(from >= 0 && from < to && to <= text.length).toBe(true);
      readDuration(text);
      readSchedule(text);
      readUntil(text, now);
    }),
    { numRuns: 5_000 },
  );
});

test('spans do not overlap and stand in the order of the sentence', () => {
  fc.assert(
    fc.property(sentence(14), (text) => {
      const { spans } = readTime(text, now);
      for (let index = 1; index < spans.length; index += 1)
        expect(spans[index]?.from).toBeGreaterThanOrEqual(spans[index - 1]?.to ?? 0);
    }),
    { numRuns: 2_000 },
  );
});

/** Rules tried for the worst 64 tokens of time there are; a sentence of a person takes a hundred. */
const bound = 20_000;

test('work is bounded however long the sentence is', () => {
  fc.assert(
    fc.property(sentence(6), (part) => {
      const text = part.repeat(Math.ceil(2_000 / part.length)).slice(0, 2_000);
      expect(readTime(text, now).work).toBeLessThan(bound);
    }),
    { numRuns: 400 },
  );
});

test.each([
  '1',
  '9',
  '9.',
  '9.5-',
  '1 ',
  '1-',
  '9月',
  '9月5号到8号,',
  '周一周二',
  '上个月',
  '第一个',
  '前三天',
  '昨天,',
  '一',
  '十一',
  '2026-',
  'last ',
  '的',
])('2,000 characters of 「%s」 are read without looking at each with each', (part) => {
  const text = part.repeat(2_000 / part.length);
  const { tokens } = scan(text);
  expect(tokens.filter(({ kind }) => kind === 'num' || kind === 'near').length).toBeLessThanOrEqual(mostTokens);
  expect(readTime(text, now).work).toBeLessThan(bound);
});

test('more times than anybody says in a sentence are several, not the first few', () => {
  const text = '9月5号的,'.repeat(60);
  expect(readTime(text, now)).toMatchObject({ range: null, ask: 'several' });
});

test('a sentence without time costs no rule', () => {
  for (const text of ['失败的那些单子再推一遍', '为什么物料没有同步过去', '都有什么功能', '']) {
    const { work, range, spans } = readTime(text, now);
    expect(work).toBeLessThan(10);
    expect(range).toBeNull();
    expect(spans).toEqual([]);
  }
});
