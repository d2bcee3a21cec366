import { hasDaysOff, moves } from '../value/festival-days.ts';
import { festivals } from '../value/festivals.ts';
import { level } from '../value/level.ts';
import type { Step } from '../value/step.ts';
import type { Kind } from '../words/word.ts';
import { counted } from './count.ts';
import { isCount } from './guard.ts';
import { add, type Rule } from './line.ts';
import { yearOf } from './numbered.ts';
import { cost } from './ranking.ts';

/** A festival's own day, or its days off. */
export const festival: Rule = (line, index, held, out) => {
  if (held !== 0 && held !== level.year) return;
  const n = line.at(index).n;
  const goods = line.is(index + 1, 'measure', 'goods') && line.glued(index);
  if (goods) return;
  if (moves(n)) return add(out, { kind: 'vague' }, index + 1);
  const off = hasDaysOff(n);
  const next = line.kind(index + 1) === 'of' ? index + 2 : index + 1;
  const token = line.at(next);
  if (token.kind === 'off' || (off && token.kind === 'within' && token.name === 'span'))
    return add(out, { kind: 'festival', n, off }, next + 1);
  // A sales day has more days around it than anybody has written down.
  if (token.kind === 'within' && token.n === 2)
    return out.push({ steps: [{ kind: 'festival', n, off }, { kind: 'vague' }], end: next + 1, cost: 0 });
  const length = off && line.kind(next) === 'num' ? counted(line, next) : null;
  if (length?.unit === 'day' && (length.n ?? 0) > 2)
    return add(out, { kind: 'festival', n, off }, line.kind(length.end) === 'off' ? length.end + 1 : length.end);
  add(out, { kind: 'festival', n, off: false }, index + 1);
  if (off) add(out, { kind: 'festival', n, off: true }, index + 1, cost.daysOff);
};

/** 「正月初五」, 「农历八月十五」, 「大年初三」. */
export const lunar: Rule = (line, index, held, out) => {
  const token = line.at(index);
  if (token.kind === 'lunar-day') {
    const day = line.at(index + 1);
    if (day.kind === 'num' && day.n > 0 && day.n <= 10) add(out, { kind: 'lunar', month: 1, day: day.n }, index + 2);
    return;
  }
  // 「初七」 is of the first month.
  if (token.kind === 'edge') {
    const day = line.at(index + 1);
    const before = line.kind(index - 1);
    const own = token.name === 'start' && before !== 'month' && before !== 'year' && before !== 'near';
    if (own && day.kind === 'num' && day.digits <= 0 && day.n > 0 && day.n <= 10 && !isCount(line, index + 1))
      add(out, { kind: 'lunar', month: 1, day: day.n }, index + 2);
    return;
  }
  let at = index + (token.kind === 'lunar' ? 1 : 0);
  const year = token.kind === 'lunar' && held === 0 && line.kind(at + 1) === 'year' ? yearOf(line, at) : null;
  if (year !== null) at += 2;
  if (line.kind(at) === 'of') at += 1;
  const named = line.at(at);
  const month =
    named.kind === 'lunar-month' ? named.n : named.kind === 'num' && line.kind(at + 1) === 'month' ? named.n : 0;
  if (month < 1 || month > 12) return;
  at += named.kind === 'lunar-month' ? 1 : 2;
  if (line.is(at, 'edge', 'start')) at += 1;
  const day = line.at(at);
  if (day.kind !== 'num' || day.n < 1 || day.n > 30) return;
  const step: Step = { kind: 'lunar', month, day: day.n };
  const steps: Step[] = year === null ? [step] : [{ kind: 'year', n: year }, step];
  out.push({ steps, end: line.kind(at + 1) === 'date' ? at + 2 : at + 1, cost: 0 });
};

const festivalNumber = (name: string): number => festivals.findIndex(({ names }) => names.split('|').includes(name));

const nationalDay = festivalNumber('国庆');

const openEnds: ReadonlySet<Kind> = new Set<Kind>(['to', 'until', 'since', 'till-now', 'ends']);

/** 「十一」 is the holiday where something of a holiday follows. */
export const holiday: Rule = (line, index, held, out) => {
  const token = line.at(index);
  if (token.n !== 11 || token.digits !== 0 || (held !== 0 && held !== level.year)) return;
  const next = line.kind(index + 1) === 'of' ? line.at(index + 2) : line.at(index + 1);
  const off = next.kind === 'off' || (next.kind === 'within' && next.name === 'span');
  const end = line.kind(index + 1) === 'of' ? index + 3 : index + 2;
  const bound = openEnds.has(line.kind(index + 1)) && line.kind(index + 2) !== 'num';
  if (off) out.push({ steps: [{ kind: 'festival', n: nationalDay, off: true }], end, cost: 0 });
  else if (
    next.kind === 'around' ||
    next.kind === 'that-day' ||
    next.kind === 'whole' ||
    next.kind === 'next-day' ||
    bound
  )
    out.push({ steps: [{ kind: 'festival', n: nationalDay, off: false }], end: index + 1, cost: 0 });
  else if ((next.kind === 'before' || next.kind === 'after' || next.kind === 'head') && line.kind(index + 2) === 'num')
    out.push({ steps: [{ kind: 'festival', n: nationalDay, off: false }], end: index + 1, cost: 0 });
};
