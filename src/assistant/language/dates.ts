import { readNumber } from './normalise.ts';

/** Shanghai days are counted as days since 1970-01-01; a range is half-open. Nothing here knows the server's time zone. */
export interface DateRange {
  start: string;
  end: string;
  /** The words that were read, and the rule that read them. */
  text: string;
  rule: string;
}

interface Days {
  from: number;
  /** The day after the last. */
  to: number;
}

interface Reading extends Days {
  index: number;
  length: number;
  rule: string;
  /** Ends now rather than at a midnight. */
  open?: boolean;
}

const dayMs = 86_400_000;
const offset = 8 * 3_600_000;
const dayOf = (instant: number): number => Math.floor((instant + offset) / dayMs);
const isoOf = (day: number): string => `${new Date(day * dayMs).toISOString().slice(0, 10)}T00:00:00+08:00`;
const weekday = (day: number): number => ((day + 3) % 7) + 1; // 1970-01-01 was a Thursday
const dayFrom = (year: number, month: number, date: number): number | null => {
  const at = new Date(Date.UTC(year, month - 1, date));
  return at.getUTCMonth() === month - 1 && at.getUTCDate() === date ? at.getTime() / dayMs : null;
};
const partsOf = (day: number): { year: number; month: number; date: number } => {
  const at = new Date(day * dayMs);
  return { year: at.getUTCFullYear(), month: at.getUTCMonth() + 1, date: at.getUTCDate() };
};
const monthOf = (year: number, month: number): Days => ({
  from: Date.UTC(year, month - 1, 1) / dayMs,
  to: Date.UTC(year, month, 1) / dayMs,
});

const N = '(\\d{1,2}|[一二两三四五六七八九十]{1,3})';
const weekdays: Readonly<Record<string, number>> = {
  一: 1,
  二: 2,
  三: 3,
  四: 4,
  五: 5,
  六: 6,
  日: 7,
  天: 7,
  '1': 1,
  '2': 2,
  '3': 3,
  '4': 4,
  '5': 5,
  '6': 6,
  '7': 7,
};

/** One way of naming a day or a stretch of days. `read` gets the match and today; null = no such day. */
interface Rule {
  name: string;
  pattern: RegExp;
  read(match: RegExpExecArray, today: number): (Days & { open?: boolean }) | null;
}

const single = (day: number | null): Days | null => (day === null ? null : { from: day, to: day + 1 });

/** A month and date without a year: the latest that is not after today. */
function latest(month: number, date: number, today: number): Days | null {
  const { year } = partsOf(today);
  const own = dayFrom(year, month, date);
  return single(own !== null && own <= today ? own : dayFrom(year - 1, month, date));
}

const rules: readonly Rule[] = [
  {
    name: 'iso',
    pattern: /(\d{4})[-./年](\d{1,2})[-./月](\d{1,2})[日号]?/,
    read: ([, y, m, d]) => single(dayFrom(Number(y), Number(m), Number(d))),
  },
  {
    name: 'compact',
    pattern: /(?<!\d)(20\d{2})(\d{2})(\d{2})(?!\d)/,
    read: ([, y, m, d]) => single(dayFrom(Number(y), Number(m), Number(d))),
  },
  {
    name: 'month-day',
    pattern: new RegExp(`${N}月${N}[日号]?`),
    read: ([, m = '', d = ''], today) => latest(readNumber(m) ?? 0, readNumber(d) ?? 0, today),
  },
  {
    name: 'dotted',
    pattern: /(?<![\d.])(1[0-2]|0?[1-9])[-./](3[01]|[12]\d|0?[1-9])(?![\d.])/,
    read: ([, m, d], today) => latest(Number(m), Number(d), today),
  },
  {
    name: 'relative-day',
    pattern: /大前天|前天|昨[天日儿]|今[天日儿]|明[天日儿]|后天/,
    read: ([word = ''], today) => {
      const back =
        word === '大前天'
          ? 3
          : word === '前天'
            ? 2
            : word.startsWith('昨')
              ? 1
              : word.startsWith('今')
                ? 0
                : word === '后天'
                  ? -2
                  : -1;
      return single(today - back);
    },
  },
  {
    name: 'weekday',
    pattern: /(上上|上个?|这个?|本)?(?:周|星期|礼拜)([一二三四五六日天1-7])/,
    read: ([, which = '', name = ''], today) => {
      const monday = today - weekday(today) + 1;
      const own = monday + (weekdays[name] ?? 1) - 1;
      if (which === '') return single(own <= today ? own : own - 7);
      return single(own - (which === '上上' ? 14 : which.startsWith('上') ? 7 : 0));
    },
  },
  {
    name: 'week',
    pattern: /(上上|上个?|这个?|本)(?:周|星期|礼拜)(?![一二三四五六日天1-7])/,
    read: ([, which = ''], today) => {
      const monday = today - weekday(today) + 1 - (which === '上上' ? 14 : which.startsWith('上') ? 7 : 0);
      return { from: monday, to: monday + 7 };
    },
  },
  {
    name: 'month',
    pattern: /(上上个?|上个?|这个?|本)月(?!\d)/,
    read: ([, which = ''], today) => {
      const { year, month } = partsOf(today);
      return monthOf(year, month - (which.startsWith('上上') ? 2 : which.startsWith('上') ? 1 : 0));
    },
  },
  {
    name: 'named-month',
    pattern: new RegExp(`(?:(20\\d{2})年)?${N}月份?`),
    read: ([, y, m = ''], today) => {
      const month = readNumber(m) ?? 0;
      if (month < 1 || month > 12) return null;
      const own = monthOf(y ? Number(y) : partsOf(today).year, month);
      return y || own.from <= today ? own : monthOf(partsOf(today).year - 1, month);
    },
  },
  {
    name: 'last-days',
    pattern: new RegExp(`(?:最近|近|过去)${N}(?:天|日)`),
    read: ([, n = ''], today) => ({ from: today - (readNumber(n) ?? 1) + 1, to: today + 1, open: true }),
  },
  {
    name: 'last-weeks',
    pattern: new RegExp(`(?:最近|近|过去)${N}?个?(?:周|星期)`),
    read: ([, n], today) => ({ from: today - 7 * (n ? (readNumber(n) ?? 1) : 1) + 1, to: today + 1, open: true }),
  },
  {
    name: 'days-ago',
    pattern: new RegExp(`${N}天前`),
    read: ([, n = ''], today) => single(today - (readNumber(n) ?? 0)),
  },
  {
    name: 'date',
    pattern: new RegExp(`(?<![\\d月.])${N}[号日](?!单)`),
    read: ([, d = ''], today) => {
      const { year, month, date } = partsOf(today);
      const wanted = readNumber(d) ?? 0;
      return single(wanted <= date ? dayFrom(year, month, wanted) : dayFrom(year, month - 1, wanted));
    },
  },
];

const joiner = /^\s*(?:到|至|~|～|-|—|–|和|、|跟)+\s*$/;
const untilNow = /^\s*(?:到|至)\s*(?:现在|今天为止|目前|今)/;
const since = /^\s*(?:起|以来|开始|至今|以后|之后)/;
/** A digit run after these is an order's number or a SKU, not a date. */
const notDates = /(?:单号|订单|出库单|单子|sku|货号)[号:：\s]*[\w-]+/gi;

function find(text: string, today: number): { readings: Reading[]; impossible: boolean } {
  const readings: Reading[] = [];
  let impossible = false;
  let rest = text.replace(notDates, (match) => ' '.repeat(match.length));
  for (const rule of rules) {
    for (let match = rule.pattern.exec(rest); match; match = rule.pattern.exec(rest)) {
      const days = rule.read(match, today);
      if (days) readings.push({ ...days, index: match.index, length: match[0].length, rule: rule.name });
      else impossible = true;
      rest = rest.slice(0, match.index) + '\u0000'.repeat(match[0].length) + rest.slice(match.index + match[0].length);
    }
  }
  return { readings: readings.sort((a, b) => a.index - b.index), impossible };
}

/** The range a sentence names; null when it names none. `impossible` = it names a day that does not exist. */
export function readDates(text: string, now: string): { range: DateRange | null; impossible: boolean } {
  const instant = Date.parse(now);
  const today = dayOf(instant);
  const short = /(\d{1,2})月(\d{1,2})[日号]?\s*[-~～到至]\s*(\d{1,2})[日号](?!\d)/.exec(text);
  const source = short ? text.replace(short[0], `${short[1]}月${short[2]}日到${short[1]}月${short[3]}日`) : text;
  const { readings, impossible } = find(source, today);
  const [first, second] = readings;
  if (!first || impossible) return { range: null, impossible };
  const after = source.slice(first.index + first.length);
  const between = second ? source.slice(first.index + first.length, second.index) : '';
  let from = first.from;
  let to = first.to;
  let rule = first.rule;
  let end = first.index + first.length;
  if (second && joiner.test(between)) {
    to = second.to;
    end = second.index + second.length;
    rule = `${first.rule}..${second.rule}`;
    // A range that crosses the new year: the start lies before the end.
    if (from >= to) from = rewind(from);
  } else if (untilNow.test(after) || since.test(after)) {
    to = today + 1;
    rule = `${first.rule}..now`;
  }
  if (from >= to) return { range: null, impossible: true };
  return {
    range: { start: isoOf(from), end: isoOf(to), text: source.slice(first.index, end), rule },
    impossible: false,
  };
}

function rewind(day: number): number {
  const { year, month, date } = partsOf(day);
  return dayFrom(year - 1, month, date) ?? day - 365;
}
