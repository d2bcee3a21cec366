import { type CountUnit, level } from '../value/level.ts';
import type { PartName, Step } from '../value/step.ts';
import { clockAt } from './clock.ts';
import { add, type Rule } from './line.ts';

/** 「今天」, 「上周」, 「去年」; inside a larger stretch 「今天」 is the same day of it. */
export const near: Rule = (line, index, held, out) => {
  const { n, name } = line.at(index);
  const unit = name as CountUnit;
  if (held !== 0) {
    if (unit === 'day' && n === 0) add(out, { kind: 'same' }, index + 1);
    if (unit === 'weekend' && n === 0) add(out, { kind: 'weekend' }, index + 1);
    return;
  }
  add(out, { kind: 'near', unit, n }, index + 1);
  // 「last week of September」
  if (n === -1 && line.at(index).latin && line.is(index + 1, 'of', 'en'))
    add(out, { kind: 'run', n: 1, unit, end: 'last' }, index + 1);
};

/** 「昨晚」, with its clock 「昨晚10点」. */
export const nearPart: Rule = (line, index, held, out) => {
  if (held !== 0) return;
  const { n, name } = line.at(index);
  const day: Step = { kind: 'near', unit: 'day', n };
  const part = name as PartName;
  const read = clockAt(line, line.kind(index + 1) === 'of' ? index + 2 : index + 1);
  if (read) {
    const { hour, minute, second, fine, end } = read;
    const about = line.kind(end) === 'about' ? end + 1 : end;
    out.push({ steps: [day, { kind: 'clock', hour, minute, second, fine, part }], end: about, cost: 0 });
  }
  out.push({ steps: [day, { kind: 'part', name: part }], end: index + 1, cost: 0 });
};

/** 「last Fri」 is that of last week, as 「上周五」 is. */
export const nearWeekday: Rule = (line, index, held, out) => {
  if (held !== 0) return;
  const { n, name } = line.at(index);
  if (name === '') {
    out.push({
      steps: [
        { kind: 'near', unit: 'week', n: -1 },
        { kind: 'weekday', n },
      ],
      end: index + 1,
      cost: 0,
    });
    if (line.is(index + 1, 'of', 'en')) add(out, { kind: 'nth', n: -1, unit: 'weekday', weekday: n }, index + 1);
    return;
  }
  const week: Step = { kind: 'near', unit: 'week', n: name === 'next' ? 1 : 0 };
  out.push({ steps: [week, { kind: 'weekday', n }], end: index + 1, cost: 0 });
};

export const weekday: Rule = (line, index, _held, out) => add(out, { kind: 'weekday', n: line.at(index).n }, index + 1);
export const weekend: Rule = (_line, index, _held, out) => add(out, { kind: 'weekend' }, index + 1);

export const stamp: Rule = (line, index, held, out) => {
  if (held === 0) add(out, { kind: 'stamp', at: line.at(index).n, fine: true }, index + 1);
};

/** 「月内」, 「年内」 are this month and year; 「这几天」 alone is unclear. */
export const inside: Rule = (line, index, held, out) => {
  if (held !== 0) return;
  const { kind, n, name } = line.at(index);
  const next = line.at(index + 1);
  if (kind !== 'within' && name === '' && next.kind === 'within' && next.name === '' && line.glued(index))
    add(out, { kind: 'near', unit: kind as CountUnit, n: 0, implied: true }, index + 2);
  else if (kind === 'within' && n === 1) add(out, { kind: 'few', unit: 'day', side: 'with' }, index + 1);
};

/** 「昨今两天」. */
export const pair: Rule = (line, index, held, out) => {
  const { n, name } = line.at(index);
  if (held === 0) add(out, { kind: 'whole', n, unit: 'day', side: name as 'with' | 'before' | 'after' }, index + 1);
};

/** Of a week they are its first five days; else nobody knows which. */
export const workday: Rule = (_line, index, held, out) => {
  if (held === level.week) add(out, { kind: 'run', n: 5, unit: 'day', end: 'first' }, index + 1);
  else add(out, { kind: 'vague' }, index + 1);
};

/** 「9月5号左右」 */
export const about: Rule = (_line, index, held, out) => {
  if (held !== 0) add(out, { kind: 'vague' }, index + 1);
};

export const unclear: Rule = (_line, index, _held, out) => add(out, { kind: 'vague' }, index + 1);
export const third: Rule = (line, index, _held, out) => add(out, { kind: 'third', n: line.at(index).n }, index + 1);
/** 「去年夏天」; of no year it is a kind of goods. */
export const season: Rule = (_line, index, held, out) => {
  if (held === level.year) add(out, { kind: 'vague' }, index + 1);
};
/** 「上中旬」 */
export const thirds: Rule = (line, index, _held, out) => {
  const { n } = line.at(index);
  out.push({ steps: [{ kind: 'third', n }], end: index + 1, cost: 0, rest: [{ kind: 'third', n: n + 1 }] });
};
export const halfMonth: Rule = (line, index, _held, out) =>
  add(out, { kind: 'half-month', n: line.at(index).n }, index + 1);
export const halfYear: Rule = (line, index, _held, out) => {
  const { n, name } = line.at(index);
  add(out, { kind: 'half', n }, index + 1);
  if (name === 'en') add(out, { kind: 'half-month', n }, index + 1);
};
export const quarter: Rule = (line, index, _held, out) => add(out, { kind: 'quarter', n: line.at(index).n }, index + 1);

export const toDate: Rule = (line, index, held, out) => {
  if (held === 0) add(out, { kind: 'near', unit: line.at(index).name as CountUnit, n: 0 }, index + 1);
};
