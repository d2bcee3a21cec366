import { describe, expect, test } from 'vitest';
import { rangeSaid, readTime } from '../../../src/assistant/language/time/read.ts';

const now = '2026-10-20T14:10:00+08:00';
const spans = (text: string, taken?: { from: number; to: number }[]): string[] =>
  readTime(text, now, taken).spans.map(({ from, to }) => text.slice(from, to));

describe('every character of time is claimed, with the words that join and bound it', () => {
  test.each([
    ['把昨天的单推一下', ['昨天']],
    ['同步从9月5号到9月8号的', ['从9月5号到9月8号']],
    ['自10月1日以来的单', ['自10月1日以来']],
    ['昨天一整天的', ['昨天一整天']],
    ['周一周二两天的', ['周一周二两天']],
    ['国庆期间的', ['国庆期间']],
    ['推昨天，不对，前天的', ['昨天，不对，前天']],
    ['不是昨天，是前天', ['不是昨天，是前天']],
    ['今天把昨天的推了', ['今天', '昨天']],
    ['今天到现在推了多少', ['今天到现在']],
    ['上 周 三 的', ['上 周 三']],
    ['推9月1号到3号的，还有9月8号', ['9月1号到3号', '9月8号']],
    ['昨天之前的', ['昨天之前']],
    ['resend orders from Oct 5', ['from Oct 5']],
  ])('%s', (text, want) => expect(spans(text)).toEqual(want));
});

describe('what is not the time that is meant stays unread', () => {
  test.each([
    ['除了今天的这周', ['这周']],
    ['这周除了今天', ['这周']],
    ['今天以外的', []],
    // When it is to be done, and a filter by when it was pushed: neither may be dropped in silence.
    ['明天早上8点推昨天的', ['昨天']],
    ['昨天推了9月的', ['9月']],
    ['每天早上8点推昨天的', ['昨天']],
  ])('%s', (text, want) => expect(spans(text)).toEqual(want));
});

test('characters of another reader are no time', () => {
  const text = '20260905那单和昨天的';
  expect(spans(text)).toEqual(['20260905', '昨天']);
  expect(spans(text, [{ from: 0, to: 8 }])).toEqual(['昨天']);
  expect(readTime(text, now, [{ from: 0, to: 8 }]).range?.start).toBe('2026-10-19T00:00:00+08:00');
});

describe('how it was read is told in terms', () => {
  test.each([
    ['2025年12月9号到15号', 'range(day 2025-12-09, day 2025-12-15 ← month,year)'],
    ['上周四到周日', 'range(day 2026-10-15, day 2026-10-18 ← week)'],
    ['上周五至今', 'since(day 2026-10-16)'],
    ['9月', 'month 2026-09-01'],
    ['昨天之前', 'open_start(before(day 2026-10-19))'],
  ])('%s', (text, tree) => expect(readTime(text, now).tree).toBe(tree));
});

test('a question shows the stretch it is about', () => {
  expect(readTime('后天', now)).toMatchObject({
    range: null,
    ask: 'future',
    asked: { start: '2026-10-22T00:00:00+08:00', end: '2026-10-23T00:00:00+08:00' },
  });
  expect(readTime('11.27到11.22', now).asked).toEqual({
    start: '2024-11-27T00:00:00+08:00',
    end: '2025-11-23T00:00:00+08:00',
  });
  expect(readTime('本月15号之前', now).asked).toEqual({
    start: '2026-10-01T00:00:00+08:00',
    end: '2026-10-15T00:00:00+08:00',
  });
});

test('where nobody can be asked, what lies ahead is what was said, and what is unclear is nothing', () => {
  expect(rangeSaid(readTime('后天', now))?.start).toBe('2026-10-22T00:00:00+08:00');
  expect(rangeSaid(readTime('2019年10月', now))?.start).toBe('2019-10-01T00:00:00+08:00');
  expect(rangeSaid(readTime('月底', now))).toBeNull();
  expect(rangeSaid(readTime('3号和9号', now))).toBeNull();
});

test('whether it is about whole days', () => {
  expect(['昨天', '昨天上午', '最近三天', '9月5-8号'].map((text) => readTime(text, now).clocked)).toEqual([
    false,
    false,
    false,
    false,
  ]);
  expect(['昨天10点', '昨天10点到12点', '最近6小时', '8点前'].map((text) => readTime(text, now).clocked)).toEqual([
    true,
    true,
    true,
    true,
  ]);
});
