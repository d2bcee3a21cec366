// Brings the many ways of writing a time to one before it is read: digits for numerals, one separator, no elisions, no look-alikes.
import { readNumber } from '../normalise.ts';

/** 「一」 in these is no number. */
const notNumber =
  /(?<=[这那哪有差早晚多快])一(?=点)|[一两](?=点(?:建议|意见|问题|要求|疑问|想法|看法|说明|需求|原因))|一(?=共|下|起|遍|些|直|般|定|样|会|旦|并|律|切|块|点都|点也|点儿|点不|点没|致)|两(?=边|者|家|单|条|笔|种|次|头|遍)/g;
const numeral = /[零〇一二两三四五六七八九十百廿]+/g;
/** Words with a numeral that are names. */
const names: readonly (readonly [RegExp, string])[] = [
  [/双十一|双11|光棍节/g, '双冬节甲'],
  [/双十二|双12/g, '双冬节乙'],
  [/六一八/g, '618'],
  [/五一(?!号|月|点)(?:劳动节|节)?/g, '劳动节'],
  [/六一(?!号|月|点)(?:儿童节|节)?/g, '儿童节'],
  [/三八节|三八大促/g, '妇女节'],
  [/十一(?=长假|假期|期间|小长假|国庆|那几天|放假)/g, '国庆'],
  [/大年三十|年三十/g, '除夕'],
  [/(?:十一|国庆)?黄金周/g, '国庆假期'],
  [/双休日/g, '周末'],
  [/(国庆|春节|五一|劳动节|中秋|端午|元旦|清明)节?(?:这|的|那)?[三四五六七八3-8]天/g, '$1假期'],
  [/大年初一|正月初一/g, '春节'],
  [/俩(?=月|周|天|小时|礼拜|星期)/g, '2个'],
];
const sep = '\\s*(?:-|~|—+|–|到|至)\\s*';
const list = '\\s*(?:、|,|和|跟|与|及)\\s*';

/** What looks like a time and is none: order numbers, codes, amounts, counts, what is repeated. */
const lookAlikes: readonly RegExp[] = [
  /(?:单号|单据编号|编号|io_id|so_id|o_id)[号是为:#\s]*\d[\d、,和\s]*/gi,
  /(?:订单|出库单|单子|运单)[号是为:#\s]*\d{5,}(?:[、,和\s]+\d{5,})*/g,
  /(?:sku|货号|物料|商品编码|编码|店铺|店|仓库?|客户|型号|版本|条码)[号是为:#\s]*(?:[A-Za-z][\w-]*|\d{3,}(?![\d年月日号点天个./-]))/gi,
  /(?<![A-Za-z\d])(?!Q[1-4](?!\w))[A-Za-z]+[-_]?\d[\w-]*/gi,
  /[¥￥$]\s*[\d,.]+/g,
  /(?:价|价格|金额|税率|税额|数量|运费|折扣|折|等于|为什么是|为啥是|怎么是|变成)[是为:=\s]*\d+(?:\.\d+)?(?!\d|[年月日号])/g,
  /(?<![\d./-])\d+(?:\.\d+)?\s*(?:元|块钱?|毛|万|%|折|倍|kg|斤|件|箱|条|笔|单|页|次|遍|号[店仓库]|种|家|人|位|名|秒|类|款|套)/g,
  /(?<![\d./-])\d+\s*个(?!月|小时|钟头|星期|礼拜|季|周|工作)/g,
  /每(?:天|日|晚|早|周|星期|礼拜|月|年|小时|隔|\d+|个月|个小时|半)[^,。;]*/g,
  /(?<![\d.])\d+\.\d{3,}/g,
];

/** Shortened lists and ranges written out. */
const elisions: readonly (readonly [RegExp, string | ((...parts: string[]) => string)])[] = [
  [/(\d)T(\d\d:)/g, '$1 $2'],
  [/(周|星期|礼拜)6\s*(?:、|和|跟)?\s*(?:周|星期|礼拜)?[日天]/g, (_all, week = '') => `${week}6到${week}日`],
  [/今明(?:两|2)[天日]/g, '今天和明天'],
  [/昨今(?:两|2)[天日]|今昨(?:两|2)[天日]/g, '昨天和今天'],
  [/前昨(?:两|2)[天日]|昨前(?:两|2)[天日]/g, '前天和昨天'],
  [new RegExp(`(?<![\\d./-])(\\d{1,2})${sep}(\\d{1,2})(?:号|日)`, 'g'), '$1号到$2号'],
  [new RegExp(`(?<![月\\d./-])(\\d{1,2})${sep}(\\d{1,2})月(?!\\s*\\d)`, 'g'), '$1月到$2月'],
  [new RegExp(`(?<![\\d./:-])(\\d{1,2})${sep}(\\d{1,2})点`, 'g'), '$1点到$2点'],
  [new RegExp(`(?<!\\d)([1-4])${sep}([1-4])季度`, 'g'), '$1季度到$2季度'],
  [new RegExp(`(周|星期|礼拜)([1-7日天])${sep}([1-7日天])(?![\\d点号月:.日天])`, 'g'), '$1$2到$1$3'],
  [
    new RegExp(`(?<![\\d./-])\\d{1,2}(?:${list}\\d{1,2})+(?:号|日)`, 'g'),
    (all) => (all.match(/\d+/g) ?? []).map((one) => `${one}号`).join('、'),
  ],
  [
    new RegExp(`(?<![\\d./-])\\d{1,2}(?:${list}\\d{1,2})+(?:月份?|(?=(?:两|2|三|3)个?月))`, 'g'),
    (all) => (all.match(/\d+/g) ?? []).map((one) => `${one}月`).join('、'),
  ],
  [
    new RegExp(`(?<!\\d)[1-4](?:${list}[1-4])+季度`, 'g'),
    (all) => (all.match(/\d+/g) ?? []).map((one) => `${one}季度`).join('、'),
  ],
];

/** A correction: only what comes after it counts. */
const corrections: readonly RegExp[] = [
  /不是[^,。;]{1,14}?[,，]?\s*(?:而是|应该是|是)(?<rest>.+)$/,
  /(?:不对|说错了?|错了|哦不|噢不|啊不|不不|口误|打错了?|更正|写错了?)[,，:。!…\s]*(?:应该)?(?:是)?(?<rest>.+)$/,
];

export function writeOut(text: string): string {
  let written = text
    .normalize('NFKC')
    .replace(/[，]/g, ',')
    .replace(/[。！；]/g, (mark) => ({ '。': '。', '！': '!', '；': ';' })[mark] ?? mark);
  for (const [pattern, name] of names) written = written.replace(pattern, name);
  written = written
    .replace(/(?<=\d)\s*一\s*(?=\d)/g, '-')
    .replace(notNumber, '壹')
    .replace(/(?<=[周期拜])一(?=个)/g, '壹')
    .replace(numeral, (word) => String(readNumber(word) ?? word));
  written = written.replaceAll('双冬节甲', '光棍节').replaceAll('双冬节乙', '双十二');
  for (const pattern of lookAlikes) written = written.replace(pattern, (match) => '□'.repeat(match.length));
  for (const [pattern, to] of elisions)
    written = typeof to === 'string' ? written.replace(pattern, to) : written.replace(pattern, to);
  return written;
}

/** The part after a correction, when there is one. */
export function afterCorrection(text: string): string | null {
  for (const pattern of corrections) {
    const rest = pattern.exec(text)?.groups?.rest;
    if (rest) return rest;
  }
  return null;
}
