import type { Scan, Token } from './token.ts';
import { digitOf, maybeDate, mostDigits, unitBehind } from './words/digits.ts';
import { fold, isDigit, isLatin, space } from './words/fold.ts';
import { isNumeral, numeral } from './words/numeral.ts';
import { plain, sign, signs } from './words/signs.ts';
import { readStamp } from './words/stamp.ts';
import { found, longest, single } from './words/trie.ts';
import type { Kind, Word } from './words/word.ts';

/** So many tokens of time are read; a long sentence has a dozen. */
export const mostTokens = 64;
/** What counts as one: words that name a stretch, and numbers. The small words between are in every sentence. */
const timely: ReadonlySet<Kind> = new Set<Kind>([
  'num',
  'stamp',
  'near',
  'near-part',
  'near-weekday',
  'that-day',
  'weekday',
  'weekend',
  'week',
  'part',
  'third',
  'half-month',
  'half-year',
  'numbered-quarter',
  'month-name',
  'festival',
  'rolling',
  'unclear',
]);
const one = '一'.charCodeAt(0);
const nowWord = '今'.charCodeAt(0);
/** 「两」 counts, and numbers nothing: 「两月」 are two months. */
const pairWords: ReadonlySet<number> = new Set([...'两俩'].map((word) => word.charCodeAt(0)));
class Scanner {
  readonly tokens: Token[] = [];
  index = 0;
  private counted = 0;
  private readonly text: string;

  constructor(text: string) {
    this.text = text;
  }

  scan(): Scan {
    while (this.index < this.text.length && this.counted < mostTokens) {
      const code = this.code(this.index);
      if (code === space) this.index += 1;
      else if (isDigit(code)) this.digits();
      else if (isNumeral(code)) this.numeral(code);
      else if (longest(this.text, this.index)) this.word(found.word ?? plain, found.end);
      else if (isLatin(code)) this.push(plain, this.codeEnd());
      else this.sign(code);
    }
    return { tokens: this.tokens, cut: this.index < this.text.length };
  }

  /** Behind a number a unit is one, whatever word it could begin: 「9月结算」. */
  private word(word: Word, end: number): void {
    const before = this.tokens[this.tokens.length - 1];
    const unit = word.kind === 'other' && before?.kind === 'num' && before.to === this.index;
    const own = unit ? single(this.text, this.index) : null;
    if (own && own.kind !== 'other') this.push(own, this.index + 1);
    // 「至今天」 goes up to today.
    else if (word.kind === 'till-now' && this.code(end - 1) === nowWord && longest(this.text, end - 1)) {
      const joint = found.end > end;
      this.push(joint ? sign('to', '') : word, joint ? end - 1 : end);
    } else this.push(word, end);
  }

  private code(index: number): number {
    return index < this.text.length ? fold(this.text.charCodeAt(index)) : 0;
  }

  private push(word: Word, to: number, n = word.n, digits = 0): number {
    // 「九月呃五号」: what is said while thinking is no more than a space.
    if (word.kind === 'particle') {
      this.index = to;
      return to;
    }
    const before = this.tokens[this.tokens.length - 1];
    if (word.kind === 'other' && before?.kind === 'other' && before.to === this.index) before.to = to;
    else this.tokens.push({ kind: word.kind, n, name: word.name, latin: word.latin, from: this.index, to, digits });
    if (timely.has(word.kind)) this.counted += 1;
    this.index = to;
    return to;
  }

  private run(of: (code: number) => boolean): number {
    let to = this.index + 1;
    while (to < this.text.length && of(this.code(to))) to += 1;
    return to;
  }

  private digits(): number {
    const to = this.run(isDigit);
    if (longest(this.text, this.index) && found.end > to) return this.push(found.word ?? plain, found.end);
    const size = to - this.index;
    if (size === 4 && this.code(to) === 45) {
      const stamp = readStamp(this.text, this.index);
      if (stamp) return this.push(sign('stamp', ''), stamp.end, stamp.at);
    }
    const slip = isLatin(this.code(to)) ? this.run((code) => digitOf(code) !== null) : to;
    // 「1O月」: a letter that looks like a digit is one before a unit.
    if (slip > to && slip - this.index <= 4 && unitBehind.has(this.code(slip))) return this.value(slip);
    // 「12ab」 is a code, unless the letters are a word that goes with a number: 「9am」.
    const coded = this.code(to) === 95 || (isLatin(this.code(to)) && !longest(this.text, to));
    if (size > mostDigits || coded) {
      const end = coded ? this.codeEnd() : to;
      return this.push(plain, Math.max(end, to));
    }
    return this.value(to);
  }

  private value(to: number): number {
    const size = to - this.index;
    let value = 0;
    for (let index = this.index; index < to; index += 1) value = value * 10 + (digitOf(this.code(index)) ?? 0);
    return maybeDate(size, value) ? this.push(sign('num', ''), to, value, size) : this.push(plain, to);
  }

  private numeral(code: number): number {
    const to = this.run(isNumeral);
    const before = this.tokens[this.tokens.length - 1];
    // 「5一8号」: a dash as voice input writes it.
    if (code === one && to === this.index + 1 && isDigit(this.code(to)) && before?.kind === 'num' && before.digits > 0)
      return this.push(sign('mark', '-'), to);
    const weekly = before?.kind === 'week' || (before?.kind === 'near' && before.name === 'week');
    const word = longest(this.text, this.index) ? found.word : null;
    const end = found.end;
    // 「周三十点」 is Wednesday, ten o'clock: behind a week stands one digit.
    if (weekly && before.to === this.index && word?.kind !== 'other') return this.number(this.index + 1);
    if (word && end >= to) return this.push(word, end);
    return this.number(to);
  }

  private number(to: number): number {
    const read = numeral(this.text, this.index, to);
    if (!read) return this.push(plain, to);
    const pair = to === this.index + 1 && pairWords.has(this.text.charCodeAt(this.index));
    return this.push(sign('num', read.row > 1 ? 'row' : pair ? 'pair' : ''), to, read.value, -read.row);
  }

  /** The end of a word of letters, digits and the signs inside a code or an address. */
  private codeEnd(): number {
    const isCode = (code: number): boolean =>
      isLatin(code) || isDigit(code) || code === 95 || code === 45 || code === 46 || code === 64;
    const to = this.run(isCode);
    return this.code(to) === 58 && this.code(to + 1) === 47 ? this.run((code) => code > space && code < 128) : to;
  }

  /** A sign, several of a kind in one: 「——」, 「..」. */
  private sign(code: number): number {
    const word = signs.get(code);
    if (!word) return this.push(plain, this.index + 1);
    const to = word.kind === 'mark' ? this.run((next) => next === code) : this.index + 1;
    return this.push(code === 46 && to > this.index + 1 ? sign('mark', '~') : word, to);
  }
}

const kept: { text: string; scan: Scan } = { text: '', scan: { tokens: [], cut: false } };

/** The sentence in tokens, in one pass. The last one is kept: several readers look at the same sentence. */
export function scan(text: string): Scan {
  if (kept.text !== text) {
    kept.scan = new Scanner(text).scan();
    kept.text = text;
  }
  return kept.scan;
}
