import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from '../../root.ts';
import { simplify } from './simplify.ts';

/** Where the reader's Chinese stands: concept words, the corpus, and what was learned from it. */
export const readerFolder = join(projectRoot, 'prompts', 'zh', 'reader');

interface Word {
  text: string;
  /** `push`, or `category.transport`: a family and one of its values. A word may have several. */
  concepts: readonly string[];
  /** Also read where other characters of the same sound stand. */
  heard: boolean;
}

/** A concept word in a text, from its first character up to (not with) `to`. */
export interface Token {
  from: number;
  to: number;
  concepts: readonly string[];
}

interface Node {
  next: Map<string, Node>;
  word?: Word;
}

const root: Node = { next: new Map() };
const words = load();

function load(): ReadonlyMap<string, Word> {
  const all = new Map<string, Word>();
  for (const line of readFileSync(join(readerFolder, 'lexicon.txt'), 'utf8').split('\n')) {
    if (line.startsWith('#') || line.trim() === '') continue;
    const [head = '', ...texts] = line.split(' ');
    const concept = head.replace('~', '');
    for (const written of texts) {
      const text = simplify(written.length > 1 ? written.replaceAll('_', ' ') : written);
      const { concepts = [], heard = false } = all.get(text) ?? {};
      all.set(text, { text, concepts: [...new Set([...concepts, concept])], heard: heard || head.endsWith('~') });
    }
  }
  for (const word of all.values()) {
    let node = root;
    for (const char of word.text) {
      const next = node.next.get(char) ?? { next: new Map() };
      node.next.set(char, next);
      node = next;
    }
    node.word = word;
  }
  return all;
}

/** Words that are also read by their sound. */
export const heardWords: readonly string[] = [...words.values()].filter(({ heard }) => heard).map(({ text }) => text);

/** All words of a concept. */
export const wordsOf = (concept: string): string[] =>
  [...words.values()].filter(({ concepts }) => concepts.includes(concept)).map(({ text }) => text);

/** What a family distinguishes: of `category`, the causes. */
export const membersOf = (family: string): ReadonlySet<string> =>
  new Set(
    [...words.values()]
      .flatMap(({ concepts }) => concepts)
      .flatMap((concept) => (concept.startsWith(`${family}.`) ? [concept.slice(family.length + 1)] : [])),
  );

/** A small Latin letter or a digit, by its code: they make up words that are only read whole. */
const isLatin = (code: number): boolean => (code >= 97 && code <= 122) || (code >= 48 && code <= 57);
const letterS = 's'.charCodeAt(0);

/** The longest concept word that begins at `from` and ends by `end`; words in Latin letters only whole. */
export function wordAt(lower: string, from: number, end = lower.length): Token | null {
  const code = (at: number): number => (at < 0 ? 0 : lower.charCodeAt(at));
  if (isLatin(code(from)) && isLatin(code(from - 1))) return null;
  let node = root.next.get(lower[from] ?? '');
  let found: Token | null = null;
  for (let to = from + 1; node && to <= end; to++) {
    if (node.word) {
      const cut = isLatin(code(to - 1)) && isLatin(code(to));
      // Timeout and timeouts are one word.
      const plural = cut && code(to) === letterS && code(to - 1) > 96 && !isLatin(code(to + 1));
      if (!cut || plural) found = { from, to: plural ? to + 1 : to, concepts: node.word.concepts };
    }
    node = node.next.get(lower[to] ?? '');
  }
  return found;
}
