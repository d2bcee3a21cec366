import type { Piece } from './piece.ts';

/** What stands for a claimed stretch, so that the scorer learns shapes of sentences and not names or days. */
const masks: Readonly<Record<string, string>> = {
  time: 'T',
  order: 'O',
  code: 'K',
  number: 'N',
  shop: 'S',
  warehouse: 'W',
  person: 'P',
  field: 'F',
  schedule: 'E',
  duration: 'D',
};

/** Concepts that say little of what is meant: their characters are looked at, their kind is not. */
const idle = new Set(['small', 'surname', 'other']);

/** A clause as the scorer sees it. */
export interface Look {
  /** Its characters with spans masked, its concept words, and its words in Latin letters; each with its edges. */
  masked: readonly string[];
  concepts: readonly string[];
  latin: readonly string[];
  /** All of it as one text. */
  key: string;
}

export function lookOf(text: string, pieces: readonly Piece[]): Look {
  const masked = ['^'];
  const concepts: string[] = ['^'];
  const latin: string[] = ['^'];
  for (const piece of pieces) {
    const mask = masks[piece.kind];
    if (mask) {
      masked.push(mask);
      concepts.push(mask);
      continue;
    }
    const shown = text.slice(piece.from, piece.to).toLowerCase();
    if (/[a-z]/.test(shown)) for (const word of shown.match(/[a-z']+/g) ?? []) latin.push(word);
    for (const char of shown) {
      if (char >= '0' && char <= '9') {
        if (masked.at(-1) !== '#') masked.push('#');
      } else if (char !== ' ') masked.push(char);
    }
    for (const concept of piece.concepts) if (!idle.has(concept)) concepts.push(concept);
  }
  masked.push('$');
  concepts.push('$');
  latin.push('$');
  return { masked, concepts, latin, key: `${masked.join('')} ${concepts.join(' ')} ${latin.join(' ')}` };
}

/** Hashes of everything the scorer looks at in a clause. Each hash once. */
export const featuresOf = (text: string, pieces: readonly Piece[]): number[] => hashesOf(lookOf(text, pieces));

/** Runs of 1 to 4 characters of the masked text with its edges, and concept words alone, in twos and threes, and at the edges. */
export function hashesOf({ masked, concepts, latin }: Look): number[] {
  const found = new Set<number>();
  for (let from = 0; from < masked.length; from++) {
    let hash = 0x811c9dc5;
    for (let to = from; to < masked.length && to < from + 4; to++) {
      hash = mix(hash, masked[to] as string);
      if (to > from || (masked[to] !== '^' && masked[to] !== '$')) found.add(hash);
    }
  }
  for (let at = 0; at < concepts.length; at++) {
    const one = mix(0x1234567, concepts[at] as string);
    found.add(one);
    if (at + 1 < concepts.length) {
      const two = mix(one, concepts[at + 1] as string);
      found.add(two);
      if (at + 2 < concepts.length) {
        found.add(mix(two, concepts[at + 2] as string));
        found.add(mix(mix(one, '_'), concepts[at + 2] as string));
      }
    }
  }
  for (let at = 0; latin.length > 2 && at < latin.length; at++) {
    const one = mix(0x7654321, latin[at] as string);
    found.add(one);
    if (at + 1 < latin.length) found.add(mix(mix(one, ' '), latin[at + 1] as string));
    if (at + 2 < latin.length) found.add(mix(mix(mix(one, '  '), latin[at + 1] as string), latin[at + 2] as string));
  }
  return [...found];
}

/** FNV-1a over UTF-16 code units, as an unsigned 32-bit number. */
export function mix(hash: number, text: string): number {
  let mixed = hash;
  for (let at = 0; at < text.length; at++) mixed = Math.imul(mixed ^ text.charCodeAt(at), 0x01000193);
  return mixed >>> 0;
}
