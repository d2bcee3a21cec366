import { readPinyin, repairSounds } from './homophones.ts';
import { wordAt } from './lexicon.ts';
import { simplify } from './simplify.ts';

/** A text typed with a space behind every character. */
const spacedOut = (text: string): string =>
  /^(?:\S{1,2} ){4,}\S{1,2}$/.test(text.trim()) ? text.replaceAll(' ', '') : text;
/** Characters that a keyboard set to another script gives. */
const variants: Readonly<Record<string, string>> = { 歩: '步', 単: '单', 曰: '日', 庫: '库', 発: '发', 帳: '账' };

const cjk = '[\\u3400-\\u9fff]';
/**
 * A space between a number and its unit, or beside a single character, says nothing. One between two longer stretches of Chinese stays:
 * it is how many people write a comma.
 */
const idleSpace = new RegExp(
  `(?<=${cjk}) (?=\\d)|(?<=\\d) (?=${cjk})|(?<=(?:^|[^\\u3400-\\u9fff])${cjk}) (?=${cjk})|(?<=${cjk}) (?=${cjk}(?:$|[^\\u3400-\\u9fff]))`,
  'g',
);
const faces =
  /(?![\u{1F44C}\u{1F44D}])\p{Extended_Pictographic}|\p{Cf}|\p{Variation_Selector}|\p{Emoji_Modifier}|\[[\u4e00-\u9fa5]{1,3}\]/gu;

const numeral = '[一二三四五六七八九十百两]';
/** An order number of this century’s days that was dictated: 「260423 009」. */
const inOrder = /(?<=(?:^|\D)2\d[01]\d[0-3]\d) (?=\d{3}(?:\D|$))/g;
/** Inside a number that was dictated: 「六月二 十九号」. */
const inNumber = new RegExp(`(?<=[月年第]${numeral}{0,2}) (?=${numeral}{1,3}[号日月])`, 'g');
const gap = /(?<=[\u3400-\u9fff]) (?=[\u3400-\u9fff])/g;
const longestWord = 6;

/** A space in the middle of a word says nothing: 「同步一 下」. */
function joinWords(text: string): string {
  if (!text.includes(' ')) return text;
  let joined = text.replace(inNumber, '');
  for (const { index } of [...joined.matchAll(gap)].reverse()) {
    const without = joined.slice(0, index) + joined.slice(index + 1);
    const over = (of: string, at: number): boolean => (wordAt(of, at)?.to ?? 0) > index;
    const starts = Array.from({ length: Math.min(longestWord, index) }, (_, back) => index - 1 - back);
    const ends = starts.some((at) => at < index - 1 && wordAt(joined, at)?.to === index);
    const begins = (wordAt(joined, index + 1)?.to ?? 0) > index + 2;
    if (!(ends && begins) && starts.some((at) => over(without, at) && !over(joined.slice(0, index), at)))
      joined = without;
  }
  return joined;
}

/**
 * One spelling of a message: width, script (traditional → simplified), spaces, faces, and words written by their sound. What readers
 * say of places in a text is said of this one.
 */
export const normalise = (text: string): string => repairSounds(spelled(text));

/** Most messages: Chinese, letters, digits and common signs without a space, of which only the wide signs are spelled otherwise. */
const usual = /^[\u4e00-\u9fff\da-z,.:!?~()，。：！？；（）、-]+$/i;
const wide = /[，：！？；（）]/g;
const narrow: Readonly<Record<string, string>> = {
  '，': ',',
  '：': ':',
  '！': '!',
  '？': '?',
  '；': ';',
  '（': '(',
  '）': ')',
};

/** The same with its words as they were typed. */
export function spelled(text: string): string {
  if (usual.test(text)) return joined(text.replace(wide, (sign) => narrow[sign] ?? sign));
  const plain = spacedOut(text.normalize('NFKC').replace(/\s+/gu, ' '))
    .toWellFormed()
    .replace(faces, '')
    .replace(/\p{Cc}+|\s+/gu, ' ')
    .replace(idleSpace, '')
    .replace(inOrder, '')
    .trim();
  return joined(plain);
}

const joined = (plain: string): string =>
  joinWords(readPinyin(simplify(plain))).replace(/[歩単曰庫発帳]/g, (char) => variants[char] ?? char);
