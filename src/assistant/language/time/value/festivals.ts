export type When =
  | { solar: readonly [month: number, date: number] }
  /** Date 0 is the eve of the month's first day. */
  | { lunar: readonly [month: number, date: number] }
  /** One of the 24 solar terms. */
  | { term: string }
  | { nth: readonly [month: number, nth: number, weekday: number, plus?: number] }
  /** Known to have no fixed day: asked about. */
  | { moves: true };

interface Festival {
  /** Apart by `|`. */
  names: string;
  when: When;
  /** Days off where the official list does not reach: the first one relative to the festival, and how many. */
  off?: readonly [first: number, count: number];
}

/** Festivals and sales days. Add a line, and it is understood. */
export const festivals: readonly Festival[] = [
  { names: '元旦|元旦节', when: { solar: [1, 1] }, off: [0, 3] },
  { names: '情人节', when: { solar: [2, 14] } },
  {
    names: '三八节|三八妇女节|三八女神节|三八大促|38节|38妇女节|38女神节|38大促|妇女节|女神节|女王节',
    when: { solar: [3, 8] },
  },
  { names: '315晚会|消费者权益日', when: { solar: [3, 15] } },
  { names: '植树节', when: { solar: [3, 12] } },
  { names: '愚人节', when: { solar: [4, 1] } },
  { names: '清明|清明节', when: { term: '清明' }, off: [0, 3] },
  { names: '五一|五一节|五一劳动节|劳动节', when: { solar: [5, 1] }, off: [0, 5] },
  { names: '五四青年节|青年节', when: { solar: [5, 4] } },
  { names: '母亲节', when: { nth: [5, 2, 7] } },
  { names: '520表白节|五二零', when: { solar: [5, 20] } },
  { names: '六一|六一节|六一儿童节|61儿童节|儿童节', when: { solar: [6, 1] } },
  { names: '六一八|618大促|618年中大促|年中大促', when: { solar: [6, 18] } },
  { names: '父亲节', when: { nth: [6, 3, 7] } },
  { names: '建党节', when: { solar: [7, 1] } },
  { names: '建军节|八一建军节', when: { solar: [8, 1] } },
  { names: '99划算节|99大促|九九划算节', when: { solar: [9, 9] } },
  { names: '教师节', when: { solar: [9, 10] } },
  { names: '国庆|国庆节|十一国庆|十一国庆节', when: { solar: [10, 1] }, off: [0, 7] },
  { names: '万圣节', when: { solar: [10, 31] } },
  {
    names: '双11|双十一|双1十1|双壹壹|霜十一|爽十一|光棍节|双11大促|双十一大促|双11狂欢节|双十一狂欢节',
    when: { solar: [11, 11] },
  },
  { names: '双12|双十二|霜十二|双12大促|双十二大促', when: { solar: [12, 12] } },
  { names: '感恩节', when: { nth: [11, 4, 4] } },
  { names: '黑五|黑色星期五|黑色星期5|black friday', when: { nth: [11, 4, 4, 1] } },
  { names: '网络星期一|网一|cyber monday', when: { nth: [11, 4, 4, 4] } },
  { names: '平安夜|christmas eve', when: { solar: [12, 24] } },
  { names: '圣诞|圣诞节|christmas|xmas', when: { solar: [12, 25] } },
  { names: '跨年夜', when: { solar: [12, 31] } },
  { names: '除夕|除夕夜|大年三十|大年夜|年三十|年三十晚', when: { lunar: [1, 0] } },
  { names: '春节|春节节|过年|大年初一|正月初一|年初一|农历新年|新春', when: { lunar: [1, 1] }, off: [-1, 8] },
  { names: '元宵|元宵节|正月十五', when: { lunar: [1, 15] } },
  { names: '龙抬头', when: { lunar: [2, 2] } },
  { names: '端午|端午节|端五', when: { lunar: [5, 5] }, off: [0, 3] },
  { names: '七夕|七夕节|7夕', when: { lunar: [7, 7] } },
  { names: '中元节', when: { lunar: [7, 15] } },
  { names: '中秋|中秋节|八月十五中秋', when: { lunar: [8, 15] }, off: [0, 3] },
  { names: '重阳|重阳节', when: { lunar: [9, 9] } },
  { names: '腊八|腊八节', when: { lunar: [12, 8] } },
  { names: '小年', when: { lunar: [12, 23] } },
  { names: '立春', when: { term: '立春' } },
  { names: '立夏', when: { term: '立夏' } },
  { names: '立秋', when: { term: '立秋' } },
  { names: '立冬', when: { term: '立冬' } },
  { names: '夏至', when: { term: '夏至' } },
  { names: '春分', when: { term: '春分' } },
  { names: '惊蛰', when: { term: '惊蛰' } },
  { names: '谷雨', when: { term: '谷雨' } },
  { names: '小满', when: { term: '小满' } },
  { names: '芒种', when: { term: '芒种' } },
  { names: '小暑', when: { term: '小暑' } },
  { names: '大暑', when: { term: '大暑' } },
  { names: '处暑', when: { term: '处暑' } },
  { names: '白露', when: { term: '白露' } },
  { names: '秋分', when: { term: '秋分' } },
  { names: '寒露', when: { term: '寒露' } },
  { names: '霜降', when: { term: '霜降' } },
  { names: '小寒', when: { term: '小寒' } },
  { names: '大寒', when: { term: '大寒' } },
  { names: '冬至', when: { term: '冬至' } },
  { names: '年货节|双旦|会员日|店庆|周年庆', when: { moves: true } },
];

/** Sales days said by their number alone. */
export const numberedDays: Readonly<Record<string, readonly [month: number, date: number]>> = {
  '618': [6, 18],
  '520': [5, 20],
  '818': [8, 18],
  '315': [3, 15],
};
