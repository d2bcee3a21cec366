import type { Row } from './word.ts';

/** Edges of a stretch that is named behind them: 「end of July」. */
const edges: readonly (readonly [edge: string, words: string])[] = [
  ['start', 'beginning of|the beginning of|start of|the start of|early|early in'],
  ['middle', 'middle of|the middle of|mid|mid-'],
  ['end', 'end of|the end of|late|late in'],
];
const monthNames = [
  'january|jan',
  'february|feb',
  'march|mar',
  'april|apr',
  '',
  'june|jun',
  'july|jul',
  'august|aug',
  'september|sept|sep',
  'october|oct',
  'november|nov',
  'december|dec',
];
const dayNames = [
  'monday|mon',
  'tuesday|tues|tue',
  'wednesday|weds|wed',
  'thursday|thurs|thur|thu',
  'friday|fri',
  'saturday|sat',
  'sunday|sun',
];
const numbers = ['zero', 'one|a|an', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine', 'ten'];
const ordinals = ['', 'first', 'second', 'third', 'fourth', 'fifth'];
const front = (words: string, backs: string): string =>
  words
    .split('|')
    .flatMap((word) => backs.split('|').map((back) => `${word} ${back}`))
    .join('|');
const before = 'last|previous|the last|the previous';

export const english: readonly Row[] = [
  ...edges.map(([edge, names]): Row => ['edge', 0, edge, names]),
  ...monthNames.map((names, index): Row => ['month-name', index + 1, '', names]),
  // The word is a verb, too: it is a month only beside a number.
  ['month-name', 5, 'modal', 'may'],
  ['month-name', 1, '', '元月'],
  ...dayNames.map((names, index): Row => ['weekday', index + 1, '', `${names}|${front('on', names)}`]),
  ...dayNames.map((names, index): Row => ['near-weekday', index + 1, '', front(`${before}|past|the past`, names)]),
  ...dayNames.map((names, index): Row => ['near-weekday', index + 1, 'this', front('this', names)]),
  ...dayNames.map((names, index): Row => ['near-weekday', index + 1, 'next', front('next|coming', names)]),
  ...numbers.map((names, index): Row => ['num', index, 'word', names]),
  ...ordinals.slice(1).map((names, index): Row => ['nth', index + 1, 'en', names]),
  ['last', 0, 'en', 'final|the final'],
  ...(['week', 'month', 'quarter', 'year', 'weekend'] as const).flatMap((unit): Row[] => [
    ['near', -1, unit, front(before, unit)],
    ['near', 0, unit, front('this|current|the current', unit)],
    ['near', 1, unit, front('next|the next', unit)],
    ['near', -2, unit, `${unit} before last|the ${unit} before last`],
  ]),
  ['weekend', 0, '', 'weekend|the weekend'],
  ['near-part', -1, 'evening', 'last night|yesterday night|last evening'],
  ['near-part', 0, 'morning', 'this morning'],
  ['near-part', 0, 'afternoon', 'this afternoon'],
  ['near-part', 0, 'evening', 'tonight|this evening'],
  ['part', 0, 'morning', 'in the morning'],
  ['part', 0, 'afternoon', 'in the afternoon'],
  ['part', 0, 'evening', 'in the evening|at night'],
  ['part', 0, 'noon', 'at noon'],
  ['unclear', 0, '', 'end of month|end of the month|month end|eom|mid month|beginning of the month'],
  ['from', 0, 'en', 'from'],
  ['from', 0, 'since', 'since|ever since|after|starting|starting from|starting on'],
  ['between', 0, '', 'between'],
  ['until', 0, 'en', 'until|till|up to'],
  ['until', 0, 'bound', 'before|by|as of'],
  ['in', 0, 'en', 'on|in|at|during|for|the|in the|on the|for the'],
  ['to', 0, 'en', 'to|through|thru'],
  ['and', 0, 'en', 'and'],
  ['of', 0, 'en', 'of|of the'],
  ['since', 0, 'en', 'onwards|onward'],
];
