import { type CountUnit, levelOfUnit } from '../value/level.ts';
import { type Counted, counted } from './count.ts';
import { add, type Line, type Rule } from './line.ts';
import { bareUnit } from './nearby.ts';

const units: Partial<Record<string, CountUnit>> = {
  day: 'day',
  date: 'day',
  week: 'week',
  month: 'month',
  quarter: 'quarter',
  weekend: 'weekend',
};

/** A unit without a number, 「首周」. */
export function oneUnit(line: Line, index: number): Counted | null {
  const token = line.at(index);
  const unit = token.kind === 'date' && token.name === '号' ? undefined : units[token.kind];
  return unit && line.glued(index - 1) ? { n: 1, unit, end: index + 1, numbers: false } : null;
}

/** What is numbered: a unit, a day of the week, a weekend. */
function numbered(line: Line, index: number): { unit: CountUnit; weekday: number; end: number } | null {
  let at = line.kind(index) === 'piece' ? index + 1 : index;
  const token = line.at(at);
  if (token.kind === 'weekday') return { unit: 'weekday', weekday: token.n, end: at + 1 };
  if (token.kind === 'week') {
    const day = line.at(at + 1);
    const sunday = day.kind === 'date' && day.name === '日';
    const n = sunday || (day.kind === 'day' && !day.latin) ? 7 : day.kind === 'num' && day.name === '' ? day.n : 0;
    if (n >= 1 && n <= 7 && line.glued(at) && !token.latin) return { unit: 'weekday', weekday: n, end: at + 2 };
  }
  const unit = units[token.kind];
  if (!unit) return null;
  at += 1;
  if (unit === 'week' && line.kind(at) === 'edge' && line.glued(at - 1))
    return { unit: 'weekend', weekday: 0, end: at + 1 };
  return { unit, weekday: 0, end: at };
}

/** 「第三周」, 「第2个周五」, 「倒数第二天」, 「最后一个周末」; 「第三季度」. */
export const nth: Rule = (line, index, held, out) => {
  const token = line.at(index);
  const sign = token.kind === 'nth' ? 1 : -1;
  const spelled = token.kind === 'nth' && token.name === 'en';
  const number = line.at(index + 1);
  // 「first 3 days of」
  if (spelled) {
    const count = counted(line, index + 1);
    if (token.n === 1 && count?.n && count.n >= 1 && (held === 0 || levelOfUnit[count.unit] < held))
      return add(out, { kind: 'run', n: count.n, unit: count.unit, end: 'first' }, count.end);
  } else if (number.kind !== 'num' || number.n === 0 || number.name !== '') return;
  const n = spelled ? token.n : number.n;
  const what = numbered(line, spelled ? index + 1 : index + 2);
  if (!what) return;
  if (what.unit === 'quarter' && sign > 0) {
    if (n <= 4) add(out, { kind: 'quarter', n }, what.end);
    else add(out, { kind: 'none', what: 'date' }, what.end);
  } else add(out, { kind: 'nth', n: sign * n, unit: what.unit, weekday: what.weekday }, what.end);
};

/** 「2nd Friday of September」, 「the 5th」. */
export const ordinal: Rule = (line, index, _held, out) => {
  if (line.kind(index + 1) !== 'ordinal') return;
  const { n } = line.at(index);
  const what = numbered(line, index + 2);
  if (what) add(out, { kind: 'nth', n, unit: what.unit, weekday: what.weekday }, what.end);
  else if (n > 0 && n <= 31 && line.kind(index + 2) !== 'measure') add(out, { kind: 'day', n }, index + 2);
};

/** 「最后三天」, 「最后一个周五」, 「末三天」, 「last 3 days of」. */
export const last: Rule = (line, index, held, out) => {
  const token = line.at(index);
  const count = counted(line, index + 1);
  if (count?.n === null && held !== 0) add(out, { kind: 'vague' }, count.end);
  if (count?.n) {
    const fits = held === 0 ? line.is(count.end, 'of', 'en') : levelOfUnit[count.unit] < held;
    if (fits) add(out, { kind: 'run', n: count.n, unit: count.unit, end: 'last' }, count.end);
  }
  if (token.kind === 'rolling' && token.latin) {
    const day = bareUnit(line, index + 1);
    if (day && line.is(day.end, 'of', 'en')) add(out, { kind: 'run', n: 1, unit: day.unit, end: 'last' }, day.end);
  }
  if (token.kind === 'rolling' || token.kind === 'edge') return;
  const one = line.kind(index + 1) === 'num' && line.at(index + 1).n === 1 ? index + 2 : index + 1;
  const what = numbered(line, one);
  if (!what) return;
  if (what.unit === 'weekday' || what.unit === 'weekend')
    add(out, { kind: 'nth', n: -1, unit: what.unit, weekday: what.weekday }, what.end);
  else if (one === index + 1) add(out, { kind: 'run', n: 1, unit: what.unit, end: 'last' }, what.end);
};
