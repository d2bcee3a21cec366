import { bit, type CountUnit, type Level, level, levelOfUnit } from '../value/level.ts';
import { add, type Rule } from './line.ts';

/** How large a unit's stretch may be for an edge of it to stand behind, as a mask. */
const edged = bit(level.week, level.month, level.quarter, level.half, level.year);

/** 「月初」, 「9月底」, 「年末」, 「周初」; behind a stretch of its own kind the unit is said again: 「去年年底」. */
export const edge: Rule = (line, index, held, out) => {
  const token = line.at(index);
  if (token.kind === 'edge' || token.kind === 'head') {
    const end = token.kind === 'head' ? 'start' : (token.name as 'start' | 'middle' | 'end');
    if (token.latin && held === 0) add(out, { kind: 'edge', end }, index + 1);
    if (held !== 0 && (edged & bit(held)) !== 0 && line.glued(index - 1)) add(out, { kind: 'edge', end }, index + 1);
    return;
  }
  const next = line.at(index + 1);
  if ((next.kind !== 'edge' && next.kind !== 'head') || !line.glued(index) || token.latin) return;
  const unit = token.kind as CountUnit;
  const end = next.kind === 'head' ? 'start' : (next.name as 'start' | 'middle' | 'end');
  if (held === 0)
    out.push({
      steps: [
        { kind: 'near', unit, n: 0, implied: true },
        { kind: 'edge', end },
      ],
      end: index + 2,
      cost: 0,
    });
  else if (held === (levelOfUnit[unit] as Level)) add(out, { kind: 'edge', end }, index + 2);
};

export const around: Rule = (line, index, held, out) => {
  const { n, name } = line.at(index);
  const unit = name as 'week' | 'month';
  if (held === level.day) add(out, { kind: 'around', unit }, index + 1);
  else if (held === 0 && n === 1) add(out, { kind: 'near', unit, n: 0 }, index + 1);
};

/** The day itself, said again behind a day; alone it is today. */
export const thatDay: Rule = (_line, index, held, out) => {
  if (held === 0) add(out, { kind: 'near', unit: 'day', n: 0 }, index + 1);
};

export const nextDay: Rule = (line, index, held, out) => {
  const second = line.at(index).name === 'second' && held > level.day;
  if (held === level.day || second) add(out, { kind: 'nth', n: 2, unit: 'day', weekday: 0 }, index + 1);
};
