import type { Row } from './word.ts';

const spell = (fronts: string, backs: string): string =>
  fronts
    .split('|')
    .flatMap((front) => backs.split('|').map((back) => front + back))
    .join('|');

/** Words that place a unit by its distance from the present one, by that distance. */
const distance: readonly (readonly [n: number, words: string])[] = [
  [-3, '上上上|上上上个'],
  [-2, '上上|上上个|上上一个|上上一|大上|大上个|上上各'],
  [-1, '上|上个|上一|上一个|上1|上1个|上各|上個'],
  [0, '这|这个|这一|这1|这一个|这各|本|今|今个|呢个'],
  [1, '下|下个|下一|下一个|下1|下各'],
  [2, '下下|下下个'],
];
const unitWords: readonly (readonly [unit: string, words: string])[] = [
  ['week', '周|星期|礼拜|星其|礼白|礼败|自然周'],
  ['weekend', '周末|星期末|礼拜末|双休日'],
  ['month', '月|月份|曰|自然月'],
  ['quarter', '季度|季渡'],
  ['year', '年|年度'],
];
const dayWords: readonly (readonly [n: number, words: string])[] = [
  [-4, '大大前天'],
  [-3, '大前天|前前天|大前日|大前儿|大前儿个|大前个|上前天|先前天|向前天|大前夭|大前添'],
  [-2, '前天|前日|前儿|前儿个|前个儿|前夭|前添|前填|前曰|qiantian|the day before yesterday|day before yesterday'],
  [
    -1,
    '昨天|昨日|做天|坐天|昨儿|昨儿个|昨个|昨个儿|昨夭|昨添|昨填|昨田|作天|作日|作夭|咋天|咋日|咋夭|昨曰|寻日|尋日|噚日|琴日|擒日|头天|昨|zuotian|yesterday|yday|ystd',
  ],
  [0, '今天|今日|今儿|今儿个|今个|今个儿|今夭|今添|今填|今曰|本日|jintian|today'],
  [1, '明天|明日|明儿|明儿个|明个|明夭|明添|听日|聽日|mingtian|tomorrow|tmr|tmrw'],
  [2, '后天|后日|后儿|後天|後日|后夭|the day after tomorrow|day after tomorrow'],
  [3, '大后天|大后日|大後天'],
];
const yearWords: readonly (readonly [n: number, words: string])[] = [
  [-3, '大前年'],
  [-2, '前年|前年度'],
  [-1, '去年|旧年|去年度|上年|上年度|头年'],
  [0, '今年|本年|当年|今年度|本年度'],
  [1, '明年|明年度'],
  [2, '后年'],
];
/** Days short enough for a part of the day to stand close behind: 「昨晚」. */
const shortDays: readonly (readonly [n: number, words: string])[] = [
  [-3, '大前'],
  [-1, '昨|寻|琴'],
  [0, '今'],
  [1, '明'],
];
const shortParts: readonly (readonly [part: string, words: string])[] = [
  ['morning', '早|早上|晨|朝|早晨|朝早|晨间'],
  ['evening', '晚|晚上|夜|夜里|晚间|晚黑|夜晚'],
  ['forenoon', '上午'],
  ['afternoon', '下午|下昼'],
  ['noon', '中午'],
  ['small-hours', '凌晨|半夜'],
  ['dusk', '傍晚'],
];

export const relative: readonly Row[] = [
  ...[...'一二三四五六日'].map((day, index): Row => ['near-weekday', index + 1, '', spell('上舟|上州|上洲|上粥', day)]),
  ...unitWords.flatMap(([unit, words]) => distance.map(([n, fronts]): Row => ['near', n, unit, spell(fronts, words)])),
  ['near', -1, 'quarter', '上季|上一季'],
  ['near', 0, 'quarter', '本季|当季度|这季'],
  ...dayWords.map(([n, words]): Row => ['near', n, 'day', words]),
  ...yearWords.map(([n, words]): Row => ['near', n, 'year', words]),
  ...shortDays.flatMap(([n, fronts]) =>
    shortParts.map(([part, words]): Row => ['near-part', n, part, spell(fronts, words)]),
  ),
  // Two days said in one; tomorrow has no orders yet.
  ['pair', 2, 'with', '呢两日|呢两天|昨今|今昨|昨今两天|昨今2天|今昨两天'],
  ['pair', 2, 'before', '前昨|昨前|前昨两天|昨前两天|前昨2天|昨前2天|昨天前天两天'],
  ['pair', 2, 'after', '明后|明后天|明后两天|明后2天'],
  ['pair', 1, 'with', '今明|今明两天|今明2天'],
  ['near-part', -1, 'evening', '作晚|作夜|咋晚|作晚上|咋晚上|昨个晚上|昨儿晚'],
  ['near-part', 1, 'evening', '听晚'],
  ['near-part', 1, 'morning', '听朝'],
  ['near-part', -2, 'evening', '前晚|前夜|前晚上|前天夜'],
  ['near-part', -2, 'morning', '前早'],
  ['weekend', 0, '', '周末|星期末|礼拜末|双休日|周六日|周六周日'],
];
