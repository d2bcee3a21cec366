import { solarDay } from '../value/festival-days.ts';
import { level } from '../value/level.ts';
import type { Step } from '../value/step.ts';
import { isAmount, isCount, isNamed } from './guard.ts';
import type { Line, Rule } from './line.ts';
import { cost } from './ranking.ts';

export const leapYear = 2024;
export const years = (n: number): boolean => n >= 2000 && n <= 2099;
const none: Step = { kind: 'none', what: 'date' };
export const monthDay = (month: number, day: number, year = leapYear): Step[] =>
  solarDay(year, month, day)
    ? [
        { kind: 'month', n: month },
        { kind: 'day', n: day },
      ]
    : [none];

/** A number joined to the one before by the given sign, with nothing between. */
function joined(line: Line, index: number, sign: string): number | null {
  const token = line.at(index + 2);
  return line.is(index + 1, 'mark', sign) &&
    token.kind === 'num' &&
    token.digits > 0 &&
    line.glued(index) &&
    line.glued(index + 1)
    ? token.n
    : null;
}

/** A number of the chain goes on behind it, or the chain began before it: part of an address, a version, an amount. */
export function inChain(line: Line, start: number, end: number): boolean {
  const chained = (index: number, glue: number): boolean =>
    line.kind(index) === 'mark' && line.at(index).name !== '~' && line.glued(glue);
  const after = line.at(end);
  // 2026-09-05/2026-09-08
  if (after.kind === 'mark' && after.name === '/' && line.at(end + 1).digits === 4) return false;
  if (chained(end, end - 1) && after.name !== '-' && line.kind(end + 1) === 'num' && line.glued(end)) return true;
  const before = line.at(start - 1);
  if (before.name === '/' && line.at(start).digits === 4) return false;
  return (
    chained(start - 1, start - 1) && before.name !== '-' && line.kind(start - 2) === 'num' && line.glued(start - 2)
  );
}

/** Dates in digits with signs between: 2026-09-05, 9.5, 10/31. */
export const signed: Rule = (line, index, held, out) => {
  const token = line.at(index);
  const mark = line.at(index + 1);
  if (mark.kind !== 'mark' || mark.name === ':' || mark.name === '~' || token.digits < 1) return;
  const sign = mark.name;
  const second = joined(line, index, sign);
  if (second === null) return;
  const third = joined(line, index + 2, sign);
  const digits = (at: number): number => line.at(at).digits;
  const put = (steps: Step[], end: number, price: number): void => {
    const written = line.kind(end) === 'date' ? end + 1 : end;
    if (!inChain(line, index, end)) out.push({ steps, end: written, cost: price });
  };
  if (token.digits === 4 && years(token.n) && held === 0) {
    const year: Step = { kind: 'year', n: token.n };
    if (third !== null && digits(index + 2) <= 2 && digits(index + 4) <= 2) {
      const exists = solarDay(token.n, second, third) !== null;
      return put(exists ? [year, ...monthDay(second, third, token.n)] : [none], index + 5, 0);
    }
    if (digits(index + 2) <= 2 && second >= 1 && second <= 12) {
      const end = line.kind(index + 3) === 'month' ? index + 4 : index + 3;
      if (!inChain(line, index, index + 3)) out.push({ steps: [year, { kind: 'month', n: second }], end, cost: 0 });
    }
    return;
  }
  if (token.digits > 2 || digits(index + 2) > 2 || (held !== 0 && held !== level.year)) return;
  if (third !== null && digits(index + 4) === 4 && years(third) && held === 0) {
    // Month first, unless it can only be the day: 18/10/2026.
    const [month, day] = token.n > 12 && second <= 12 ? [second, token.n] : [token.n, second];
    const exists = solarDay(third, month, day) !== null;
    return put(exists ? [{ kind: 'year', n: third }, ...monthDay(month, day, third)] : [none], index + 5, 0);
  }
  if (isAmount(line, index) || isNamed(line, index) || isCount(line, index + 2)) {
    if (line.kind(index + 3) !== 'date') return;
  }
  if (token.n >= 1 && token.n <= 12 && second >= 1 && second <= 31) {
    // A single digit on both sides of a dash is a range or a count as soon as a date.
    const dashed = sign === '-';
    if (dashed && token.digits === 1 && digits(index + 2) === 1 && !isDashed(line, index + 3)) {
      if (!dateFollows(line, index + 3) && !dateFollows(line, index - 1)) return;
    }
    put(monthDay(token.n, second), index + 3, dashed ? cost.dashed : 0);
  } else if (sign === '/' && token.n > 12 && token.n <= 31 && second >= 1 && second <= 12)
    put(monthDay(second, token.n), index + 3, cost.dayFirst);
};

/** A dash and a further number stand close behind. */
const isDashed = (line: Line, index: number): boolean =>
  line.kind(index) === 'mark' && line.at(index).name !== '.' && line.glued(index - 1) && line.kind(index + 1) === 'num';

const dateFollows = (line: Line, index: number): boolean =>
  ['of', 'date', 'to', 'until', 'within', 'since', 'before', 'after', 'ends'].includes(line.kind(index)) ||
  line.is(index, 'mark', '~');
