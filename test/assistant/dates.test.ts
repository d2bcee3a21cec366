import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readDates, readUntil } from '../../src/assistant/language/dates/read.ts';

const now = '2026-10-20T14:10:00+08:00'; // a Tuesday
const read = (text: string, at = now): string | null => {
  const { range } = readDates(text, at);
  return range && `${range.start.slice(2, 16)} ${range.end.slice(2, 16)}`;
};
/** Days inclusive, as people say them. */
const whole = (first: string, last = first): string => {
  const end = new Date(Date.parse(`20${last}T00:00:00Z`) + 86_400_000).toISOString().slice(2, 10);
  return `${first}T00:00 ${end}T00:00`;
};
const untilNow = (first: string): string => `${first}T00:00 26-10-20T14:10`;

describe('days, weeks and months are the latest that have begun', () => {
  test.each([
    ['大前天', whole('26-10-17')],
    ['上上周', whole('26-10-05', '26-10-11')],
    ['上礼拜天', whole('26-10-18')],
    ['这周三', whole('26-10-21')],
    ['周末', whole('26-10-17', '26-10-18')],
    ['上周一共多少', whole('26-10-12', '26-10-18')],
    ['周一到周三', whole('26-10-12', '26-10-14')],
    ['周一至五', whole('26-10-12', '26-10-16')],
    ['31号', whole('26-08-31')],
    ['2月29号', whole('24-02-29')],
    ['8、9月', whole('26-08-01', '26-09-30')],
    ['11月到2月', whole('25-11-01', '26-02-28')],
    ['2025年9月到11月', whole('25-09-01', '25-11-30')],
    ['上个月最后3天', whole('26-09-28', '26-09-30')],
    ['9月下旬到10月上旬', whole('26-09-21', '26-10-10')],
    ['去年Q4', whole('25-10-01', '25-12-31')],
    ['1-3季度', whole('26-01-01', '26-09-30')],
  ])('%s', (text, want) => expect(read(text)).toBe(want));
});

describe('every way of writing a range', () => {
  test.each([
    '9月5-8号',
    '2026.9.5-9.8',
    '9/5-9/8',
    '9.5~9.8',
    '0905-0908',
    '20260905-20260908',
    '９月５日－９月８日',
    '九月五号到八号',
    '2026年9月5日至9月8日',
    '2026-09-05 00:00:00至2026-09-08 23:59:59',
  ])('%s', (text) => expect(read(text)).toBe(whole('26-09-05', '26-09-08')));
});

describe('open ends, hours and last-N', () => {
  test.each([
    ['从上周五到现在', untilNow('26-10-16')],
    ['年初至今', untilNow('26-01-01')],
    ['月初以来', untilNow('26-10-01')],
    ['最近三天', untilNow('26-10-18')],
    ['最近半年', untilNow('26-04-20')],
    ['前两天', whole('26-10-18', '26-10-19')],
    ['昨晚10点到今早6点', '26-10-19T22:00 26-10-20T06:00'],
    ['晚上10点到次日早上6点', '26-10-19T22:00 26-10-20T06:00'],
    ['下午一点到三点', '26-10-20T13:00 26-10-20T15:00'],
    ['今天10点之前', '26-10-20T00:00 26-10-20T10:00'],
  ])('%s', (text, want) => expect(read(text)).toBe(want));
});

describe('festivals by the real calendar', () => {
  test.each([
    ['中秋', whole('26-09-25')],
    ['端午', whole('26-06-19')],
    ['除夕', whole('26-02-16')],
    ['清明', whole('26-04-05')],
    ['去年国庆期间', whole('25-10-01', '25-10-08')],
    ['国庆那周', whole('26-09-28', '26-10-04')],
    ['双十一', whole('25-11-11')],
    ['去年的618', whole('25-06-18')],
    ['黑五', whole('25-11-28')],
  ])('%s', (text, want) => expect(read(text)).toBe(want));
});

describe('corrections, and what is no time or no clear one', () => {
  test.each([
    ['不是昨天，是前天', whole('26-10-18')],
    ['昨天,哦不,前天', whole('26-10-18')],
    ['今天把昨天的单推了', whole('26-10-19')],
    ['一点都不对', null],
    ['金额107.70不对', null],
    ['单号20261019', null],
    ['SKU1012', null],
    ['店铺10037', null],
    ['每天早上6点', null],
    ['月底', null],
    ['昨天之前', null],
    ['3号和9号', null],
    ['9月31号', null],
    ['2026-13-01', null],
  ])('%s', (text, want) => expect(read(text)).toBe(want));
});

test('a silence lasts until a moment ahead', () => {
  expect(readUntil('明天早上9点', now)).toBe('2026-10-21T09:00:00+08:00');
  expect(readUntil('下午6点', now)).toBe('2026-10-20T18:00:00+08:00');
});

const day = fc.integer({ min: 0, max: 3000 }).map((n) => new Date(Date.UTC(2018, 0, 1 + n)).toISOString().slice(0, 10));

test('a printed range reads back as itself', () => {
  fc.assert(
    fc.property(day, fc.integer({ min: 0, max: 400 }), (first, length) => {
      const last = new Date(Date.parse(first) + length * 86_400_000).toISOString().slice(0, 10);
      expect(read(`${first}到${last}`)).toBe(whole(first.slice(2), last.slice(2)));
    }),
  );
});

test('whatever is said, a range starts before it ends', () => {
  const words = fc.constantFrom(
    '昨天',
    '周五',
    '9月',
    '5号',
    '到',
    '和',
    '上',
    '前',
    '3天',
    '点',
    '8',
    '.',
    '国庆',
    '以来',
    '去年',
    '底',
    '半',
    '一',
  );
  fc.assert(
    fc.property(fc.array(words, { maxLength: 8 }), (parts) => {
      const { range } = readDates(parts.join(''), now);
      if (range) expect(Date.parse(range.start)).toBeLessThan(Date.parse(range.end));
    }),
    { numRuns: 3000 },
  );
});
