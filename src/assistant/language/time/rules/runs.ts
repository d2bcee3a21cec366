import { bit, type Level, level, levelOfUnit } from '../value/level.ts';
import { counted } from './count.ts';
import { add, type Line, type Rule } from './line.ts';
import { previous } from './nearby.ts';
import { oneUnit } from './ordinals.ts';

/** 「国庆后的三天」: a 的 may stand between, where there is something they are after. */
const behind = (line: Line, index: number, held: Level | 0): number =>
  held !== 0 && line.kind(index + 1) === 'of' ? index + 2 : index + 1;

const several = bit(level.days, level.week, level.third, level.month, level.quarter, level.half, level.year);

/** 「前三天」: those before now; of a longer stretch its first; of a day those before it. 「头三天」 are always the first. */
export const before: Rule = (line, index, held, out) => {
  const token = line.at(index);
  const first = token.kind === 'head';
  const count = counted(line, behind(line, index, held)) ?? (first ? oneUnit(line, index + 1) : null);
  if (!count) return;
  const { n, unit, end } = count;
  if (n === null) {
    add(out, held === 0 ? { kind: 'few', unit, side: 'before' } : { kind: 'vague' }, end);
    return;
  }
  if (held === 0) {
    // 「前三季度」 are those of the year; 「前一季度」 is the one before.
    if (unit === 'quarter' && n > 1 && n < 4) add(out, { kind: 'run', n, unit, end: 'first' }, end);
    else if (!first || n > 1) previous(count, out);
    return;
  }
  const within = (several & bit(held)) !== 0 && levelOfUnit[unit] < held;
  const dayBefore = n === 1 && unit === 'day' && !first;
  if (within && !dayBefore && (first || token.name === 'short')) add(out, { kind: 'run', n, unit, end: 'first' }, end);
  else if (!first) add(out, { kind: 'shift', n, unit, side: 'before' }, end);
};

/** 「国庆后三天」; of a longer stretch its last. */
export const after: Rule = (line, index, held, out) => {
  // 「国庆后第二天」
  const at = behind(line, index, held);
  const second = line.is(at, 'next-day', 'second');
  const nth = line.kind(at) === 'nth' && line.kind(at + 2) === 'day';
  const day = second ? 2 : nth ? line.at(at + 1).n : 0;
  if (held !== 0 && day === 1) add(out, { kind: 'shift', n: 1, unit: 'day', side: 'after' }, at + 3);
  else if (held !== 0 && day > 1)
    out.push({
      steps: [
        { kind: 'shift', n: day, unit: 'day', side: 'after' },
        { kind: 'run', n: 1, unit: 'day', end: 'last' },
      ],
      end: second ? at + 1 : at + 3,
      cost: 0,
    });
  const count = counted(line, at);
  if (count?.n === null && held !== 0) add(out, { kind: 'vague' }, count.end);
  if (!count?.n) return;
  const { n, unit, end } = count;
  if (held === 0) {
    if (line.at(index).name === 'short' && n > 1)
      add(out, { kind: 'whole', n: Math.ceil(n), unit, side: 'after' }, end);
    return;
  }
  const within = (several & bit(held)) !== 0 && levelOfUnit[unit] < held;
  if (within && n > 1 && line.at(index).name === 'short') add(out, { kind: 'run', n, unit, end: 'last' }, end);
  else add(out, { kind: 'shift', n, unit, side: 'after' }, end);
};
