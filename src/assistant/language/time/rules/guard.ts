import type { Kind } from '../words/word.ts';
import type { Line } from './line.ts';

const links: ReadonlySet<Kind> = new Set<Kind>(['is', 'mark', 'comma', 'in', 'num', 'and', 'of']);

/** The word a number belongs to, looking back over 「是」, 「:」 and other numbers of the same list: a price, a code. */
function owner(line: Line, index: number): number {
  let at = index - 1;
  for (let steps = 0; steps < 8 && links.has(line.kind(at)); steps += 1) at -= 1;
  return at;
}

/** The number is that of an order, a code, a version. */
export function isCode(line: Line, index: number): boolean {
  const at = owner(line, index);
  const token = line.at(at);
  if (token.kind !== 'code') return false;
  // A shop stands in front of a day as well, and 「订单」 in front of a date: only a number close behind is theirs.
  return token.name === 'place' || token.n === 1 ? at === index - 1 : true;
}

/** It stands close behind the name of a code, 「sku: 9.5」. */
export function isNamed(line: Line, index: number): boolean {
  const at = line.is(index - 1, 'mark', ':') || line.kind(index - 1) === 'is' ? index - 2 : index - 1;
  const token = line.at(at);
  return token.kind === 'code' && token.n === 0 && token.name === '';
}

/** The number is an amount, a rate, a version. */
export function isAmount(line: Line, index: number): boolean {
  const token = line.at(owner(line, index));
  return token.kind === 'amount' || (token.kind === 'code' && token.name === 'version');
}

const counts: ReadonlySet<Kind> = new Set<Kind>([
  'measure',
  'piece',
  'day',
  'hour',
  'minute',
  'fen',
  'second',
  'o-clock',
  'week',
  'quarter',
  'month',
  'year',
  'date',
  'half',
]);

/** What follows a number makes it a count: 「9月5单」, 「9.5折」, 「周三个」. */
export const isCount = (line: Line, index: number): boolean => {
  const next = line.at(index + 1);
  if (next.kind === 'mark') return next.name === ':' && line.kind(index + 2) === 'num';
  return counts.has(next.kind);
};
