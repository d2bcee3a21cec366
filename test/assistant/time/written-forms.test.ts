import fc from 'fast-check';
import { expect, test } from 'vitest';
import { rangeSaid, readTime } from '../../../src/assistant/language/time/read.ts';
import { chinese, factsOf, isoOf, spelled, two } from './calendar-facts.ts';

const now = '2026-10-20T14:10:00+08:00';
const day = fc.integer({ min: 18_993, max: 20_746 });
const read = (text: string): [string, string] | null => {
  const range = rangeSaid(readTime(text, now));
  return range && [range.start, range.end];
};
const whole = (first: number, last: number): [string, string] => [
  `${isoOf(first)}T00:00:00+08:00`,
  `${isoOf(last + 1)}T00:00:00+08:00`,
];

/** Every way of writing a day with its year. */
function forms(at: number): string[] {
  const { year, month, date } = factsOf(at);
  const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
  return [
    `${year}年${month}月${date}日`,
    `${year}年${month}月${date}号`,
    `${year % 100 < 10 ? year : year % 100}年${month}月${date}号`,
    `${spelled(year)}年${chinese(month)}月${chinese(date)}日`,
    `${year}-${two(month)}-${two(date)}`,
    `${year}-${month}-${date}`,
    `${year}.${month}.${date}`,
    `${year}/${month}/${date}`,
    `${year}${two(month)}${two(date)}`,
    `${year} 年 ${month} 月 ${date} 日`,
    `${month}/${date}/${year}`,
    `${months[month - 1]} ${date}, ${year}`,
    `${date} ${months[month - 1]} ${year}`,
  ];
}

test('a day reads back from every form it is written in', () => {
  fc.assert(
    fc.property(day, (at) => {
      for (const text of forms(at)) expect([text, read(text)]).toEqual([text, whole(at, at)]);
    }),
    { numRuns: 150 },
  );
});

test('a range of two days reads back from every pair of forms, as the hull of both', () => {
  const form = fc.nat({ max: 12 });
  const joint = fc.constantFrom('到', '至', '~', '—', ' - ', '一直到', ' to ');
  fc.assert(
    fc.property(day, fc.integer({ min: 0, max: 300 }), form, form, joint, (first, length, one, other, between) => {
      const last = first + length;
      const text = `${forms(first)[one]}${between}${forms(last)[other]}`;
      expect([text, read(text)]).toEqual([text, whole(first, last)]);
    }),
    { numRuns: 500 },
  );
});

test('what the end leaves out is taken from the start', () => {
  fc.assert(
    fc.property(day, fc.integer({ min: 1, max: 27 }), (first, length) => {
      const [a, b] = [factsOf(first), factsOf(first + length)];
      const texts = [
        ...(a.year === b.year ? [`${a.year}年${a.month}月${a.date}号到${b.month}月${b.date}号`] : []),
        ...(a.year === b.year ? [`${a.year}.${a.month}.${a.date}-${b.month}.${b.date}`] : []),
        ...(a.year === b.year && a.month === b.month
          ? [`${a.year}年${a.month}月${a.date}号到${b.date}号`, `${a.year}年${a.month}月${a.date}-${b.date}号`]
          : []),
      ];
      for (const text of texts) expect([text, read(text)]).toEqual([text, whole(first, first + length)]);
    }),
  );
});

test('every hour of a day, in every form', () => {
  for (let hour = 0; hour < 24; hour += 1)
    for (const [minute, said] of [
      [0, ''],
      [30, '半'],
      [15, '一刻'],
      [5, '05分'],
    ] as const) {
      const want = `2026-10-19T${two(hour)}:${two(minute)}:00+08:00`;
      const twelve = hour % 12 === 0 ? 12 : hour % 12;
      const part = hour < 6 ? '凌晨' : hour < 12 ? '上午' : hour === 12 ? '中午' : hour < 18 ? '下午' : '晚上';
      for (const text of [
        `昨天${hour}点${said}`,
        `昨天 ${two(hour)}:${two(minute)}`,
        `昨天${part}${twelve}点${said}`,
        `昨天${part}${chinese(twelve)}点${said}`,
      ])
        expect([text, readTime(text, now).range?.start]).toEqual([text, want]);
    }
});
