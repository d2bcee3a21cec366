import { type CountUnit, level, levelOfUnit } from '../value/level.ts';
import { type Counted, counted } from './count.ts';
import { add, type Line, type Match, type Rule } from './line.ts';
import { cost } from './ranking.ts';

/** 「最近三天」, 「past 24 hours」, 「过去一年」. */
export const rolling: Rule = (line, index, held, out) => {
  if (held !== 0) return;
  const at = line.kind(index + 1) === 'of' ? index + 2 : index + 1;
  const count = counted(line, at);
  const { latin } = line.at(index);
  const single = latin ? (counted(line, at) ?? bareUnit(line, at)) : count;
  if (!single) return;
  let end = single.end;
  if (line.kind(end) === 'within' && line.at(end).name === '') end += 1;
  if (single.n === null) add(out, { kind: 'few', unit: single.unit, side: 'with' }, end);
  else add(out, { kind: 'rolling', n: single.n, unit: single.unit }, end);
};

/** 「past week」. */
export function bareUnit(line: Line, index: number): Counted | null {
  const token = line.at(index);
  const unit = token.kind in levelOfUnit ? (token.kind as CountUnit) : null;
  return unit && token.latin ? { n: 1, unit, end: index + 1, numbers: false } : null;
}

/** 「这两天」: with the present one; 「这几天」. */
export const these: Rule = (line, index, held, out) => {
  const count = held === 0 ? counted(line, index + 1) : null;
  if (!count || (count.numbers && count.unit !== 'day')) return;
  if (count.n === null) add(out, { kind: 'few', unit: count.unit, side: 'with' }, count.end);
  else if (count.n % 1 !== 0 || levelOfUnit[count.unit] === level.clock)
    add(out, { kind: 'rolling', n: count.n, unit: count.unit }, count.end);
  else add(out, { kind: 'whole', n: count.n, unit: count.unit, side: 'with' }, count.end);
};

/** 「上两周」. */
export const prior: Rule = (line, index, held, out) => {
  const count = held === 0 ? counted(line, index + 1) : null;
  if (count?.n === null) add(out, { kind: 'few', unit: count.unit, side: 'before' }, count.end);
  else if (count && count.n >= 1 && !count.numbers) previous(count, out);
};

/** 「未来三天」, 「下两周」. */
export const coming: Rule = (line, index, held, out) => {
  const count = held === 0 ? counted(line, line.kind(index + 1) === 'of' ? index + 2 : index + 1) : null;
  if (count?.n && !count.numbers)
    add(out, { kind: 'whole', n: Math.ceil(count.n), unit: count.unit, side: 'after' }, count.end);
};

export function previous({ n, unit, end }: Counted, out: Match[]): void {
  if (n === null) return;
  if (levelOfUnit[unit] === level.clock || n % 1 !== 0) add(out, { kind: 'rolling', n, unit }, end);
  else add(out, { kind: 'whole', n, unit, side: 'before' }, end);
}

/** A count with what follows it: 「三天前」, 「3天后」, 「7天内」, 「一周以来」. */
export const ago: Rule = (line, index, held, out) => {
  if (held !== 0) return;
  const count = counted(line, index);
  if (!count) return;
  const { n, unit, end } = count;
  const next = line.at(end);
  const whole = next.kind === 'within' && next.name === '';
  if (whole || (next.kind === 'since' && !count.numbers)) {
    if (n === null) add(out, { kind: 'few', unit, side: 'with' }, end + 1);
    else add(out, { kind: 'rolling', n, unit }, end + 1, count.numbers ? cost.counting : 0);
    return;
  }
  if (next.kind !== 'ago' && next.kind !== 'before' && next.kind !== 'after') return;
  // 「三天前后」, 「9月前」: no distance.
  const hanzi = line.at(index).digits <= 0;
  if (count.numbers && !(hanzi && next.kind === 'before') && unit !== 'year') return;
  if (count.numbers && unit === 'month') return;
  // 「3天前三天」 is not said; a number behind belongs to it: 「25年前三个月」.
  if (n === null) return add(out, { kind: 'few', unit, side: 'before' }, end + 1);
  const away = next.kind === 'after' ? -n : n;
  const price = !count.numbers ? 0 : hanzi && unit === 'day' ? cost.counting : cost.ago;
  add(out, { kind: 'ago', n: away, unit }, end + 1, price);
  if (unit !== 'day' && levelOfUnit[unit] !== level.clock && n % 1 === 0)
    add(out, { kind: 'near', unit, n: -away }, end + 1, cost.weekAgo);
};
