import type { Kind } from './words/word.ts';

/** A piece of the sentence: a word of time, a number, a sign, or `other` for what is none of these. */
export interface Token {
  kind: Kind;
  n: number;
  name: string;
  latin: boolean;
  from: number;
  to: number;
  /** Of a number: how many digits it is written with; negative for Chinese digits in a row, 0 for a counted Chinese number. */
  digits: number;
}

export interface Scan {
  tokens: readonly Token[];
  /** There was more than anybody says in a sentence; the rest was not looked at. */
  cut: boolean;
}
