import type { Kind, Word } from './word.ts';

/** What is no word of time. */
export const plain: Word = { kind: 'other', n: 0, name: '', latin: false };
/** A token that is no word of the tables: a number, a sign, a stamp. */
export const sign = (kind: Kind, name: string): Word => ({ kind, n: 0, name, latin: false });
/** The signs between words, by their character. */
export const signs = new Map<number, Word>(
  Object.entries({
    ...Object.fromEntries([...'-~./:'].map((mark) => [mark, sign('mark', mark)])),
    ...Object.fromEntries([...';。!?；！？'].map((mark) => [mark, sign('comma', '.')])),
    ',': sign('comma', ','),
    '(': sign('open', ''),
    ')': sign('close', ''),
    '【': sign('open', ''),
    '】': sign('close', ''),
  }).map(([mark, word]) => [mark.charCodeAt(0), word]),
);
