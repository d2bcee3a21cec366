import lunar from 'lunar-javascript';
import { day, dayMs, days, months, partsOf, type Span, weekdayOf } from './calendar.ts';

const { Lunar, HolidayUtil } = lunar;

type When =
  | { solar: [month: number, date: number] }
  | { lunar: [month: number, date: number] }
  | { term: string }
  | { nth: [month: number, nth: number, weekday: number, plus?: number] };

interface Festival {
  names: readonly string[];
  when: When;
  /** Length of the days off where the official list does not reach: first day relative to the festival, and how many. */
  off?: [first: number, count: number];
}

/** Festivals and sale days. Add a line, and it is understood. */
export const festivals: readonly Festival[] = [
  { names: ['元旦节', '元旦'], when: { solar: [1, 1] }, off: [0, 3] },
  { names: ['情人节'], when: { solar: [2, 14] } },
  { names: ['三八节', '38节', '女神节', '妇女节', '38大促'], when: { solar: [3, 8] } },
  { names: ['植树节'], when: { solar: [3, 12] } },
  { names: ['愚人节'], when: { solar: [4, 1] } },
  { names: ['清明节', '清明'], when: { term: '清明' }, off: [0, 3] },
  { names: ['五一劳动节', '五一节', '五一', '劳动节'], when: { solar: [5, 1] }, off: [0, 5] },
  { names: ['青年节'], when: { solar: [5, 4] } },
  { names: ['520'], when: { solar: [5, 20] } },
  { names: ['母亲节'], when: { nth: [5, 2, 7] } },
  { names: ['六一儿童节', '六一节', '儿童节', '六一'], when: { solar: [6, 1] } },
  { names: ['618', '六一八'], when: { solar: [6, 18] } },
  { names: ['父亲节'], when: { nth: [6, 3, 7] } },
  { names: ['建党节'], when: { solar: [7, 1] } },
  { names: ['建军节', '81建军节'], when: { solar: [8, 1] } },
  { names: ['99大促', '99划算节'], when: { solar: [9, 9] } },
  { names: ['教师节'], when: { solar: [9, 10] } },
  {
    names: ['国庆节', '国庆', '十一黄金周', '十一长假', '十一假期', '十一期间'],
    when: { solar: [10, 1] },
    off: [0, 7],
  },
  { names: ['万圣节'], when: { solar: [10, 31] } },
  { names: ['光棍节', '双十一', '双11', '双1十1', '11.11'], when: { solar: [11, 11] } },
  { names: ['双十二', '双12', '12.12'], when: { solar: [12, 12] } },
  { names: ['平安夜'], when: { solar: [12, 24] } },
  { names: ['圣诞节', '圣诞'], when: { solar: [12, 25] } },
  { names: ['感恩节'], when: { nth: [11, 4, 4] } },
  { names: ['黑色星期5', '黑5'], when: { nth: [11, 4, 4, 1] } },
  { names: ['除夕夜', '除夕', '大年三十', '年三十'], when: { lunar: [1, 0] } },
  { names: ['春节', '大年初一', '正月初一', '过年', '农历新年'], when: { lunar: [1, 1] }, off: [-1, 8] },
  { names: ['元宵节', '元宵'], when: { lunar: [1, 15] } },
  { names: ['端午节', '端午'], when: { lunar: [5, 5] }, off: [0, 3] },
  { names: ['7夕节', '7夕'], when: { lunar: [7, 7] } },
  { names: ['中元节'], when: { lunar: [7, 15] } },
  { names: ['中秋节', '中秋'], when: { lunar: [8, 15] }, off: [0, 3] },
  { names: ['重阳节', '重阳'], when: { lunar: [9, 9] } },
  { names: ['腊8节', '腊8'], when: { lunar: [12, 8] } },
  { names: ['小年'], when: { lunar: [12, 23] } },
  { names: ['冬至'], when: { term: '冬至' } },
];

const fromYmd = (ymd: string): number => Date.parse(`${ymd}T00:00:00Z`);
const ymdOf = (wall: number): string => new Date(wall).toISOString().slice(0, 10);

/** The festival's own day in a Gregorian year. The lunar calendar is computed for any year; 腊八 and 小年 fall in the lunar year before. */
function dayOf({ when }: Festival, year: number): Span | null {
  if ('solar' in when) return day(year, ...when.solar);
  if ('term' in when) {
    const found = Lunar.fromYmd(year, 1, 1).getJieQiTable()[when.term];
    const other = Lunar.fromYmd(year + 1, 1, 1).getJieQiTable()[when.term];
    const at = [found, other]
      .map((one) => one && fromYmd(one.toYmd()))
      .find((one) => one && partsOf(one).year === year);
    return at ? days(at) : null;
  }
  if ('lunar' in when) {
    const [month, date] = when.lunar;
    const eve = date === 0;
    const lunarYear = month === 12 ? year - 1 : year;
    const at = fromYmd(
      Lunar.fromYmd(lunarYear, month, eve ? 1 : date)
        .getSolar()
        .toYmd(),
    );
    return days(eve ? at - dayMs : at);
  }
  const [month, nth, weekday, plus = 0] = when.nth;
  const first = months(year, month).from;
  return days(first + (((weekday - weekdayOf(first) + 7) % 7) + 7 * (nth - 1) + plus) * dayMs);
}

/** The days off around it: the official list (2001 to the last year published), beyond it the usual length. */
function offOf(festival: Festival, own: Span): Span {
  if (!festival.off) return own;
  const listed = HolidayUtil.getHolidaysByTarget(ymdOf(own.from))
    .filter((one) => !one.isWork())
    .map((one) => fromYmd(one.getDay()))
    .sort((a, b) => a - b);
  const last = listed.at(-1);
  if (listed[0] !== undefined && last !== undefined) return { from: listed[0], to: last + dayMs };
  const [first, count] = festival.off;
  return days(own.from + first * dayMs, count);
}

const known = new Map<string, Span | null>();

/** The festival of a year, its own day or with its days off. */
export function festivalOf(festival: Festival, year: number, off: boolean): Span | null {
  const key = `${festival.names[0]}${year}${off}`;
  const cached = known.get(key);
  if (cached !== undefined) return cached;
  const own = dayOf(festival, year);
  const span = own && off ? offOf(festival, own) : own;
  known.set(key, span);
  return span;
}
