import { pinyin } from 'pinyin-pro';
import { heardWords, wordAt } from './lexicon.ts';

/** Characters that stand beside any word, and so say nothing of how the next one sounds. */
const unheard = /[的了着过地得吗呢吧\d\p{ASCII}]/u;
const syllablesOf = new Map<string, readonly string[]>();
const byPinyin = new Map<string, string>();
const byFirst = new Map<string, Heard[]>();

/** Ends and beginnings that many speakers and their keyboards do not keep apart. */
const blurred = (sound: string): string => sound.replace(/([zcs])h/g, '$1').replace(/([ie])ng/g, '$1n');

for (const text of heardWords) {
  const sounds = pinyin(text, { toneType: 'none', type: 'array' }).map(blurred);
  const first = sounds[0] ?? '';
  byFirst.set(first, [...(byFirst.get(first) ?? []), { text, sounds }]);
  if (sounds.length > 1) byPinyin.set(sounds.join(''), text);
}

function syllables(char: string): readonly string[] {
  const known = syllablesOf.get(char);
  if (known) return known;
  const read = unheard.test(char) ? [] : pinyin(char, { toneType: 'none', type: 'array', multiple: true }).map(blurred);
  syllablesOf.set(char, read);
  return read;
}

/**
 * Words typed with, or dictated as, other characters of the same sound: 「同不昨天的订但」 → 「同步昨天的订单」. Only words that the lexicon
 * marks; at least one character has to be right, and a word the lexicon knows as it stands (超市, 重视) is left alone. The length stays.
 */
export function repairSounds(text: string): string {
  let repaired = text;
  for (let at = 0; at < text.length; ) {
    const exact = wordAt(text, at)?.to ?? at;
    const word = heardAt(text, at);
    // 「出库但」: a word that is known as it stands is left alone, unless it only begins the one that is heard.
    if (exact - at > 1 && !(word && word.length > exact - at && word.startsWith(text.slice(at, exact)))) {
      at = exact;
      continue;
    }
    if (word) repaired = repaired.slice(0, at) + word + repaired.slice(at + word.length);
    at += word?.length ?? 1;
  }
  return repaired;
}

/** Words left as the pinyin they were to be typed with: 「tongbu昨天的」 → 「同步昨天的」. */
export const readPinyin = (text: string): string =>
  text.replace(/(?<![a-z\d])[a-z]{4,}(?![a-z\d])/gi, (typed) => byPinyin.get(blurred(typed.toLowerCase())) ?? typed);

interface Heard {
  text: string;
  sounds: readonly string[];
}

/** Words that may begin with a character, by how it sounds; most characters begin none. */
const begunBy = new Map<string, readonly Heard[]>();

function wordsFrom(char: string): readonly Heard[] {
  const known = begunBy.get(char);
  if (known) return known;
  const words = syllables(char).flatMap((sound) => byFirst.get(sound) ?? []);
  begunBy.set(char, words);
  return words;
}

function heardAt(text: string, at: number): string | null {
  for (const word of wordsFrom(text[at] ?? ''))
    if (sounds(text, at, word) && fits(text, at, word.text)) return word.text;
  return null;
}

/** Whether a word is heard here, and written with at least one character of its own. */
function sounds(text: string, at: number, { text: word, sounds: heard }: Heard): boolean {
  let right = false;
  for (let index = 0; index < word.length; index++) {
    const char = text[at + index] ?? '';
    if (char === word[index]) right = true;
    else if (!syllables(char).includes(heard[index] ?? '')) return false;
  }
  return right;
}

/** Whether no other word begins inside and reaches beyond it. */
function fits(text: string, at: number, word: string): boolean {
  for (let index = 1; index < word.length; index++)
    if ((wordAt(text, at + index)?.to ?? 0) > at + word.length) return false;
  return true;
}
