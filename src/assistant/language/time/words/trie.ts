import { festivals } from '../value/festivals.ts';
import { english } from './english.ts';
import { fold, isDigit, isLatin, space } from './fold.ts';
import { joints, unclear } from './joints.ts';
import { lookalikes } from './lookalikes.ts';
import { relative } from './relative.ts';
import { parts, pieces, units } from './units.ts';
import type { Row, Word } from './word.ts';

interface Node {
  next: Map<number, Node>;
  word: Word | null;
}

const node = (): Node => ({ next: new Map(), word: null });
const root = node();
const other: Word = { kind: 'other', n: 0, name: '', latin: false };
/** By character: whether a word begins with it. */
const begins = new Uint8Array(65536);

function add(spelling: string, word: Word): void {
  let at = root;
  for (let index = 0; index < spelling.length; index += 1) {
    const code = fold(spelling.charCodeAt(index));
    let next = at.next.get(code);
    if (!next) {
      next = node();
      at.next.set(code, next);
    }
    at = next;
  }
  // The first that names a spelling keeps it.
  at.word ??= word;
  begins[fold(spelling.charCodeAt(0))] = 1;
}

const named: readonly Row[] = festivals.map(
  ({ names }, index): Row => ['festival', index, '', names.replace(/ (?=[^a-z])|(?<=[^a-z]) /g, '|')],
);

for (const [kind, n, name, spellings] of [
  ...named,
  ...relative,
  ...parts,
  ...units,
  ...pieces,
  ...joints,
  ...unclear,
  ...english,
  ...lookalikes,
]) {
  const word: Word = kind === 'other' ? other : { kind, n, name, latin: false };
  for (const spelling of spellings.split('|'))
    if (spelling) add(spelling, isLatin(spelling.charCodeAt(0)) && kind !== 'other' ? { ...word, latin: true } : word);
}

/** Where the longest word that begins at `from` ends, and which it is. Spaces between characters of a Chinese word are passed over. */
export const found: { word: Word | null; end: number } = { word: null, end: 0 };

export function longest(text: string, from: number): boolean {
  found.word = null;
  if (begins[fold(text.charCodeAt(from))] === 0) return false;
  let at: Node | undefined = root;
  let before = 0;
  for (let index = from; index < text.length; index += 1) {
    const code = fold(text.charCodeAt(index));
    let next: Node | undefined = at.next.get(code);
    if (!next && code === space && before > 0x2e80) continue;
    if (!next) break;
    while (code === space && fold(text.charCodeAt(index + 1)) === space) index += 1;
    at = next;
    before = code;
    next = undefined;
    if (at.word && ends(text, index)) {
      found.word = at.word;
      found.end = index + 1;
    }
  }
  return found.word !== null;
}

/** The word of one character, for a unit close behind its number: 「9月」 in 「9月结算」. */
export const single = (text: string, from: number): Word | null =>
  root.next.get(fold(text.charCodeAt(from)))?.word ?? null;

/** A word of letters or digits does not end inside a longer run of them: 「q3」 in 「q30」. */
function ends(text: string, index: number): boolean {
  const code = fold(text.charCodeAt(index));
  if (index + 1 >= text.length) return true;
  const next = fold(text.charCodeAt(index + 1));
  if (isDigit(code)) return !isDigit(next) && !isLatin(next);
  return !isLatin(code) || !isLatin(next);
}
