import fc from 'fast-check';
import { expect, test } from 'vitest';
import { rangeSaid, readTime } from '../../../src/assistant/language/time/read.ts';
import { chinese, civil, dayNumber, type Facts, factsOf, isoOf } from './calendar-facts.ts';

/**
 * A value as it is said, and whether a day belongs to it: asked of each day by itself, out of the calendar's facts. No stretch is computed
 * here, so that the reader's arithmetic is not repeated.
 */
interface Said {
  text: string;
  belongs(day: number): boolean;
  /** Nothing smaller can be left out of it: it ends a list of days, not an hour of them. */
  unit: 'day' | 'days' | 'month' | 'larger';
  /** One of many, of which the latest is meant: the days around it are around the one they have begun for. */
  roams?: true;
}

const window = 400;
const reach = 1_600;

/** The latest day up to today of which something holds. */
const latest = (today: number, holds: (facts: Facts) => boolean): number => {
  for (let day = today; day > today - reach; day -= 1) if (holds(factsOf(day))) return day;
  return Number.NaN;
};
const first = (said: Said, today: number): number => {
  for (let day = today - reach; day <= today + window; day += 1) if (said.belongs(day)) return day;
  return Number.NaN;
};
const last = (said: Said, today: number): number => {
  for (let day = today + window; day >= today - reach; day -= 1) if (said.belongs(day)) return day;
  return Number.NaN;
};

const n = (min: number, max: number): fc.Arbitrary<number> => fc.integer({ min, max });
const weekdayNames = ['一', '二', '三', '四', '五', '六', '日'];
const number = (value: number): fc.Arbitrary<string> => fc.constantFrom(String(value), chinese(value));
const said = (text: string, unit: Said['unit'], belongs: (day: number) => boolean): Said => ({ text, unit, belongs });
/** The latest day up to today. */
const only = (text: string, at: number): Said => ({ text, unit: 'day', belongs: (day) => day === at, roams: true });

/** The month so many before today's, as a count of months. */
const monthsOf = ({ year, month }: Facts): number => year * 12 + month - 1;

type Month = [text: string, months: number, bare: boolean];

function leaves(today: number): fc.Arbitrary<Said>[] {
  const now = factsOf(today);
  /** What is in a month; of one without a year the latest that has begun. */
  const inMonth = (
    [text, months, bare]: Month,
    tail: string,
    unit: Said['unit'],
    more: (facts: Facts) => boolean,
  ): Said => {
    const holds = (month: number) => (day: number) => monthsOf(factsOf(day)) === month && more(factsOf(day));
    const begun = Array.from({ length: 370 }, (_, ago) => today - ago).some(holds(months));
    const own = said(`${text}${tail}`, unit, holds(bare && !begun ? months - 12 : months));
    return bare ? { ...own, roams: true } : own;
  };
  const weeksAgo = fc.constantFrom(['上周', 1], ['上个星期', 1], ['上上周', 2], ['上礼拜', 1]) as fc.Arbitrary<
    [string, number]
  >;
  /** A month in words, and which it is. */
  const month: fc.Arbitrary<Month> = fc.oneof(
    fc.constantFrom<Month>(['上个月', monthsOf(now) - 1, false], ['上上个月', monthsOf(now) - 2, false]),
    n(1, 12).chain((m) =>
      number(m).map((text): Month => [`${text}月`, (m <= now.month ? now.year : now.year - 1) * 12 + m - 1, true]),
    ),
    fc
      .tuple(n(1, 12), n(1, 3))
      .map(([m, ago]): Month => [`${now.year - ago}年${m}月`, (now.year - ago) * 12 + m - 1, false]),
    n(1, 12).map((m): Month => [`去年${m}月`, (now.year - 1) * 12 + m - 1, false]),
  );
  return [
    fc
      .constantFrom<[string, number]>(['今天', 0], ['昨天', 1], ['前天', 2], ['大前天', 3], ['昨日', 1])
      .map(([text, ago]) => said(text, 'day', (day) => day === today - ago)),
    n(4, 60).chain((ago) => number(ago).map((text) => said(`${text}天前`, 'day', (day) => day === today - ago))),
    fc.tuple(weeksAgo, n(1, 7)).map(([[text, ago], weekday]) =>
      said(`${text}${weekdayNames[weekday - 1]}`, 'day', (day) => {
        const facts = factsOf(day);
        return facts.weekday === weekday && facts.monday === now.monday - 7 * ago;
      }),
    ),
    weeksAgo.map(([text, ago]) => said(text, 'days', (day) => factsOf(day).monday === now.monday - 7 * ago)),
    weeksAgo.map(([text, ago]) =>
      said(`${text}的周末`, 'days', (day) => factsOf(day).monday === now.monday - 7 * ago && factsOf(day).weekday > 5),
    ),
    n(1, 7).map((weekday) => {
      const at = latest(today, (facts) => facts.weekday === weekday);
      return only(`周${weekdayNames[weekday - 1]}`, at);
    }),
    n(1, 31).chain((date) => {
      const at = latest(today, (facts) => facts.date === date);
      return number(date).map((text) => only(`${text}号`, at));
    }),
    fc.tuple(n(1, 12), n(1, 28)).chain(([m, date]) => {
      const at = latest(today, (facts) => facts.month === m && facts.date === date);
      return fc
        .constantFrom(
          `${m}月${date}号`,
          `${m}月${date}日`,
          `${chinese(m)}月${chinese(date)}号`,
          `${m}.${date}`,
          `${m}/${date}`,
        )
        .map((text) => only(text, at));
    }),
    month.map((of) => inMonth(of, '', 'month', () => true)),
    fc
      .tuple(month, fc.constantFrom('上', '中', '下'))
      .map(([of, third]) =>
        inMonth(of, `${third}旬`, 'days', ({ date }) =>
          third === '上' ? date <= 10 : third === '中' ? date > 10 && date <= 20 : date > 20,
        ),
      ),
    fc.tuple(month, n(1, 28)).map(([of, date]) => inMonth(of, `${date}号`, 'day', (facts) => facts.date === date)),
    fc
      .tuple(month, n(2, 20), fc.constantFrom('前', '头'))
      .map(([of, count, word]) => inMonth(of, `${word}${count}天`, 'days', ({ date }) => date <= count)),
    fc
      .tuple(month, n(2, 20))
      .map(([of, count]) => inMonth(of, `最后${count}天`, 'days', ({ date, length }) => date > length - count)),
    fc
      .tuple(month, n(1, 4), n(1, 7))
      .map(([of, count, weekday]) =>
        inMonth(
          of,
          `第${chinese(count)}个周${weekdayNames[weekday - 1]}`,
          'day',
          (facts) => facts.weekday === weekday && Math.ceil(facts.date / 7) === count,
        ),
      ),
    fc
      .tuple(month, n(1, 7))
      .map(([of, weekday]) =>
        inMonth(
          of,
          `最后一个星期${weekdayNames[weekday - 1]}`,
          'day',
          (facts) => facts.weekday === weekday && facts.date > facts.length - 7,
        ),
      ),
    fc
      .tuple(
        month.filter(([, , bare]) => !bare),
        n(1, 4),
      )
      .map(([[text, months], count]) =>
        said(`${text}第${count}周`, 'days', (day) => {
          const monday = factsOf(factsOf(day).monday);
          return monthsOf(monday) === months && Math.ceil(monday.date / 7) === count;
        }),
      ),
    fc
      .tuple(fc.constantFrom<[string, number]>(['去年', 1], ['前年', 2], [`${now.year - 1}年`, 1]), n(1, 4))
      .map(([[text, ago], quarter]) =>
        said(`${text}${chinese(quarter)}季度`, 'larger', (day) => {
          const facts = factsOf(day);
          return facts.year === now.year - ago && Math.ceil(facts.month / 3) === quarter;
        }),
      ),
    n(1, 4).map((quarter) =>
      said(`Q${quarter}`, 'larger', (day) => {
        const facts = factsOf(day);
        const begun = quarter <= Math.ceil(now.month / 3);
        return facts.year === (begun ? now.year : now.year - 1) && Math.ceil(facts.month / 3) === quarter;
      }),
    ),
    fc
      .tuple(fc.constantFrom<[string, number]>(['去年', 1], ['今年', 0], ['前年', 2]), n(2, 11))
      .map(([[text, ago], count]) =>
        said(`${text}前${chinese(count)}个月`, 'larger', (day) => {
          const facts = factsOf(day);
          return facts.year === now.year - ago && facts.month <= count;
        }),
      ),
    fc.constantFrom<[string, number]>(['去年', 1], ['前年', 2]).chain(([text, ago]) =>
      fc.constantFrom<[string, boolean]>(['上半年', true], ['下半年', false]).map(([half, upper]) =>
        said(`${text}${half}`, 'larger', (day) => {
          const facts = factsOf(day);
          return facts.year === now.year - ago && facts.month <= 6 === upper;
        }),
      ),
    ),
    fc
      .constantFrom<[string, number, number]>(['双十一', 11, 11], ['双12', 12, 12], ['618', 6, 18], ['国庆节', 10, 1])
      .map(([text, m, date]) => {
        const at = latest(today, (facts) => facts.month === m && facts.date === date);
        return only(text, at);
      }),
    n(3, 40).chain((count) =>
      fc
        .constantFrom('最近', '近', '过去')
        .map((word) => said(`${word}${count}天`, 'days', (day) => day <= today && day > today - count)),
    ),
    n(3, 40).map((count) => said(`前${count}天`, 'days', (day) => day < today && day >= today - count)),
  ];
}

/** What is made of other values: a range of two days, a list of two that touch, since, so many days before or after. */
function built(today: number): fc.Arbitrary<Said> {
  const leaf = fc.oneof(...leaves(today));
  const day = leaf.filter(({ unit }) => unit === 'day');
  const placed = day.filter(({ roams }) => !roams);
  const fixed = fc
    .tuple(n(1, 300), n(0, 200))
    .map(([from, length]): [number, number] => [today - from - length, today - from]);
  return fc.oneof(
    { weight: 4, arbitrary: leaf },
    {
      weight: 2,
      arbitrary: fc.tuple(fixed, fc.constantFrom('到', '至', '-', '~', '一直到')).map(([[from, to], joint]) => {
        const [a, b] = [factsOf(from), factsOf(to)];
        const end =
          a.year !== b.year
            ? `${b.year}年${b.month}月${b.date}号`
            : a.month !== b.month
              ? `${b.month}月${b.date}号`
              : `${b.date}号`;
        return said(`${a.year}年${a.month}月${a.date}号${joint}${end}`, 'days', (one) => one >= from && one <= to);
      }),
    },
    {
      weight: 2,
      arbitrary: fc.tuple(n(1, 7), n(1, 7)).map(([one, other]) => {
        const [from, to] = [Math.min(one, other), Math.max(one, other)];
        const monday = factsOf(today).monday - 7;
        return said(
          `上周${weekdayNames[from - 1]}到周${weekdayNames[to - 1]}`,
          'days',
          (at) => factsOf(at).monday === monday && factsOf(at).weekday >= from && factsOf(at).weekday <= to,
        );
      }),
    },
    {
      weight: 2,
      arbitrary: day.map((one) => {
        const from = first(one, today);
        return said(`${one.text}以来`, 'days', (at) => at >= from && at <= today);
      }),
    },
    {
      weight: 2,
      arbitrary: fc.tuple(placed, n(2, 9)).map(([one, count]) => {
        const at = first(one, today);
        return said(`${one.text}的后${count}天`, 'days', (other) => other > at && other <= at + count);
      }),
    },
    {
      weight: 2,
      arbitrary: fc.tuple(placed, n(2, 9)).map(([one, count]) => {
        const at = first(one, today);
        return said(`${one.text}之前${count}天`, 'days', (other) => other < at && other >= at - count);
      }),
    },
    {
      weight: 1,
      arbitrary: fc.tuple(n(2, 11), n(1, 3)).map(([m, ago]) => {
        const year = factsOf(today).year - ago;
        return said(`${year}年${m}月和${m + 1}月`, 'larger', (at) => {
          const facts = factsOf(at);
          return facts.year === year && (facts.month === m || facts.month === m + 1);
        });
      }),
    },
  );
}

const today = fc.integer({ min: civil(2025, 1, 1), max: civil(2029, 12, 31) });
const frame = fc.constantFrom(
  (time: string) => time,
  (time: string) => `同步${time}的单`,
  (time: string) => `把${time}的出库单推一下`,
  (time: string) => `${time}失败了多少`,
);

test('each day belongs to the range exactly when it belongs to what was said', () => {
  const kinds = new Set<string>();
  fc.assert(
    fc.property(
      today.chain((at) => fc.tuple(fc.constant(at), built(at), frame)),
      ([at, value, put]) => {
        if (Number.isNaN(first(value, at)) || Number.isNaN(last(value, at))) return;
        const text = put(value.text);
        const now = `${isoOf(at)}T14:10:00+08:00`;
        const reading = readTime(text, now);
        const range = rangeSaid(reading);
        expect(range, `${now} ${text} → ${reading.ask} ${reading.tree}`).not.toBeNull();
        const [start, end] = [dayNumber(range?.start ?? ''), dayNumber(range?.end ?? '')];
        // The day of an end at midnight is left out; one that ends in its middle, now, is not.
        const beyond = Date.parse(range?.end ?? '') > Date.parse(`${isoOf(end)}T00:00:00+08:00`) ? end : end - 1;
        for (let day = at - window; day <= at + window; day += 1)
          if (value.belongs(day) !== (day >= start && day <= beyond))
            throw new Error(`${now} ${text} → ${range?.start}..${range?.end} ${reading.tree}, but ${isoOf(day)}`);
        kinds.add(value.text.replace(/[\d一二三四五六七八九十〇]+/g, 'n'));
      },
    ),
    { numRuns: 4_000 },
  );
  expect(kinds.size).toBeGreaterThan(40);
});
