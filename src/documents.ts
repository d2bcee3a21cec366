import { hasPhrase, phrase } from './phrases.ts';

/** A kind of document in words: at the source, as a bill of the target, and the time it is counted by. */
export type DocumentWords = Record<'document' | 'bill' | 'time', string>;

/** What people call the documents of a pipeline. */
export function documentWords(pipeline: string): DocumentWords {
  const kind = hasPhrase(`documents.${pipeline}.document`) ? pipeline : 'other';
  const word = (name: keyof DocumentWords): string => phrase(`documents.${kind}.${name}`);
  return { document: word('document'), bill: word('bill'), time: word('time') };
}

/** The same of several, each once: 「出库单、退货单」. */
export const documentNames = (pipelines: Iterable<string>): string =>
  [...new Set([...pipelines].map((id) => documentWords(id).document))].join('、');
