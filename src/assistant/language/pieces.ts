import { wordAt, wordsOf } from './lexicon.ts';
import { withNames } from './named.ts';
import { type NumberSpan, readNumbers } from './numbers.ts';
import type { Piece } from './piece.ts';
import { readDuration } from './time/duration.ts';
import { readTime, type TimeReading } from './time/read.ts';
import { recurring } from './time/schedule.ts';

/** Names that this merchant's data know, beside what can be seen by the shape of a name. */
export interface Names {
  shops: readonly string[];
  warehouses: readonly string[];
  /** What people here are called in full. */
  people?: readonly string[];
  /** The prefixes our own bill numbers begin with. */
  prefixes: readonly string[];
}

export const noNames: Names = { shops: [], warehouses: [], prefixes: ['JST'] };

export interface Pieces {
  text: string;
  pieces: Piece[];
  time: TimeReading;
}

/** People as colleagues call them: 小李, 王姐, 刘会计. */
const family = `(?:${wordsOf('surname').join('|')})`;
const called = new RegExp(`[小老阿]${family}|${family}(?:姐|哥|总|工|会计|经理|主管|老师|师傅|主任|老板)`, 'g');

/** Fields as the two systems spell them: FTaxPrice, items.sale_price. */
const fieldCode = /(?<![A-Za-z\d_.])(?:F_?[A-Z][A-Za-z_]+|(?:items\.)?[a-z]+(?:_[a-z]+)+|items\.[a-z]+)(?![A-Za-z\d])/g;

/** So many of what was shown: 「这 3 单」, 「嗰三张」. */
const counted = /[这那嗰呢该](?:\d{1,3}|[一两二三四五六七八九十]{1,3})(?:单|张|条|个单|笔)/g;
/** As people say how many there are. */
const numeral = (count: number): string =>
  ['', '一', '[两二俩]', '三', '四', '五', '六', '七', '八', '九', '十'][count] ?? String(count);

/** A name in quotes behind what it is the name of; a place that goes by a number. */
const quoted = /(?:(店铺?|网店|门店)|(仓库?))\s*["“「『]([^"”」』]{1,30})["”」』]|(?<!\d)(\d{1,2}号)(?:(店)|(仓库?))/g;

/** What is named beside the other shops, and left out. */
const leftOut =
  /(?:除了?|除开|除去|except)\s*([^,，。除]{2,12}?)\s*(?:[,，]|[以之]外的?|外)\s*(?:其[他它余]|别|另外)的?(?:几[家个])?店/g;

/** Cuts a normalised text into pieces: times, numbers, names, concept words, and what nobody knows. */
export function readPieces(text: string, now: string, names: Names): Pieces {
  const numbers = readNumbers(text, names.prefixes);
  const orders = numbers.filter(({ kind }) => kind === 'order');
  const time = readTime(text, now, orders);
  const claimed = [
    ...knownNames(text, names),
    ...time.spans.map(({ from, to }): Piece => ({ from, to, kind: 'time', concepts: [], value: text.slice(from, to) })),
    // 「每天」 alone may also say what figures are grouped by.
    ...recurring(text).map(({ from, to }): Piece => {
      const word = wordAt(text.toLowerCase(), from);
      const concepts = word && word.to >= to ? word.concepts : [];
      return { from, to, kind: 'schedule', concepts, value: text.slice(from, to) };
    }),
  ];
  const free = (span: { from: number; to: number }): boolean =>
    claimed.every(({ from, to }) => span.to <= from || span.from >= to);
  const lasting = readDuration(text)?.span;
  if (lasting && free(lasting))
    claimed.push({ ...lasting, kind: 'duration', concepts: [], value: text.slice(lasting.from, lasting.to) });
  for (const span of numbers) if (free(span)) claimed.push(pieceOf(span));
  for (const match of /[A-Z]|_|items/.test(text) ? text.matchAll(fieldCode) : []) {
    const span = { from: match.index, to: match.index + match[0].length };
    if (free(span)) claimed.push({ ...span, kind: 'field', concepts: [], value: match[0] });
  }
  for (const match of text.matchAll(counted)) {
    const span = { from: match.index, to: match.index + match[0].length };
    // A count that is not that of the numbers beside it tells that more is meant.
    const kind =
      orders.length > 0 && !new RegExp(`${numeral(orders.length)}|${orders.length}`).test(match[0])
        ? 'unknown'
        : 'word';
    if (free(span)) claimed.push({ ...span, kind, concepts: kind === 'word' ? ['these'] : [], value: match[0] });
  }
  for (const [at, order] of orders.entries()) {
    const next = orders[at + 1];
    // 「8830412到8830415」 are more than two; what stands between many is a mark.
    const joint = next && /^\s*(?:到|至|-|~|—)+\s*$/.test(text.slice(order.to, next.from));
    if (joint && orders.length === 2)
      claimed.push({
        from: order.to,
        to: next.from,
        kind: 'unknown',
        concepts: [],
        value: text.slice(order.from, next.to),
      });
  }
  const said =
    orders.length > 0
      ? new RegExp(`(?:以下|下列|这)?(?:${orders.length}|${numeral(orders.length)})[单张个条笔]`).exec(text)
      : null;
  if (said) {
    const span = { from: said.index, to: said.index + said[0].length };
    if (free(span)) claimed.push({ ...span, kind: 'word', concepts: ['small'], value: said[0] });
  }
  for (const match of text.matchAll(quoted)) {
    const [all, shop, , name, numbered = '', shopNumbered] = match;
    const span = { from: match.index, to: match.index + all.length };
    const kind = shop || shopNumbered ? 'shop' : 'warehouse';
    if (orders.every(({ from, to }) => span.to <= from || span.from >= to))
      claimed.unshift({ ...span, kind, concepts: [], value: name ?? (numbered ? all : '') });
  }
  for (const match of /除|except/.test(text) ? text.matchAll(leftOut) : []) {
    const from = match.index + match[0].indexOf(match[1] ?? '');
    const span = { from, to: from + (match[1] ?? '').length };
    if (free(span)) claimed.push({ ...span, kind: 'shop', concepts: [], value: match[1] ?? '' });
  }
  for (const match of /[小老阿姐哥总工计理管师任]/.test(text) ? text.matchAll(called) : []) {
    const span = { from: match.index, to: match.index + match[0].length };
    if (free(span)) claimed.push({ ...span, kind: 'person', concepts: [], value: match[0] });
  }
  claimed.sort((a, b) => a.from - b.from || b.to - a.to);
  return { text, pieces: withNames(text, withWords(text, claimed)), time };
}

const pieceOf = ({ from, to, kind, value }: NumberSpan): Piece => ({ from, to, kind, concepts: [], value });

function knownNames(text: string, { shops, warehouses, people = [] }: Names): Piece[] {
  const found: Piece[] = [];
  for (const [kind, known] of [
    ['shop', shops],
    ['warehouse', warehouses],
    ['person', people.filter((name) => wordAt(name.toLowerCase(), 0)?.to !== name.length)],
  ] as const) {
    for (const name of known) {
      const from = standsAt(text, name);
      if (from < 0 || name.length < 2) continue;
      const to = from + name.length;
      if (found.some((one) => from < one.to && to > one.from && one.to - one.from >= name.length)) continue;
      found.push({ from, to, kind, concepts: [], value: name });
    }
  }
  return found.filter(
    (a) => !found.some((b) => a !== b && a.from >= b.from && a.to <= b.to && b.value.length > a.value.length),
  );
}

/** Where a name first stands by itself, else -1: a number is no part of a longer one. */
function standsAt(text: string, name: string): number {
  const isWordy = (letter = ''): boolean => /[0-9a-z]/i.test(letter);
  for (let from = text.indexOf(name); from >= 0; from = text.indexOf(name, from + 1)) {
    const to = from + name.length;
    const runsOn = (isWordy(text[from - 1]) && isWordy(name[0])) || (isWordy(name.at(-1)) && isWordy(text[to]));
    if (!runsOn) return from;
  }
  return -1;
}

/** Fills what is between claimed pieces with concept words and unknown stretches. */
function withWords(text: string, claimed: readonly Piece[]): Piece[] {
  const lower = text.toLowerCase();
  const pieces: Piece[] = [];
  let at = 0;
  const fill = (end: number): void => {
    while (at < end) {
      const token = wordAt(lower, at, end);
      const last = pieces.at(-1);
      if (token) {
        pieces.push({ ...token, kind: 'word', value: lower.slice(at, token.to) });
        at = token.to;
      } else if (last?.kind === 'unknown' && last.to === at) {
        last.to = ++at;
        last.value = text.slice(last.from, at);
      } else {
        pieces.push({ from: at, to: at + 1, kind: 'unknown', concepts: [], value: text.slice(at, at + 1) });
        at++;
      }
    }
  };
  for (const piece of claimed) {
    if (piece.from < at) continue;
    fill(piece.from);
    pieces.push(piece);
    at = piece.to;
  }
  fill(text.length);
  return pieces.filter(({ value, from, to }) => value !== ' ' || isBreak(text, from, to));
}

/** Whether a space stands between two stretches of Chinese, where others write a comma. */
const isBreak = (text: string, from: number, to: number): boolean =>
  /[\u3400-\u9fff]/.test(text[from - 1] ?? '') && /[\u3400-\u9fff]/.test(text[to] ?? '');
