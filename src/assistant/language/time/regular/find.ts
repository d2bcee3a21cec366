import { counted } from '../rules/count.ts';
import type { Match } from '../rules/line.ts';
import { dayOfWeek } from '../rules/weekdays.ts';
import type { CountUnit } from '../value/level.ts';
import type { Kind } from '../words/word.ts';
import { calendar, type Draft, draft, type Ground, interval } from './draft.ts';
import { clockAt, clockBefore, withHours } from './hours.ts';

/** Counts that belong to a stretch of the calendar. */
const placed: ReadonlySet<Kind> = new Set<Kind>(['rolling', 'these', 'prior', 'coming', 'nth', 'last', 'num']);
const cannotBeSet: ReadonlySet<Kind> = new Set<Kind>(['quarter', 'year', 'workday', 'weekend', 'festival', 'that-day']);

/** Everything regular in a line, in its order. */
export function regularIn(ground: Ground): Draft[] {
  const { line } = ground;
  const out: Draft[] = [];
  for (let index = 0; index < line.tokens.length; index += 1) {
    const found = at(ground, index);
    if (!found) continue;
    out.push(found);
    index = found.end - 1;
  }
  return out;
}

function at(ground: Ground, index: number): Draft | null {
  switch (ground.line.kind(index)) {
    case 'every':
      return every(ground, index);
    case 'change':
      return changed(ground, index);
    case 'workday':
      // Without an hour they are days of the past as well.
      return clockAt(ground, index + 1) ? withHours(ground, draft(index, index + 1, { ask: 'not_sayable' })) : null;
    case 'next-day':
      // 「隔天跑一次」
      return ground.line.is(index, 'next-day', 'other') && ground.line.kind(index + 1) === 'times'
        ? draft(index, index + 2, { ask: 'not_sayable' })
        : null;
    case 'num':
    case 'half':
      return once(ground, index);
    default:
      return null;
  }
}

/** 「每…」 with its unit, its hour and whatever else is listed; 「daily」. */
function every(ground: Ground, index: number): Draft | null {
  const token = ground.line.at(index);
  const unit = token.n === 1 ? adverb(ground, index) : unitBehind(ground, index);
  if (!unit) return null;
  const before = clockBefore(ground, index);
  return withHours(ground, before ? { ...unit, ...before } : unit);
}

function adverb({ line }: Ground, index: number): Draft {
  const unit = line.at(index).name as CountUnit;
  const weekday = line.kind(index + 1) === 'weekday' ? line.at(index + 1).n : null;
  return draft(index, weekday ? index + 2 : index + 1, { every: unit === 'hour' ? '1h' : unit, weekday });
}

/** What stands behind 每: a count, a unit, a day of the week, a part of the day. */
function unitBehind(ground: Ground, index: number): Draft | null {
  const { line } = ground;
  // 「隔一天」 leaves a day out.
  const skipping = line.at(index).name === 'other';
  const count = counted(line, index + 1);
  if (count && !(count.numbers && count.unit === 'year')) {
    const leaves = skipping && calendar[count.unit] !== undefined;
    return draft(index, count.end, leaves ? { ask: 'not_sayable' } : interval(count));
  }
  const token = line.at(index + 1);
  const end = index + 2;
  if (token.kind === 'day' || (token.kind === 'date' && token.name === '日'))
    return draft(index, end, skipping ? { ask: 'not_sayable' } : { every: 'day' });
  if (token.kind === 'part') return draft(index, index + 1, { every: 'day' });
  if (token.kind === 'hour') return draft(index, end, { every: '1h' });
  if (token.kind === 'minute') return draft(index, end, { every: '1m' });
  if (token.kind === 'weekday') return draft(index, end, { every: 'week', weekday: token.n });
  if (token.kind === 'month') return inMonth(ground, index, end);
  if (token.kind === 'week') return inWeek(ground, index, end);
  return cannotBeSet.has(token.kind) ? draft(index, end, { ask: 'not_sayable' }) : null;
}

/** 「每周一」; of several days, and of the weekend, only the week can be set. */
function inWeek({ line }: Ground, index: number, end: number): Draft {
  const days: Match[] = [];
  dayOfWeek(line, end, days);
  const [day] = days;
  const step = day?.steps[0];
  if (!day || !step) return draft(index, end, { every: 'week' });
  return step.kind === 'weekday' && !day.rest
    ? draft(index, day.end, { every: 'week', weekday: step.n })
    : draft(index, day.end, { every: 'week', ask: 'not_sayable' });
}

/** Every month has it. */
const monthly = 28;

/** 「每月1号」 */
function inMonth({ line, paths }: Ground, index: number, end: number): Draft {
  const day = paths.at(end).find(({ steps }) => steps.length === 1 && steps[0]?.kind === 'day');
  const edge = line.kind(end) === 'edge' ? end + 1 : end;
  const step = day?.steps[0];
  if (day && step?.kind === 'day' && day.rest.length === 0 && step.n >= 1 && step.n <= monthly)
    return draft(index, day.end, { every: 'month', day: step.n });
  const after = day ? day.end : edge;
  return draft(index, after, { every: 'month', ask: after > end ? 'not_sayable' : null });
}

/** 「两小时一次」, 「一天两次」. */
function once(ground: Ground, index: number): Draft | null {
  const { line } = ground;
  const count = placed.has(line.kind(index - 1)) ? null : counted(line, index);
  if (!count) return null;
  if (line.kind(count.end) === 'times') return withHours(ground, draft(index, count.end + 1, interval(count)));
  const times = line.at(count.end);
  const twice = times.kind === 'num' && times.n > 1 && line.is(count.end + 1, 'measure', '');
  return twice && calendar[count.unit] ? draft(index, count.end + 2, { ask: 'several' }) : null;
}

/** Only to what hour, or to what interval, it is changed: 「改成8点」. */
function changed(ground: Ground, index: number): Draft | null {
  const { line } = ground;
  if (clockAt(ground, index + 1)) return withHours(ground, draft(index, index + 1, { recurs: false }));
  const count = counted(line, index + 1);
  if (!count || !(count.unit === 'minute' || count.unit === 'hour')) return null;
  const end = line.kind(count.end) === 'times' ? count.end + 1 : count.end;
  return draft(index, end, { ...interval(count), recurs: false });
}
