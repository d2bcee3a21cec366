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
