const digit = '零〇一二两三四五六七八九十百千万亿';
/** A number in words is a figure before a unit of ours: 「三十一单」. Elsewhere it is plain language: 「一下」「两种办法」. */
const inWords = new RegExp(
  `(百分之)?([${digit}]{1,12})(?:点([零〇一二三四五六七八九]{1,6}))?(?=\\s?(?:单|张|笔|元|块钱|件|成|倍|票))|百分之([${digit}]{1,12})`,
  'g',
);
/** 「这一单」「一单一单来」 count nothing. */
const counting = /[有共剩败功了入只达]\s?$/;
const vague =
  /(?:十几|几十|几百|几千|上百|上千|上万|好几|数十|数百|若干|[一二两三四五六七八九]{2}百?)\s?[单张笔条元块件](?![一二])/g;
/** Steps and ways that are told off, and marks of a list, are no figures. */
const ordinary =
  /(?:第\s?)?(?:[1-9]|10|[一二两三四五六七八九十])\s?(?:步|种|句话|句|个?方面|点建议|件事|类|个?步骤|个?办法)|第\s?(?:\d{1,2}|[一二三四五六七八九十])\s?[步点条类]/g;
const listMark =
  /(?<=^[ \t]{0,8}(?:[-*•·][ \t]{0,4})?)(?:[(（]?\d{1,2}[.、)）:：](?!\d)|[①-⑳㈠-㈩])|(?<=[：；。，、\s])[(（]?\d{1,2}[)）]|(?<=[：；。]\s?)\d{1,2}[.、](?!\d)/gmu;

/**
 * What a text tells in figures, each in one spelling: amounts and counts without separators and trailing zeros, days `11-22`,
 * times `08:30`, shares `91.5%`, codes in capitals. `?` is a figure that nobody can check.
 */
export function figuresIn(text: string): Set<string> {
  const found = new Set<string>();
  const add = (figure: string): string => {
    found.add(figure);
    return ' ';
  };
  const rest = text
    .replace(listMark, ' ')
    .replace(ordinary, ' ')
    // ３１, ①, ㉛ and digits of other scripts.
    .replace(/\p{N}/gu, (mark) => (/[\u3007]/.test(mark) ? mark : mark.normalize('NFKC')))
    .replace(/\p{Nd}/gu, asciiDigit)
    .replace(/(?<=\d)[．](?=\d)/g, '.')
    .replace(/％/g, '%')
    .replace(/(?<=\d)[ \t]+(?=[年月日号点时分%万亿])|(?<=[年月])[ \t]+(?=\d)/g, '')
    .replace(vague, () => add('?'))
    .replace(/(\d{4})年(?:(\d{1,2})月(?:(\d{1,2})[日号])?)?/g, (_, year, month, day) => {
      add(number(year));
      return month ? add(day ? dayOf(month, day) : monthOf(month)) : ' ';
    })
    .replace(/(\d{1,2})月(\d{1,2})[日号]?/g, (_, month, day) => add(dayOf(month, day)))
    .replace(/(\d{1,2})月/g, (_, month) => add(monthOf(month)))
    .replace(/(\d{1,2})[点时](?:(\d{1,2})分?|(半))?(?!\d)/g, (_, hour, minute, half) =>
      add(timeOf(hour, half ? '30' : (minute ?? '0'))),
    )
    .replace(inWords, (whole, share, count, decimals, alone, index: number, all: string) => {
      const value = numberInWords(count ?? alone);
      if (value === 1 && !share && !alone && !counting.test(all.slice(Math.max(0, index - 3), index))) return whole;
      return add(
        value === null ? '?' : `${value}${decimals ? `.${digitsOf(decimals)}` : ''}${share || alone ? '%' : ''}`,
      );
    });
  for (const [token, unit = ''] of rest.matchAll(/[A-Za-z0-9]+(?:[-_.,:/][A-Za-z0-9]+)*([%万亿])?/g))
    for (const figure of figuresOfToken(token.slice(0, token.length - unit.length), unit)) found.add(figure);
  return found;
}

function figuresOfToken(token: string, unit: string): string[] {
  const [, year, month = '', day = '', tail = ''] = /^(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:T(.+))?$/.exec(token) ?? [];
  if (year && isDay(month, day)) return [number(year), dayOf(month, day), ...(tail ? figuresOfToken(tail, '') : [])];
  const [, first = '', second = ''] = /^(\d{1,2})-(\d{1,2})$/.exec(token) ?? [];
  if (isDay(first, second)) return [dayOf(first, second)];
  const clock = /^(\d{1,2}):(\d{2})(?::\d{2})?(?:\.\d+)?$/.exec(token);
  if (clock) return [timeOf(clock[1] ?? '', clock[2] ?? '')];
  if (/^\d{1,3}(?:,\d{3})+(?:\.\d+)?$|^\d+(?:\.\d+)?$/.test(token)) return [scaled(number(token), unit)];
  if (/[A-Za-z]/.test(token)) {
    // A code stays whole; words that only stand beside one do not.
    return token
      .split(/[.,:/]/)
      .flatMap((part) => (/\d/.test(part) ? [/[A-Za-z]/.test(part) ? part.toUpperCase() : number(part)] : []));
  }
  return token.split(/[-_,:/]/).flatMap((part) => (/\d/.test(part) ? [number(part)] : []));
}

const isDay = (month: string, day: string): boolean =>
  Number(month) >= 1 && Number(month) <= 12 && Number(day) >= 1 && Number(day) <= 31;
const dayOf = (month: string, day: string): string => `${month.padStart(2, '0')}-${day.padStart(2, '0')}`;
const monthOf = (month: string): string => `${Number(month)}月`;
const timeOf = (hour: string, minute: string): string => `${hour.padStart(2, '0')}:${minute.padStart(2, '0')}`;

/** `48,210.50` and `48210.5` are one figure. Long numbers are names of orders and stay as they are. */
function number(text: string): string {
  const plain = text.replaceAll(',', '');
  if (plain.includes('.')) return plain.replace(/^0+(?=\d)/, '').replace(/\.?0+$/, '');
  return plain.length > 5 ? plain : plain.replace(/^0+(?=\d)/, '');
}

function scaled(figure: string, unit: string): string {
  if (unit === '%') return `${figure}%`;
  return unit === '' ? figure : String(Number((Number(figure) * (unit === '万' ? 1e4 : 1e8)).toFixed(4)));
}

function asciiDigit(mark: string): string {
  if (mark >= '0' && mark <= '9') return mark;
  // Digits stand ten in a row, zero first, in every script.
  let zero = mark.codePointAt(0) ?? 0;
  while (/\p{Nd}/u.test(String.fromCodePoint(zero - 1)) && (mark.codePointAt(0) ?? 0) - zero < 9) zero -= 1;
  return String((mark.codePointAt(0) ?? 0) - zero);
}

const values = '零一二三四五六七八九';
const digitOf = (mark: string): number => (mark === '〇' ? 0 : mark === '两' ? 2 : values.indexOf(mark));
const digitsOf = (text: string): string => [...text].map(digitOf).join('');

/** 三十一 → 31, 一二三 → 123; null where it is no number. */
function numberInWords(text: string): number | null {
  if (![...text].some((mark) => '十百千万亿'.includes(mark))) return Number(digitsOf(text));
  let total = 0;
  let section = 0;
  let last = 0;
  for (const mark of text) {
    const power = { 十: 10, 百: 100, 千: 1000 }[mark];
    const large = { 万: 1e4, 亿: 1e8 }[mark];
    if (power) {
      section += (last || 1) * power;
      last = 0;
    } else if (large) {
      total = (total + section + last) * large;
      section = 0;
      last = 0;
    } else last = digitOf(mark);
  }
  const value = total + section + last;
  return value > 0 ? value : null;
}
