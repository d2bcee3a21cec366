import { isDigit } from './fold.ts';

/** Digits in a row that may be a date or a part of one: up to four, 202609, 20260905. Any others number something, and are passed over. */
export const maybeDate = (size: number, value: number): boolean =>
  size <= 4 ||
  (size === 6 && Math.floor(value / 10_000) === 20) ||
  (size === 8 && Math.floor(value / 1_000_000) === 20);
export const mostDigits = 8;
/** The digit a character is, or looks like. */
export const digitOf = (code: number): number | null =>
  isDigit(code) ? code - 48 : code === 111 ? 0 : code === 108 || code === 105 ? 1 : null;
/** Units before which a letter between digits is one: 「1O月」. */
export const unitBehind: ReadonlySet<number> = new Set([...'年月日号点'].map((unit) => unit.charCodeAt(0)));
