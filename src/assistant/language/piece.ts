/** A stretch of a text and who claims it; every character is in exactly one. */
export interface Piece {
  from: number;
  to: number;
  kind:
    | 'time'
    | 'schedule'
    | 'duration'
    | 'order'
    | 'code'
    | 'field'
    | 'number'
    | 'shop'
    | 'warehouse'
    | 'person'
    | 'word'
    | 'unknown';
  /** Of a word: what it can mean. */
  concepts: readonly string[];
  value: string;
}

const dot = 46;

/** Whether a word is of a family. Asked a thousand times a sentence, so nothing is made for it. */
export function has(piece: Piece | undefined, family: string): boolean {
  if (piece === undefined) return false;
  const { concepts } = piece;
  for (let at = 0; at < concepts.length; at++) {
    const concept = concepts[at] as string;
    if (concept === family || (concept.charCodeAt(family.length) === dot && concept.startsWith(family))) return true;
  }
  return false;
}
