import {
  day,
  dayMs,
  days,
  hourMs,
  midnight,
  mondayOf,
  months,
  monthsBefore,
  partsOf,
  type Span,
  week,
} from './calendar.ts';
import { festivalOf, festivals } from './festivals.ts';

/** What a piece of text names: one stretch, or (without a year, a month, a week) one of a series, of which the sentence picks. */
export type Unit = { rule: string; whole?: boolean } & (
  | { fixed: Span; since?: boolean; vague?: boolean }
  | { series: readonly Span[] }
  | { impossible: true }
);

interface Rule {
  name: string;
  pattern: RegExp;
  read(groups: Readonly<Record<string, string | undefined>>, now: number): Unit | null;
}

const N = '(?<n>\\d{1,4})';
const weekName = '(?:周|星期|礼拜)';
const weekdays: Readonly<Record<string, number>> = {
  '1': 1,
  '2': 2,
  '3': 3,
  '4': 4,
  '5': 5,
  '6': 6,
  '7': 7,
  日: 7,
  天: 7,
};
/** How far back a word of nearness goes. */
const back = (word: string): number =>
  /^下/.test(word) ? -1 : /^上上上/.test(word) ? 3 : /^上上/.test(word) ? 2 : /^上/.test(word) ? 1 : 0;
const near = '(?<near>上上上个?|上上1?个?|上1?个?|这1?个?|本|当|下1?个?)';

const fixed = (rule: string, span: Span | null, more: object = {}): Unit =>
  span ? { rule, fixed: span, ...more } : { rule, impossible: true };
const series = (rule: string, spans: (Span | null)[]): Unit => {
  const real = spans.filter((span) => span !== null);
  return real.length > 0 ? { rule, series: real } : { rule, impossible: true };
};
const years = (now: number, from = -9, to = 1): number[] =>
  Array.from({ length: to - from + 1 }, (_, i) => partsOf(now).year + from + i);
const fullYear = (digits: string): number => (digits.length === 2 ? 2000 + Number(digits) : Number(digits));

const spanBack = (now: number, count: number, unit: string): Span => {
  const today = midnight(now);
  if (unit === '分钟') return { from: now - count * 60_000, to: now };
  if (unit === '小时') return { from: now - count * hourMs, to: now };
  if (unit === '周') return { from: today - (7 * count - 1) * dayMs, to: now };
  if (unit === '月') return { from: monthsBefore(today, count), to: now };
  if (unit === '季') return { from: monthsBefore(today, 3 * count), to: now };
  if (unit === '年') return { from: monthsBefore(today, 12 * count), to: now };
  return { from: today - (count - 1) * dayMs, to: now };
};
const unitOf = (word: string): string =>
  /分/.test(word)
    ? '分钟'
    : /时|钟头/.test(word)
      ? '小时'
      : /周|星期|礼拜/.test(word)
        ? '周'
        : /月/.test(word)
          ? '月'
          : /季/.test(word)
            ? '季'
            : /年/.test(word)
              ? '年'
              : '天';
const anyUnit = '(?<unit>个?(?:天|日|周|星期|礼拜|月|季度?|年|小时|钟头)|分钟)';

/** A part of a month: 上旬, 5号, 第2周, 最后3天, 前10天, 初, 底. */
const monthPart =
  '(?:\\s*的?\\s*(?:(?<third>[上中下]旬)|(?<half>[上下]半月)|(?<date>\\d{1,2})(?:号|日)|第(?<nth>[1-6])(?:个?周|个?星期|个?礼拜)|最后(?<last>\\d*)(?<lastUnit>天|日|1?周|个?星期)|(?:前|头)(?<first>\\d+)[天日]|(?<edge>初|底|末)))?';
function partOfMonth(rule: string, month: Span, groups: Readonly<Record<string, string | undefined>>): Unit {
  const { third, half, date, nth, last, lastUnit, first, edge } = groups;
  const at = (n: number): number => month.from + (n - 1) * dayMs;
  if (third) {
    const [from, to] = { 上旬: [1, 11], 中旬: [11, 21], 下旬: [21, 0] }[third] ?? [1, 0];
    return fixed(rule, { from: at(from ?? 1), to: to ? at(to) : month.to });
  }
  if (half) return fixed(rule, half === '上半月' ? { from: month.from, to: at(16) } : { from: at(16), to: month.to });
  if (date)
    return at(Number(date)) < month.to && Number(date) > 0
      ? fixed(rule, days(at(Number(date))))
      : { rule, impossible: true };
  if (nth) {
    const monday = mondayOf(month.from + 6 * dayMs);
    return fixed(rule, week(monday + (Number(nth) - 1) * 7 * dayMs));
  }
  if (lastUnit) {
    const count = Number(last || 1) * (/[周期]/.test(lastUnit) ? 7 : 1);
    return fixed(rule, { from: month.to - count * dayMs, to: month.to });
  }
  if (first) return fixed(rule, days(month.from, Number(first)));
  if (edge) return fixed(rule, edge === '初' ? days(month.from) : days(month.to - dayMs), { vague: true });
  return fixed(rule, month);
}

const festivalNames = festivals.flatMap(({ names }) => names).sort((a, b) => b.length - a.length);
const escaped = (text: string): string => text.replace(/\./g, '\\.');

/** Ways of naming a stretch of time, narrower ones first. Sticky patterns on text as written out by write.ts. */
export const rules: readonly Rule[] = [
  {
    name: 'iso',
    pattern: /(?<y>\d{4}|(?<!\d)\d{2}(?=年))\s*[-/.年]\s*(?<m>\d{1,2})\s*[-/.月]\s*(?<d>\d{1,2})(?!\d)\s*[日号]?/y,
    read: ({ y = '', m, d }) => fixed('iso', day(fullYear(y), Number(m), Number(d))),
  },
  {
    name: 'compact',
    pattern: /(?<!\d)(?<y>20\d{2})(?<m>0[1-9]|1[0-2])(?<d>[0-3]\d)(?!\d)/y,
    read: ({ y, m, d }) =>
      day(Number(y), Number(m), Number(d)) ? fixed('compact', day(Number(y), Number(m), Number(d))) : null,
  },
  {
    name: 'year-month',
    pattern: new RegExp(
      `(?<!\\d)(?<y>\\d{4})\\s*(?:[-/.]|年)\\s*(?<m>1[0-2]|0?[1-9])(?![\\d.])\\s*(?:月份?)?${monthPart}`,
      'y',
    ),
    read: (groups) => partOfMonth('year-month', months(Number(groups.y), Number(groups.m)), groups),
  },
  {
    name: 'month-day',
    pattern: /(?<!\d)(?<m>\d{1,2})月份?的?\s*(?<d>\d{1,2})(?![\d点:])[日号]?(?!个|点|天|单)/y,
    read: ({ m, d }, now) =>
      series(
        'month-day',
        years(now).map((year) => day(year, Number(m), Number(d))),
      ),
  },
  {
    name: 'festival',
    pattern: new RegExp(
      `(?<name>${festivalNames.map(escaped).join('|')})(?!\\d)(?:大促|狂欢节)?(?:(?<off>期间|假期|放假|那几天|长假|黄金周|小长假|假日|这几天)|的?(?<week>那周|当周|那1周|那个星期)|的?(?<before>前(?<b>\\d+)天)|的?(?<after>后(?<a>\\d+)天)|的?(?<next>次日|第2天)|当[天日]|那天)?`,
      'y',
    ),
    read: ({ name = '', off, week: around, before, b, after, a, next }, now) => {
      const festival = festivals.find(({ names }) => names.includes(name));
      if (!festival) return null;
      return series(
        'festival',
        years(now, -3).map((year) => {
          const own = festivalOf(festival, year, off !== undefined);
          if (!own) return null;
          if (around) return week(mondayOf(own.from));
          if (before) return days(own.from - Number(b) * dayMs, Number(b));
          if (after) return days(own.to, Number(a));
          return next ? days(own.to) : own;
        }),
      );
    },
  },
  {
    name: 'slashed',
    pattern:
      /(?<![\d.]|\d\/)(?<m>1[0-2]|0?[1-9])(?<mark>[./-])(?<d>3[01]|[12]\d|0?[1-9])(?![\d%]|\.\d|\/\d|-\d{3}|[天个元块倍折万秒分小])[日号]?/y,
    read: ({ m, d }, now) =>
      series(
        'slashed',
        years(now).map((year) => day(year, Number(m), Number(d))),
      ),
  },
  {
    name: 'mmdd',
    pattern: /(?<![\d.\w])(?<m>0[1-9]|1[0-2])(?<d>0[1-9]|[12]\d|3[01])(?![\d.:]|[年个元块])[日号]?/y,
    read: ({ m, d }, now) =>
      series(
        'mmdd',
        years(now).map((year) => day(year, Number(m), Number(d))),
      ),
  },
  {
    name: 'relative-day',
    pattern:
      /大大前[天日]|大前[天日]|前[天日儿](?!前)|昨[天日儿]|今[天日儿]|当[天日]|明[天日儿]|大后[天日]|后[天日]|[今昨前明](?=[早晚晨夜])/y,
    read: (_, now) => ({ rule: 'relative-day', fixed: days(midnight(now)) }),
  },
  {
    name: 'week',
    pattern: new RegExp(`${near}${weekName}(?:的?${weekName}?(?<w>[1-7日天末](?!个|号|点|月))|(?<end>的?周末))?`, 'y'),
    read: ({ near: word = '', w, end }, now) => {
      const monday = mondayOf(now) - back(word) * 7 * dayMs;
      if (w === '末' || end) return fixed('week', days(monday + 5 * dayMs, 2));
      return fixed('week', w ? days(monday + ((weekdays[w] ?? 1) - 1) * dayMs) : week(monday));
    },
  },
  {
    name: 'weekend',
    pattern: new RegExp(`${near.replace('near', 'which')}?周末`, 'y'),
    read: ({ which }, now) => {
      const saturday = mondayOf(now) + 5 * dayMs;
      if (which) return fixed('weekend', days(saturday - back(which) * 7 * dayMs, 2));
      return series(
        'weekend',
        [-3, -2, -1, 0, 1].map((n) => days(saturday + n * 7 * dayMs, 2)),
      );
    },
  },
  {
    name: 'weekday',
    pattern: new RegExp(`${weekName}(?<w>[1-7日天])(?!\\d|点|个月)`, 'y'),
    read: ({ w = '1' }, now) =>
      series(
        'weekday',
        [-4, -3, -2, -1, 0, 1, 2].map((n) => days(mondayOf(now) + (n * 7 + (weekdays[w] ?? 1) - 1) * dayMs)),
      ),
  },
  {
    name: 'last-n',
    pattern: new RegExp(`(?:最近|近|过去|这|往前|近来)的?${N}${anyUnit}(?:以?内|之内|里|来)?(?!前)`, 'y'),
    read: ({ n, unit = '' }, now) => ({ rule: 'last-n', fixed: spanBack(now, Number(n), unitOf(unit)) }),
  },
  {
    name: 'last-half',
    pattern: /(?:最近|近|过去|这)的?半(?<unit>年|个月|个?小时|天)/y,
    read: ({ unit = '' }, now) => {
      if (unit === '年') return { rule: 'last-half', fixed: spanBack(now, 6, '月') };
      if (/月/.test(unit)) return { rule: 'last-half', fixed: spanBack(now, 15, '天') };
      return { rule: 'last-half', fixed: { from: now - (unit === '天' ? 12 : 0.5) * hourMs, to: now } };
    },
  },
  {
    name: 'within-n',
    pattern: new RegExp(`(?<![\\d.])${N}${anyUnit}(?:以内|之内|内)`, 'y'),
    read: ({ n, unit = '' }, now) => ({ rule: 'within-n', fixed: spanBack(now, Number(n), unitOf(unit)) }),
  },
  {
    name: 'previous-n',
    pattern: new RegExp(`(?:前|上)${N}${anyUnit}`, 'y'),
    read: ({ n, unit = '' }, now) => {
      const count = Number(n);
      const kind = unitOf(unit);
      const { year, month } = partsOf(now);
      if (kind === '月') return fixed('previous-n', months(year, month - count, count));
      if (kind === '季')
        return fixed('previous-n', months(year, (Math.ceil(month / 3) - 1 - count) * 3 + 1, 3 * count));
      if (kind === '周') return fixed('previous-n', days(mondayOf(now) - 7 * count * dayMs, 7 * count));
      if (kind === '天') return fixed('previous-n', days(midnight(now) - count * dayMs, count));
      return fixed('previous-n', spanBack(now, count, kind));
    },
  },
  {
    name: 'ago',
    pattern: new RegExp(`(?<![\\d.])${N}${anyUnit}(?:之前|以前|前)`, 'y'),
    read: ({ n, unit = '' }, now) => {
      const count = Number(n);
      const kind = unitOf(unit);
      const today = midnight(now);
      if (kind === '小时' || kind === '分钟') {
        const from = now - count * (kind === '小时' ? hourMs : 60_000);
        return fixed('ago', { from, to: from + 60_000 });
      }
      const at =
        kind === '天' || kind === '周'
          ? today - count * (kind === '周' ? 7 : 1) * dayMs
          : monthsBefore(today, count * ({ 月: 1, 季: 3, 年: 12 }[kind] ?? 1));
      return fixed('ago', days(at));
    },
  },
  {
    name: 'near-month',
    pattern: new RegExp(`${near}月份?${monthPart}`, 'y'),
    read: (groups, now) => {
      const { year, month } = partsOf(now);
      return partOfMonth('near-month', months(year, month - back(groups.near ?? '')), groups);
    },
  },
  {
    name: 'month',
    pattern: new RegExp(`(?<!\\d)(?<m>\\d{1,2})月份?(?!\\d)${monthPart}`, 'y'),
    read: (groups, now) => {
      const month = Number(groups.m);
      if (month < 1 || month > 12) return { rule: 'month', impossible: true };
      const units = years(now, -3).map((year) => partOfMonth('month', months(year, month), groups));
      const first = units[0];
      if (first && 'fixed' in first && first.vague) {
        const begun = units.filter((one) => 'fixed' in one && one.fixed.from <= now);
        return begun.at(-1) ?? first;
      }
      return series(
        'month',
        units.map((one) => ('fixed' in one ? one.fixed : null)),
      );
    },
  },
  {
    name: 'quarter',
    pattern: new RegExp(`(?:${near}季度?|第?(?<q>[1-4])个?季度|[Qq](?<q2>[1-4])(?!\\w))`, 'y'),
    read: ({ near: word, q, q2 }, now) => {
      const { year, month } = partsOf(now);
      if (word) return fixed('quarter', months(year, (Math.ceil(month / 3) - 1 - back(word)) * 3 + 1, 3));
      return series(
        'quarter',
        years(now, -3).map((one) => months(one, (Number(q ?? q2) - 1) * 3 + 1, 3)),
      );
    },
  },
  {
    name: 'half-year',
    pattern: /(?<h>[上下])半年/y,
    read: ({ h }, now) =>
      series(
        'half-year',
        years(now, -3).map((one) => months(one, h === '上' ? 1 : 7, 6)),
      ),
  },
  {
    name: 'third',
    pattern: /(?<third>[上中下]旬)|(?<half>[上下]半月)/y,
    read: (groups, now) => {
      const { year, month } = partsOf(now);
      return series(
        'third',
        [-2, -1, 0, 1].map((n) => {
          const unit = partOfMonth('third', months(year, month + n), groups);
          return 'fixed' in unit ? unit.fixed : null;
        }),
      );
    },
  },
  {
    name: 'week-of-month',
    pattern: /第(?<nth>\d{1,2})个?(?:周|星期|礼拜)/y,
    read: ({ nth }, now) => {
      const { year, month } = partsOf(now);
      if (Number(nth) > 6)
        return fixed('week-of-year', week(mondayOf(Date.UTC(year, 0, 4)) + (Number(nth) - 1) * 7 * dayMs));
      return partOfMonth('week-of-month', months(year, month), { nth });
    },
  },
  {
    name: 'edge',
    pattern: /(?<which>月|年)(?<edge>初|底|末)/y,
    read: ({ which, edge }, now) => {
      const { year, month } = partsOf(now);
      const whole = which === '月' ? months(year, month) : months(year, 1, 12);
      return fixed('edge', edge === '初' ? days(whole.from) : days(whole.to - dayMs), { vague: true });
    },
  },
  {
    name: 'date',
    pattern: /(?<![\d月.])(?<d>\d{1,2})(?:号|日)(?!单|店|仓|库|线)/y,
    read: ({ d }, now) => {
      const { year, month } = partsOf(now);
      const all = Array.from({ length: 16 }, (_, i) => {
        const { from } = months(year, month - 13 + i);
        const at = partsOf(from);
        return day(at.year, at.month, Number(d));
      });
      return series('date', all);
    },
  },
];

const daysBack: Readonly<Record<string, number>> = {
  大大前: 4,
  大前: 3,
  前: 2,
  昨: 1,
  今: 0,
  当: 0,
  明: -1,
  大后: -3,
  后: -2,
};
const yearWord =
  /(?:(?<y>\d{4}|(?<!\d)\d{2})年(?!前|内|以)|(?<word>大前年|前年|去年|上1?年|今年|本年|当年|明年))(?:度|的|,|\s)*/y;

/** The unit that begins at `index`, with a year in front where it has one. */
export function unitAt(text: string, index: number, now: number): { unit: Unit; end: number } | null {
  yearWord.lastIndex = index;
  const prefix = yearWord.exec(text);
  if (prefix) {
    const { y, word = '' } = prefix.groups ?? {};
    const year = y
      ? fullYear(y)
      : partsOf(now).year - ({ 大前年: 3, 前年: 2, 去年: 1, 明年: -1 }[word] ?? (word.startsWith('上') ? 1 : 0));
    const inner = ruleAt(text, index + prefix[0].length, Date.UTC(year, 5, 15), true);
    if (inner && 'series' in inner.unit) {
      const span = inner.unit.series.find(({ from }) => partsOf(from).year === year);
      return { unit: fixed(inner.unit.rule, span ?? null), end: inner.end };
    }
    if (inner && 'impossible' in inner.unit) return inner;
    return { unit: fixed('year', months(year, 1, 12)), end: index + prefix[0].replace(/(?:的|,|\s)+$/, '').length };
  }
  return ruleAt(text, index, now, false);
}

const afterYear = new Set(['month-day', 'festival', 'slashed', 'mmdd', 'month', 'quarter', 'half-year']);

function ruleAt(text: string, index: number, now: number, inYear: boolean): { unit: Unit; end: number } | null {
  for (const rule of rules) {
    if (inYear && !afterYear.has(rule.name)) continue;
    rule.pattern.lastIndex = index;
    const match = rule.pattern.exec(text);
    if (!match) continue;
    if (rule.name === 'relative-day') {
      const key = match[0].replace(/[天日儿]$/, '');
      const at = midnight(now) - (daysBack[key] ?? 0) * dayMs;
      return { unit: fixed(rule.name, days(at)), end: index + match[0].length };
    }
    const unit = rule.read(match.groups ?? {}, now);
    if (unit) return { unit, end: index + match[0].length };
  }
  return null;
}
