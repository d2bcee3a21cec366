import type { Quoted } from './message.ts';

const longest = 2000;
const mostParts = 2000;
/** Where platforms keep the words of a message: texts, parts of rich texts, elements of cards. */
const wordKeys = new Set(['text', 'content', 'title', 'value', 'recognition', 'markdown', 'user_dsl']);
/** A card that was sent for newer clients comes back as this instead of itself. */
const placeholder = /请升级至最新版本客户端/;

/** All the words in a platform's content of whatever shape, in order; '' where there are none. */
export function wordsIn(content: unknown): string {
  const words: string[] = [];
  // Not by recursion: how deep it goes is up to a stranger.
  const open: [key: string, value: unknown][] = [['content', content]];
  for (let seen = 0; open.length > 0 && seen < mostParts; seen++) {
    const [key, value] = open.pop() as [string, unknown];
    if (typeof value === 'string') {
      const inner = /^\s*[{[]/.test(value) ? parsed(value) : null;
      if (inner) open.push([key, inner]);
      else if (wordKeys.has(key) && value.trim() !== '') words.push(value.trim());
    } else if (Array.isArray(value)) open.push(...value.map((part): [string, unknown] => [key, part]).reverse());
    else if (value !== null && typeof value === 'object') open.push(...Object.entries(value).reverse());
  }
  const text = words
    .join('\n')
    .replace(/@_(?:user_\d+|all)/g, '')
    .trim();
  return placeholder.test(text) ? '' : [...text].slice(0, longest).join('');
}

/** What is quoted, by its words, or by a name it can be looked up by. */
export function quotedWords(content: unknown, ref?: string): Quoted {
  const text = wordsIn(content);
  return { ...(text ? { text } : {}), ...(ref ? { ref } : {}), ...(text || ref ? {} : { unreadable: true }) };
}

function parsed(text: string): object | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' ? value : null;
  } catch {
    return null;
  }
}
