import { level } from '../value/level.ts';
import type { Step } from '../value/step.ts';
import { isCount } from './guard.ts';
import type { Line, Rule } from './line.ts';
import { monthDay, years } from './written.ts';

/** 「Oct 31」, 「31st of October」, 「October 2025」. */
export const english: Rule = (line, index, held, out) => {
  if (held !== 0 && held !== level.year) return;
  const token = line.at(index);
  let at = index;
  let day: number | null = null;
  if (token.kind === 'num') {
    if (token.digits > 2) return;
    day = token.n;
    at += 1;
    if (line.kind(at) === 'ordinal') at += 1;
    if (line.is(at, 'of', 'en')) at += 1;
    if (line.kind(at) !== 'month-name') return;
  }
  const month = line.at(at);
  const beside = day !== null;
  at += 1;
  if (line.is(at, 'mark', '.') && line.glued(at - 1) && line.kind(at + 1) === 'num') at += 1;
  if (day === null) {
    const number = line.at(at);
    const clock = line.is(at + 1, 'mark', ':') || line.kind(at + 1) === 'meridiem';
    if (number.kind === 'num' && number.digits > 0 && number.digits <= 2 && !clock && !isCount(line, at)) {
      day = number.n;
      at += 1;
      if (line.kind(at) === 'ordinal') at += 1;
    }
  }
  let year: Step[] = [];
  const behind = line.is(at, 'comma', ',') || line.is(at, 'of', 'en') ? at + 1 : at;
  const number = line.at(behind);
  if (
    held === 0 &&
    number.kind === 'num' &&
    number.digits === 4 &&
    years(number.n) &&
    line.kind(behind + 1) !== 'month'
  ) {
    year = [{ kind: 'year', n: number.n }];
    at = line.kind(behind + 1) === 'year' ? behind + 2 : behind + 1;
  }
  if (line.kind(at) === 'date' && day !== null) at += 1;
  if (month.name === 'modal' && !beside && day === null && year.length === 0 && !fromWord(line, index - 1)) return;
  const steps: Step[] = day === null ? [{ kind: 'month', n: month.n }] : monthDay(month.n, day);
  out.push({ steps: [...year, ...steps], end: at, cost: 0 });
};

const fromWord = (line: Line, index: number): boolean =>
  ['from', 'in', 'to', 'of', 'between', 'until'].includes(line.kind(index));
