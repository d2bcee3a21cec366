import { spelled } from './normalise.ts';
import type { Piece } from './piece.ts';
import { type Names, readPieces } from './pieces.ts';

/** What stands for a number or a name, as in the corpus; a bare short number is a shop's or a warehouse's. */
const marks: Partial<Record<Piece['kind'], string>> = {
  order: '{单}',
  code: '{料}',
  number: '{店}',
  shop: '{店}',
  warehouse: '{仓}',
  person: '{人}',
};
const address = /[^\s,，。]+@[^\s,，。]+/g;

/** A sentence without its numbers and names, as a line of the corpus has it. */
export function maskedText(text: string, now: string, names: Names): string {
  const plain = spelled(text).replace(address, '{人}');
  return readPieces(plain, now, names)
    .pieces.reduce<{ at: number; parts: string[] }>(
      ({ at, parts }, piece) => ({
        at: piece.to,
        parts: [...parts, plain.slice(at, piece.from), marks[piece.kind] ?? asSaid(piece, plain)],
      }),
      { at: 0, parts: [] },
    )
    .parts.join('');
}

/** What no reader claims holds no number either, unless it is a count. */
const asSaid = ({ kind, from, to }: Piece, text: string): string =>
  kind === 'time' ? text.slice(from, to) : text.slice(from, to).replace(/\d{3,}/g, '{单}');
