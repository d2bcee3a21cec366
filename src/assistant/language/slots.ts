import { timeAt } from './dates/clock.ts';
import { readDates, readUntil } from './dates/read.ts';
import { writeOut } from './dates/write.ts';
import { categories, entities, fieldNames, groups, reverseDirection } from './lexicon.ts';
import { inDigits, readNumber } from './normalise.ts';

export interface Slots {
  start?: string;
  end?: string;
  shop?: string;
  excludeShop?: string;
  /** A warehouse's name or number. */
  warehouse?: string;
  sku?: string;
  customer?: string;
  orders?: string[];
  errorKind?: string;
  excludeErrorKind?: string;
  field?: string;
  sourceField?: string;
  value?: string;
  dryRun?: boolean;
  all?: boolean;
  groupBy?: string;
  top?: number;
  /** The orders behind a report's figures instead of the figures; `outcome` narrows them. */
  list?: boolean;
  outcome?: 'written';
  entity?: string;
  /** The code of a shop, a warehouse or a SKU, and what it is to be in the target. */
  source?: string;
  target?: string;
  direction?: 'reverse';
  duration?: string;
  until?: string;
  schedule?: { every?: string; at?: string; weekday?: number };
}

/** Which rule made a slot, out of which words. */
export interface Why {
  slot: string;
  rule: string;
  text: string;
}

const orderNumber = /(?<![\w.-])(\d{7,20})(?![\w.-]*\d|\.\d)/g;
const platform = '天猫|淘宝|京东|抖音|抖店|快手|拼多多|小红书|唯品会|得物|视频号|有赞|微店|阿里巴巴|1688|亚马逊';
const kind = '(?:自营|旗舰|专营|专卖|企业|官方|直营|国际|超市|小)';
const anyShop = `(?:${platform})(?:${kind}{0,3}店铺?|(?:${kind}{1,3}))?|店铺\\s*\\d{4,8}|[\\u4e00-\\u9fa5]{2,6}?(?:旗舰店|专营店|专卖店|自营店|企业店)`;
const leftOut =
  '先别推|先不要推?|先不推|先别|不要推?|不用推?|除外|别推|不推|以外|之外|不算|不同步|别同步|别传|先放放?|别|先不管|不管';
const shops = `(?:${anyShop})(?:\\s*(?:和|跟|与|及|、|,)\\s*(?:${anyShop}))*`;
const excludedShop = new RegExp(
  `(?:除了|除开|除去|除|不含|不包括|不包含|不要|排除|去掉|剔除|去除|跳过|扣除|(?:不要?|别|不用)(?:再|先)?(?:推送?|同步|传))(${shops})(?:的|以外|之外|外)*|(${shops})(?:的)?(?:那些|单子?|订单)?(?:先|都|暂时)?(?:${leftOut})`,
);
const shopName = new RegExp(`店铺?(?:编号|号|id|ID)?[:：]?\\s*(\\d{4,8})|(\\d{4,8})(?:号)?店|(${shops})`);
const except = /除了|除开|除去|除外|以外|之外|不包括|不含|的(?:先)?(?:不要|别|不用)/;
const warehouseName =
  /仓库?(?:编号|号)?\s*(\d{4,8})|((?:[\u4e00-\u9fa5]{2,3}?)(?:主仓|分仓|总仓|云仓|中心仓|保税仓|电商仓|仓库|仓))(?!库?(?:对照|对应|没|不|未|缺|字段|怎么|排|统计|分|量))/;
const notWarehouse = /^(?:哪个|什么|各个?|每个?|按|个|到|对应|金蝶|的|那个|这个|是)/;
const dryRun = /预览|预演|(?<![重再])试(?:一下|跑|算)|空跑|模拟|先看看?(?:会|再|$|[,，])|不要真|别真|不真|只看不/;

/** All that stands in a sentence whatever it is about. `words` are those a slot was read from, for telling what is left over. */
export function readSlots(sentence: string, now: string): { slots: Slots; why: Why[]; impossible: boolean } {
  const slots: Slots = {};
  const why: Why[] = [];
  const put = <K extends keyof Slots>(slot: K, value: Slots[K], rule: string, text = String(value)): void => {
    if (value === undefined || slots[slot] !== undefined) return;
    slots[slot] = value;
    why.push({ slot, rule, text });
  };
  const { range, impossible } = readDates(sentence, now);
  if (range) {
    Object.assign(slots, { start: range.start, end: range.end });
    why.push({ slot: 'start', rule: range.rule, text: range.text });
  }
  const numbers = [...sentence.matchAll(orderNumber)]
    .map((match) => match[1] ?? '')
    .filter((digits) => !isDay(digits) || /单号?\s*[:：]?\s*$/.test(sentence.slice(0, sentence.indexOf(digits))));
  if (numbers.length > 0) put('orders', [...new Set(numbers)], 'order-number', numbers.join('、'));
  const excluded = excludedShop.exec(sentence);
  put('excludeShop', listed(excluded?.[1] ?? excluded?.[2]), 'excluded-shop', excluded?.[0]);
  const said = excluded ? sentence.replace(excluded[0], '') : sentence;
  const rest = range ? said.replace(range.text, '') : said;
  const shop = shopName.exec(rest);
  put(
    'shop',
    listed((shop?.[1] ?? shop?.[2] ?? shop?.[3])?.replace(/^店铺\s*(?=\d)/, '').replace(/^把/, '')),
    'shop',
    shop?.[0],
  );
  const warehouse = warehouseName.exec(rest);
  const house = warehouse?.[1] ?? warehouse?.[2]?.replace(/^(?:只|仅|就)?(?:同步|推|要|看)?/, '');
  if (house && !notWarehouse.test(house) && !/哪|什么|对应|蝶|各|每|按/.test(house))
    put('warehouse', house, 'warehouse', warehouse?.[0]);
  put('sku', /(?:sku|货号|商品编码|款号)\s*[:：]?\s*([A-Za-z0-9][\w-]*\d[\w-]*)/i.exec(sentence)?.[1], 'sku');
  put('customer', /客户\s*[:：]?\s*([A-Za-z]+-?\d+)/.exec(sentence)?.[1], 'customer');
  const category = categories.find(({ words }) => words.test(sentence));
  const found = category?.words.exec(sentence)?.[0];
  put(except.test(sentence) && !excluded ? 'excludeErrorKind' : 'errorKind', category?.category, 'category', found);
  put('field', fieldIn(sentence), 'field');
  if (reverseDirection.test(sentence)) put('direction', 'reverse', 'direction');
  if (dryRun.test(sentence)) put('dryRun', true, 'dry-run', dryRun.exec(sentence)?.[0]);
  return { slots, why, impossible };
}

function isDay(digits: string): boolean {
  const [, year = '', month = '', day = ''] = /^(20\d\d)(\d\d)(\d\d)$/.exec(digits) ?? [];
  const date = new Date(`${year}-${month}-${day}T00:00:00Z`);
  return year !== '' && !Number.isNaN(date.getTime()) && date.getUTCDate() === Number(day);
}

/** Several shops as one slot, 「抖音、快手」. */
function listed(names: string | undefined): string | undefined {
  return names?.replace(/\s*(?:和|跟|与|及|,)\s*/g, '、');
}

function fieldIn(sentence: string): string | undefined {
  return (
    /(?<![A-Za-z])(F_?[A-Za-z][A-Za-z_]{2,})/.exec(sentence)?.[1] ??
    /(?<![A-Za-z])((?:items\.)?[a-z]+_[a-z_]+)(?![A-Za-z])/.exec(sentence)?.[1] ??
    /(?<![A-Za-z])(items\.[a-z]+)(?![A-Za-z])/.exec(sentence)?.[1] ??
    /(?:聚水潭|字段)(?:的|里的?)?\s*([a-z]{2,20})(?![A-Za-z])/.exec(sentence)?.[1] ??
    fieldNames.find((name) => sentence.includes(name))
  );
}

const clockText = (ms: number): string => new Date(ms).toISOString().slice(11, 16);
const unitLetter = (word: string): string => (/分/.test(word) ? 'm' : /天|日/.test(word) ? 'd' : 'h');

/** Slots that only some intents have. */
export function moreSlots(intent: string, sentence: string, slots: Slots, now: string): void {
  if (intent === 'list_failures' || intent === 'report') {
    const group = groups.find(({ words }) => words.test(sentence));
    if (group) slots.groupBy = group.by;
    const top = /(?:前|top\s*)(\d{1,2}|[一二三四五六七八九十]{1,2})(?!\d|个?(?:[天日周月年分季]|小时|星期|礼拜))/i.exec(
      sentence,
    )?.[1];
    if (top) slots.top = Number(readNumber(top));
  }
  if (['master_data', 'set_master_data', 'undo_master_data'].includes(intent)) {
    const asked = /(?:哪个|什么|哪家|啥|哪些)(.*)$/.exec(sentence)?.[1] ?? sentence;
    const entity =
      entities.find(({ words }) => words.test(asked)) ?? entities.find(({ words }) => words.test(sentence));
    if (entity) slots.entity = entity.entity;
    const codes = [...sentence.matchAll(/[A-Za-z0-9][\w.-]{1,30}/g)]
      .map(([code]) => code)
      .filter((code) => /\d/.test(code));
    if (codes[0]) slots.source = codes[0];
    if (codes[1]) slots.target = codes[1];
  }
  if (intent === 'explain_mapping') {
    if (slots.field && /^[a-z]/.test(slots.field)) {
      slots.sourceField = slots.field;
      delete slots.field;
    }
    const value = /(?:是|等于|变成|成了|=)\s*(\d+(?:\.\d+)?)(?!\d*号|\d{6})/.exec(sentence)?.[1];
    if (value) slots.value = value;
  }
  if (intent === 'retry' && /全部|所有|都|统统|全(?=重|再|推)/.test(sentence)) slots.all = true;
  if (intent === 'silence_alert') {
    const length = /(\d+(?:\.5)?|半)个?(半)?(分钟|小时|钟头|天)/.exec(inDigits(sentence));
    if (length?.[3]) slots.duration = lengthOf(length[1] ?? '', length[2] === '半', length[3]);
  }
  if (intent === 'move_date') {
    // 「改到11月1号」 alone would only be an upper bound.
    const day = readDates(/[到成为](.+)$/.exec(sentence)?.[1] ?? '', now).range;
    if (day) Object.assign(slots, { start: day.start, end: day.end });
  }
  if (intent === 'silence_alert' || intent === 'hold_closed') {
    const until = /到(.+)$/.exec(sentence)?.[1];
    const moment = until ? readUntil(until, now) : null;
    if (moment) slots.until = moment;
  }
  if (intent === 'set_schedule') slots.schedule = readSchedule(sentence);
}

/** `30m`, `2h`, `1d`; 「一个半小时」 = 90m, 「半天」 = 12h. */
function lengthOf(count: string, half: boolean, unit: string): string {
  const letter = unitLetter(unit);
  if (count === '半') return letter === 'h' ? '30m' : '12h';
  return half && letter === 'h' ? `${Number(count) * 60 + 30}m` : `${count}${letter}`;
}

function readSchedule(sentence: string): NonNullable<Slots['schedule']> {
  const digits = writeOut(sentence.replace(/[每隔]/g, '\u0001'));
  const counted = inDigits(sentence);
  const schedule: NonNullable<Slots['schedule']> = {};
  // Several days or several hours are more than this slot can say: nothing is set, and it is asked back.
  if (/(?:周|星期|礼拜)[1-7日天]、?[1-7日天]/.test(digits) || (digits.match(/\d{1,2}(?:点|:\d\d)/g) ?? []).length > 1)
    return schedule;
  const often =
    /(?:每|隔)+(\d+|半)?个?(分钟|小时|钟头)|(\d+|半)个?(分钟|小时|钟头)(?:跑|推|同步)?[1一](?:次|遍|回)/.exec(counted);
  const [count, unit] = often ? [often[1] ?? often[3], often[2] ?? often[4]] : [];
  const weekday = /\u0001个?(?:周|星期|礼拜)([1-7日天])/.exec(digits)?.[1];
  if (unit) schedule.every = count === '半' ? '30m' : `${count ?? 1}${unitLetter(unit)}`;
  else if (weekday) Object.assign(schedule, { every: 'week', weekday: /[日天]/.test(weekday) ? 7 : Number(weekday) });
  else if (/\u00011?个?(?:周|星期|礼拜)/.test(digits)) schedule.every = 'week';
  else if (/\u00011?个?月/.test(digits)) schedule.every = 'month';
  else if (/\u00011?(?:天|日|早|晚)/.test(digits)) schedule.every = 'day';
  if (schedule.every && /^\d+[mh]$/.test(schedule.every)) return schedule;
  for (let index = 0; index < digits.length; index += 1) {
    const time = timeAt(digits, index);
    if (!time?.point) continue;
    schedule.at = clockText(time.from);
    break;
  }
  return schedule;
}
