import { expect, test } from 'vitest';
import { readDates } from '../../src/assistant/language/dates/read.ts';
import { understand } from '../../src/assistant/language/understand.ts';

// The oracle: days as whole numbers since 1970 in Shanghai, written without a look at the reader.
const dayMs = 86_400_000;
const civil = (year: number, month: number, day: number): number => Date.UTC(year, month - 1, day) / dayMs;
const parts = (day: number): [year: number, month: number, day: number] => {
  const date = new Date(day * dayMs);
  return [date.getUTCFullYear(), date.getUTCMonth() + 1, date.getUTCDate()];
};
const valid = (year: number, month: number, day: number): boolean => parts(civil(year, month, day))[1] === month;
const instant = (day: number): number => day * dayMs - 8 * 3_600_000;
const chinese = (n: number): string => {
  const ones = '零一二三四五六七八九十';
  if (n <= 10) return ones[n] ?? '';
  const tens = Math.floor(n / 10);
  return `${tens > 1 ? ones[tens] : ''}十${n % 10 ? ones[n % 10] : ''}`;
};
const two = (n: number): string => String(n).padStart(2, '0');
const weekdays = '一二三四五六日';

interface Expected {
  text: string;
  start: number;
  end: number;
}

/** Every phrase with the half-open days it means for this `now`. */
function phrases(now: string): Expected[] {
  const today = Math.floor((Date.parse(now) + 8 * 3_600_000) / dayMs);
  const [year, thisMonth] = parts(today);
  const monday = today - ((today + 3) % 7);
  const all: Expected[] = [];
  const add = (start: number, end: number, ...texts: string[]): void => {
    for (const text of texts) all.push({ text, start, end });
  };
  const lastOf = (month: number, day: number): number | null => {
    for (let y = year; y > year - 5; y--)
      if (valid(y, month, day) && civil(y, month, day) <= today) return civil(y, month, day);
    return null;
  };
  add(today - 1, today, '昨天', '昨日', '昨儿', '昨天一整天', '1天前', '一天前');
  add(today - 2, today - 1, '前天', '2天前', '两天前');
  add(today - 3, today - 2, '大前天', '3天前');
  add(today, today + 1, '今天', '今日', '今儿');
  for (let n = 4; n <= 30; n++) add(today - n, today - n + 1, `${n}天前`, `${chinese(n)}天前`);
  for (let n = 3; n <= 30; n++) add(today - n + 1, today + 1, `最近${n}天`, `近${chinese(n)}天`, `过去${n}天`);
  for (let month = 1; month <= 12; month++) {
    const y = month <= thisMonth ? year : year - 1;
    const next = month === 12 ? civil(y + 1, 1, 1) : civil(y, month + 1, 1);
    add(civil(y, month, 1), next, `${month}月`, `${chinese(month)}月份`, `${month}月份`);
    add(civil(y, month, 1), civil(y, month, 11), `${month}月上旬`);
    if (civil(y, month, 11) <= today) add(civil(y, month, 11), civil(y, month, 21), `${month}月中旬`);
    if (civil(y, month, 21) <= today) add(civil(y, month, 21), next, `${chinese(month)}月下旬`);
    const before = month === 12 ? civil(year, 1, 1) : civil(year - 1, month + 1, 1);
    add(civil(year - 1, month, 1), before, `去年${month}月`, `${year - 1}年${month}月`, `${year - 1}-${two(month)}`);
    for (const day of [1, 3, 9, 14, 20, 25, 28]) {
      const at = lastOf(month, day);
      if (at === null) continue;
      add(
        at,
        at + 1,
        `${month}月${day}日`,
        `${month}月${day}号`,
        `${chinese(month)}月${chinese(day)}日`,
        `${month}.${day}`,
        `${month}/${day}`,
        `${two(month)}-${two(day)}`,
      );
      const [y1, m1, d1] = parts(at);
      add(
        at,
        at + 1,
        `${y1}年${m1}月${d1}日`,
        `${y1}-${two(m1)}-${two(d1)}`,
        `${y1}${two(m1)}${two(d1)}`,
        `${y1}.${m1}.${d1}`,
        `${y1}/${m1}/${d1}`,
      );
      const until = lastOf(month, day + 2);
      if (until !== null && until === at + 2)
        add(
          at,
          until + 1,
          `${month}月${day}日到${month}月${day + 2}日`,
          `${month}.${day}-${month}.${day + 2}`,
          `${month}月${day}-${day + 2}号`,
          `从${month}月${day}号至${day + 2}号`,
          `${month}/${day}~${month}/${day + 2}`,
        );
      add(at, today + 1, `${month}月${day}号以来`, `从${month}月${day}日到现在`, `${month}.${day}至今`);
    }
  }
  for (let weekday = 0; weekday < 7; weekday++) {
    const name = weekdays[weekday] ?? '';
    const last = monday - 7 + weekday;
    add(last, last + 1, `上周${name}`, `上个星期${name}`, `上礼拜${name}`);
    const own = monday + weekday;
    if (own <= today) add(own, own + 1, `本周${name}`, `这周${name}`);
    const bare = own <= today ? own : own - 7;
    if (own !== today) add(bare, bare + 1, `周${name}`, `星期${name}`);
  }
  add(monday - 7, monday, '上周', '上星期', '上个礼拜');
  add(monday - 14, monday - 7, '上上周', '上上个星期');
  add(monday, monday + 7, '本周', '这周', '这个星期');
  const lastMonth = thisMonth === 1 ? civil(year - 1, 12, 1) : civil(year, thisMonth - 1, 1);
  add(lastMonth, civil(year, thisMonth, 1), '上个月', '上月', '上月份');
  add(civil(year, thisMonth, 1), today + 1, '本月', '这个月', '本月至今', '月初到现在');
  for (let quarter = 1; quarter <= 4; quarter++) {
    const first = (quarter - 1) * 3 + 1;
    const y = first <= thisMonth ? year : year - 1;
    const end = quarter === 4 ? civil(y + 1, 1, 1) : civil(y, first + 3, 1);
    add(civil(y, first, 1), end, `${chinese(quarter)}季度`, `Q${quarter}`, `第${chinese(quarter)}季度`);
    const endLast = quarter === 4 ? civil(year, 1, 1) : civil(year - 1, first + 3, 1);
    add(civil(year - 1, first, 1), endLast, `去年${chinese(quarter)}季度`);
  }
  add(civil(year - 1, 1, 1), civil(year, 1, 1), '去年', '去年全年');
  for (const [text, month, day] of [
    ['双11', 11, 11],
    ['双十一', 11, 11],
    ['618', 6, 18],
    ['双12', 12, 12],
  ] as const) {
    const at = lastOf(month, day);
    if (at !== null) add(at, at + 1, text);
    add(civil(year - 1, month, day), civil(year - 1, month, day) + 1, `去年${text}`, `去年的${text}`);
  }
  return all;
}

const clocks = [
  '2026-10-20T14:10:00+08:00',
  '2027-01-12T09:05:00+08:00',
  '2028-02-29T23:30:00+08:00',
  '2026-06-07T08:00:00+08:00',
];

test('dates against an oracle of their own', () => {
  let count = 0;
  const wrong: string[] = [];
  for (const now of clocks) {
    const clamp = (ms: number): number => Math.min(ms, Date.parse(now));
    for (const { text, start, end } of phrases(now)) {
      count += 1;
      const { range } = readDates(text, now);
      const same =
        range && Date.parse(range.start) === instant(start) && clamp(Date.parse(range.end)) === clamp(instant(end));
      if (!same) wrong.push(`${now.slice(0, 10)} ${text} → ${range?.start}..${range?.end}`);
    }
  }
  process.stdout.write(`dates generated: ${count - wrong.length}/${count}\n`);
  expect(count).toBeGreaterThan(1500);
  expect(wrong).toEqual([]);
});

const now = clocks[0] as string;
const spoken = phrases(now).filter(({ text }) => !/^\d{8}$|^\d{4}-\d{2}$|^Q|618|全年|^去年$|月份?$|季度/.test(text));
const pick = <T>(list: readonly T[], index: number): T => list[index % list.length] as T;

/** Frames of a command, and what is to come of them. */
const frames: { make: (date: string) => string; action: RegExp; intent?: RegExp }[] = [
  { make: (d) => `同步${d}的订单`, action: /run|confirm/, intent: /sync/ },
  { make: (d) => `把${d}的出库单推到金蝶`, action: /run|confirm/, intent: /sync/ },
  { make: (d) => `${d}的单补推一下`, action: /run|confirm/, intent: /sync/ },
  { make: (d) => `麻烦把${d}的出库同步到金蝶，谢谢`, action: /run|confirm/, intent: /sync/ },
  { make: (d) => `@小青 ${d}的销售出库推送过去`, action: /run|confirm/, intent: /sync/ },
  { make: (d) => `${d}失败的重试一下`, action: /run|confirm/, intent: /retry/ },
  { make: (d) => `${d}有哪些失败的`, action: /reply/, intent: /list_failures/ },
  { make: (d) => `${d}各店铺单量`, action: /reply/, intent: /report/ },
  { make: (d) => `${d}对账`, action: /reply/, intent: /reconcile/ },
  { make: (d) => `先预览${d}的同步`, action: /reply/, intent: /sync/ },
  { make: (d) => `${d}的别推了`, action: /none|clarify|reply/ },
  { make: (d) => `先不要同步${d}的`, action: /none|clarify|reply/ },
  { make: (d) => `不用把${d}的推到金蝶`, action: /none|clarify|reply/ },
  { make: (d) => `如果${d}的没推就推一下`, action: /none|clarify|reply/ },
  { make: (d) => `要是漏了${d}的就补推`, action: /none|clarify|reply/ },
  { make: (d) => `等我确认了再同步${d}的`, action: /none|clarify|reply/ },
  { make: (d) => `能同步${d}的吗`, action: /none|clarify|reply/ },
  { make: (d) => `怎么同步${d}的订单`, action: /none|clarify|reply/ },
  { make: (d) => `${d}的是不是要推`, action: /none|clarify|reply/ },
  { make: (d) => `老板说要把${d}的推过去`, action: /none|clarify|reply/ },
  { make: (d) => `备注写着“同步${d}的订单”`, action: /none|clarify|reply/ },
  { make: (d) => `${d}的已经推过了`, action: /none|clarify|reply/ },
  { make: (d) => `同步${d}的采购入库单`, action: /none|clarify|reply/ },
];

test('commands put together from frames and dates', () => {
  const wrong: string[] = [];
  let count = 0;
  let unsafe = 0;
  for (const [index, frame] of frames.entries())
    for (let step = 0; step < 60; step++) {
      const { text: date, start, end } = pick(spoken, step * 11 + index * 7);
      const text = frame.make(date);
      count += 1;
      const { intent, action, slots } = understand({ text, now });
      const writes = frame.intent === undefined || frame.action.source === 'reply';
      if (writes && action === 'run') unsafe += 1;
      const right = frame.action.test(action) && (frame.intent?.test(intent) ?? true);
      const clamp = (ms: number): number => Math.min(ms, Date.parse(now));
      const dated =
        !frame.intent ||
        (Date.parse(slots.start ?? '') === instant(start) &&
          clamp(Date.parse(slots.end ?? '')) === clamp(instant(end)));
      if (!right || !dated) wrong.push(`${text} → ${intent} ${action} ${slots.start}..${slots.end}`);
    }
  process.stdout.write(`commands generated: ${count - wrong.length}/${count}, unsafe ${unsafe}\n`);
  expect(count).toBeGreaterThan(1000);
  expect(wrong).toEqual([]);
  expect(unsafe).toBe(0);
});
