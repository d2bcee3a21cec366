/** A number or code in a text, from its first character up to (not with) `to`. */
export interface NumberSpan {
  from: number;
  to: number;
  /** An order or a bill; a code with letters (SKU, customer); a short number that could be a shop's or a warehouse's. */
  kind: 'order' | 'code' | 'number';
  /** Without the prefix that our bill numbers begin with. */
  value: string;
  prefix?: string;
}

const longest = 32;
const inCode = /[A-Za-z0-9_-]/;
/** A code with points in it: 01.02.0087. */
const pointed = /^(?:\d+\.){2,}\d{3,}(?![\d.])/;
/** Numbers in a row with nothing but a hyphen or a point between them: the first of them. */
const inRow = /^(\d{7,})[-.](?=\d{7})/;
const orderWord =
  /(?:单号|单据编号|(?<!店铺?|门店|仓库?|客户|物料|商品|店)编号|订单|出库单|单子|(?<![a-z_])(?:io_?id|so_?id|o_?id)|order|单)[号是为:#\s]*$/i;

/** How many 「3」, 「三」 and 「两」 are; 0 where it is no number. */
export const countOf = (said: string): number =>
  said === '' ? 0 : /^[两俩]$/.test(said) ? 2 : Number(said) || '一二三四五六七八九十'.indexOf(said) + 1;

/**
 * The numbers of a text in one pass: order numbers (7 to 32 digits, or whatever follows 「单号」; our own bill numbers without their
 * prefix), codes and short numbers. A day written in eight digits is none unless 「单号」 stands before it. Dates, clocks and
 * amounts in other forms belong to the readers of time and are left to them.
 */
export function readNumbers(text: string, prefixes: readonly string[]): NumberSpan[] {
  const spans: NumberSpan[] = [];
  for (let at = 0; at < text.length; ) {
    if (!/[A-Za-z0-9]/.test(text[at] ?? '')) {
      const spoken = spokenAt(text, at);
      if (spoken) spans.push(spoken);
      at = spoken?.to ?? at + 1;
      continue;
    }
    const joined = inRow.exec(text.slice(at, at + 2 * longest));
    const dotted = joined ? undefined : pointed.exec(text.slice(at, at + longest))?.[0];
    if (dotted && !/^\d{4}\./.test(dotted)) {
      spans.push({ from: at, to: at + dotted.length, kind: 'code', value: dotted });
      at += dotted.length;
      continue;
    }
    let to = at;
    while (to < text.length && inCode.test(text[to] ?? '')) to++;
    if (joined) to = at + (joined[1] ?? '').length;
    const span = numberOf(text, at, to, prefixes, spans.at(-1));
    if (span) spans.push(span);
    at = joined ? to + 1 : to;
  }
  return spans;
}

const spokenDigits = '零一二三四五六七八九';

/** A number read out digit by digit: 「二六一一二五零零九」. */
function spokenAt(text: string, from: number): NumberSpan | null {
  let value = '';
  for (const char of text.slice(from, from + longest)) {
    const digit = spokenDigits.indexOf(char === '〇' ? '零' : char === '幺' ? '一' : char);
    if (digit < 0) break;
    value += digit;
  }
  return value.length >= 7 ? { from, to: from + value.length, kind: 'order', value } : null;
}

function numberOf(
  text: string,
  from: number,
  end: number,
  prefixes: readonly string[],
  before: NumberSpan | undefined,
): NumberSpan | null {
  let to = end;
  while (/[-_]/.test(text[to - 1] ?? '')) to--;
  const written = text.slice(from, to);
  if (written.length > longest) return null;
  // A part of a date, a clock or an amount.
  const row = inRow.test(text.slice(from, end + longest)) || /\d{7}[-.]$/.test(text.slice(Math.max(0, from - 8), from));
  // A long number beside a stroke is one of a list.
  const listed = /^\d{7,}$/.test(written) && !isDay(written) && /^\/\d{7}|^[^.:/]|^$/.test(text.slice(to, to + 8));
  const around =
    !row &&
    !listed &&
    (/\d[.:/]$/.test(text.slice(Math.max(0, from - 2), from)) || /^[.:/]\d/.test(text.slice(to, to + 2)));
  const prefix = prefixes.find((one) => written.toUpperCase().startsWith(one));
  // 「JST 261123005」
  if (/^[A-Za-z]+$/.test(written)) return null;
  const spaced = prefixes.find((one) => text.slice(0, from).toUpperCase().endsWith(`${one} `));
  if (prefix && /^[-_]?[A-Za-z]?\d{4,}$/.test(written.slice(prefix.length)))
    return { from, to, kind: 'order', value: written.slice(prefix.length).replace(/^[-_]/, ''), prefix };
  const named = orderWord.test(text.slice(Math.max(0, from - 10), from)) || continues(text, from, before);
  if (/^\d+$/.test(written)) {
    if (around) return null;
    if (/^[年月日号点时分]/.test(text.slice(to, to + 1)) && written.length < 7) return null;
    if (spaced) return { from: from - spaced.length - 1, to, kind: 'order', value: written, prefix: spaced };
    const long = written.length >= 7 && (!isDay(written) || named);
    if (long || (named && written.length >= 5)) return { from, to, kind: 'order', value: written };
    return written.length >= 4 && written.length <= 6 ? { from, to, kind: 'number', value: written } : null;
  }
  if (!/\d/.test(written) || /^\d{1,4}(?:-\d{1,2}){1,2}$|^\d+-\d+$/.test(written)) return null;
  if (named && (written.match(/\d/g) ?? []).length >= 4) return { from, to, kind: 'order', value: written };
  return /^[A-Za-z]/.test(written) && written.length >= 3 ? { from, to, kind: 'code', value: written } : null;
}

/** Whether a number goes on with the list that an order number began. */
const continues = (text: string, from: number, before: NumberSpan | undefined): boolean =>
  before?.kind === 'order' && /^\s*(?:[、,;/]|和|跟|与|及)?\s*$/.test(text.slice(before.to, from));

function isDay(digits: string): boolean {
  const [, year = '', month = '', day = ''] = /^(20\d\d)(\d\d)(\d\d)$/.exec(digits) ?? [];
  const date = new Date(`${year}-${month}-${day}T00:00:00Z`);
  return year !== '' && !Number.isNaN(date.getTime()) && date.getUTCDate() === Number(day);
}
