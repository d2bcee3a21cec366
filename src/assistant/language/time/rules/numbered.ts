import { level } from '../value/level.ts';
import type { Step } from '../value/step.ts';
import type { Kind } from '../words/word.ts';
import { joins } from './borrowing.ts';
import { isCount } from './guard.ts';
import type { Line, Match, Rule } from './line.ts';
import { cost } from './ranking.ts';

const afterYear: ReadonlySet<Kind> = new Set<Kind>(['numbered-quarter', 'festival', 'half-year', 'nth', 'month-name']);

/** The number of a unit as steps: several digits in a row are several units, 「七八月」. */
function numbers(
  line: Line,
  index: number,
  kind: 'month' | 'day' | 'quarter',
  most: number,
  end: number,
  out: Match[],
): void {
  const token = line.at(index);
  if (token.name === 'pair') return;
  if (token.name === 'row') {
    const [first, ...rest] = [...String(token.n)].map((digit): Step => ({ kind, n: Number(digit) }));
    const fit = [first, ...rest].every((step) => step && 'n' in step && step.n > 0 && step.n <= most);
    if (first && fit && token.digits >= -4) out.push({ steps: [first], end, cost: 0, rest });
    return;
  }
  // 「九十月」
  if (kind === 'month' && token.n === 90 && token.digits === 0)
    out.push({ steps: [{ kind, n: 9 }], end, cost: 0, rest: [{ kind, n: 10 }] });
  if (token.digits > 2 || token.n > 99 || (token.n === 90 && token.digits === 0)) return;
  const exists = token.n > 0 && token.n <= most;
  out.push({ steps: [exists ? { kind, n: token.n } : { kind: 'none', what: 'date' }], end, cost: 0 });
}

/** 2025 of 「2025年」, 「25年」, 「二五年」; only of this century, and of two digits only before 年. */
export function yearOf(line: Line, index: number): number | null {
  const token = line.at(index);
  if (token.kind !== 'num') return null;
  const digits = token.name === 'row' ? -token.digits : token.digits;
  if (digits === 4 && token.n >= 2000 && token.n <= 2099) return token.n;
  return digits === 2 && line.kind(index + 1) === 'year' && token.n < 80 ? 2000 + token.n : null;
}

export const year: Rule = (line, index, held, out) => {
  if (line.kind(index - 1) === 'lunar') return;
  const n = held === 0 ? yearOf(line, index) : null;
  if (n === null) return;
  const step: Step = { kind: 'year', n };
  if (line.kind(index + 1) === 'year' && line.at(index + 1).name === '')
    out.push({ steps: [step], end: index + 2, cost: 0 });
  else if (
    line.is(index - 1, 'of', 'en') ||
    line.kind(index - 1) === 'numbered-quarter' ||
    line.kind(index - 1) === 'half-year'
  )
    out.push({ steps: [step], end: index + 1, cost: cost.bareYear });
  else if (afterYear.has(line.kind(index + 1)) || (line.kind(index + 1) === 'num' && line.kind(index + 2) === 'month'))
    out.push({ steps: [step], end: index + 1, cost: cost.bareYear });
};

/** 「9月」, 「5号」, 「三季度」; 「9月5」 without its 号. */
export const dated: Rule = (line, index, held, out) => {
  // Months of the other calendar are no months of this one.
  if (line.kind(index - 1) === 'lunar') return;
  const token = line.at(index);
  const next = line.at(index + 1);
  if (next.kind === 'month' && next.name === '') {
    if (held !== level.month) numbers(line, index, 'month', 12, index + 2, out);
  } else if (next.kind === 'date') {
    // 「3号仓」, 「5号单」, but 「5号订单」 are those of a day.
    const behind = line.at(index + 2);
    const numbersThing =
      behind.kind === 'place' || behind.kind === 'measure' || (behind.kind === 'code' && behind.name === 'place');
    if (held !== 0 || !line.glued(index + 1) || !numbersThing) numbers(line, index, 'day', 31, index + 2, out);
  } else if (next.kind === 'quarter' && next.name === '') {
    if (token.name !== 'pair') numbers(line, index, 'quarter', 4, index + 2, out);
  } else if (held === level.month && bareDay(line, index)) {
    numbers(line, index, 'day', 31, index + 1, out);
    const found = out.at(-1);
    if (found && found.end === index + 1) found.cost += cost.bare;
  }
};

/** A day without its 号: behind a month that has its number, or where another of its list has the unit. */
function bareDay(line: Line, index: number): boolean {
  const token = line.at(index);
  if (token.digits > 2 || token.n === 0 || token.n > 31 || isCount(line, index)) return false;
  if (line.is(index + 1, 'mark', '.') && line.glued(index)) return false;
  const month = line.at(index - 1).kind === 'of' ? line.at(index - 2) : line.at(index - 1);
  return month.kind === 'month' || month.kind === 'month-name' || joins.has(line.kind(index + 1));
}
