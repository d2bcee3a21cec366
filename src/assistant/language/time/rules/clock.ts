import { bit, type Level, level } from '../value/level.ts';
import type { ClockStep, PartName } from '../value/step.ts';
import type { Line, Match, Rule } from './line.ts';

interface Clock {
  hour: number;
  minute: number;
  second: number;
  fine: boolean;
  end: number;
}

/** What may stand around 「一点」 for it to be an hour: it is 「a little」 far more often. */
const before = new Set(['part', 'near-part', 'from', 'to', 'until', 'between', 'near', 'date', 'and']);
const after = new Set(['to', 'until', 'mark', 'before', 'after', 'since', 'half', 'quarter-hour', 'exactly', 'about']);

/** 「3点半」, 「10:30:00」, 「8时5分」 at a number; the hour is as it was said. */
export function clockAt(line: Line, index: number): Clock | null {
  const token = line.at(index);
  if (token.kind !== 'num' || token.digits > 2 || token.name === 'row' || token.n > 99) return null;
  const clock: Clock = { hour: token.n, minute: 0, second: 0, fine: false, end: index + 1 };
  // 「下午3.30」
  const dotted = line.is(index + 1, 'mark', '.') && line.kind(index - 1) === 'part' && line.glued(index - 1);
  if (line.is(index + 1, 'mark', ':') || dotted) return withColons(line, index, clock);
  if (line.kind(index + 1) !== 'o-clock') return null;
  let end = index + 2;
  const next = line.at(end);
  if (next.kind === 'measure' && next.name === 'opinion') return null;
  if (token.n === 1 && token.digits <= 0 && !before.has(line.kind(index - 1)) && !told(line, end)) return null;
  if (next.kind === 'half') Object.assign(clock, { minute: 30, fine: true, end: end + 1 });
  else if (next.kind === 'num' && line.kind(end + 1) === 'quarter-hour' && next.n < 4)
    Object.assign(clock, { minute: next.n * 15, fine: true, end: end + 2 });
  else if (next.kind === 'num' && (next.name !== 'row' || next.n < 10) && minutes(line, end))
    Object.assign(clock, { minute: next.n, fine: true, end: line.kind(end + 1) === 'fen' ? end + 2 : end + 1 });
  else clock.end = end;
  end = clock.end;
  if (line.kind(end) === 'num' && line.kind(end + 1) === 'second')
    Object.assign(clock, { second: line.at(end).n, end: end + 2 });
  if (line.kind(end) === 'exactly') clock.end = end + 1;
  return clock;
}

/** A number behind 点 is its minutes with 分, with two digits, or as a Chinese ten. */
function minutes(line: Line, index: number): boolean {
  const token = line.at(index);
  if (line.kind(index + 1) === 'fen') return true;
  if (!line.glued(index - 1) || token.n > 59) return false;
  const follow = line.kind(index + 1);
  if (['day', 'piece', 'date', 'month', 'measure', 'hour', 'o-clock', 'week', 'year', 'mark'].includes(follow))
    return false;
  // 「八点零五」
  const zero = token.name === 'row' && token.n < 10;
  return token.digits === 2 || zero || (token.digits === 0 && token.n >= 10);
}

function withColons(line: Line, index: number, clock: Clock): Clock | null {
  const minute = line.at(index + 2);
  if (minute.kind !== 'num' || minute.digits !== 2 || !line.glued(index) || !line.glued(index + 1)) return null;
  Object.assign(clock, { minute: minute.n, fine: true, end: index + 3 });
  const second = line.at(index + 4);
  if (line.is(index + 3, 'mark', ':') && second.kind === 'num' && second.digits === 2 && line.glued(index + 2)) {
    Object.assign(clock, { second: second.n, end: index + 5 });
    const fraction = line.at(index + 6);
    if (line.is(index + 5, 'mark', '.') && line.glued(index + 4) && fraction.kind === 'num') clock.end = index + 7;
  }
  return clock;
}

const told = (line: Line, index: number): boolean =>
  after.has(line.kind(index)) || (line.kind(index) === 'num' && minutes(line, index));

function step(clock: Clock, part: PartName | null): ClockStep {
  return { kind: 'clock', hour: clock.hour, minute: clock.minute, second: clock.second, fine: clock.fine, part };
}

/** The clock with what follows it: 「9am」, 「9 in the morning」. */
function push(line: Line, clock: Clock, part: PartName | null, out: Match[]): void {
  let own = part;
  let end = clock.end;
  const next = line.at(end);
  if (own === null && next.kind === 'meridiem') {
    if (clock.hour > 12) return;
    own = next.name === 'pm' ? 'afternoon' : clock.hour === 12 ? 'small-hours' : 'forenoon';
    end += 1;
  } else if (own === null && next.kind === 'part' && next.latin) {
    own = next.name as PartName;
    end += 1;
  }
  if (line.kind(end) === 'about' || (line.kind(end) === 'past-hour' && line.glued(end - 1))) end += 1;
  out.push({ steps: [step(clock, own)], end, cost: 0 });
}

const holdsHours = bit(level.day, level.part);
const mayHold = (held: Level | 0): boolean => held === 0 || (holdsHours & bit(held)) !== 0;

/** A clock that begins with its number. 「at 8」, 「9am」 have none of its signs. */
export const clock: Rule = (line, index, held, out) => {
  if (!mayHold(held)) return;
  const read = clockAt(line, index);
  const token = line.at(index);
  if (read) push(line, read, null, out);
  else if (line.kind(index + 1) === 'meridiem' && token.digits <= 2 && token.n <= 12)
    push(line, { hour: token.n, minute: 0, second: 0, fine: false, end: index + 1 }, null, out);
};

/** A part of the day, alone or with its clock. One of a single character stands close behind its day. */
export const part: Rule = (line, index, held, out) => {
  const token = line.at(index);
  if (!mayHold(held) || held === level.part) return;
  if (token.n !== 1 || (held === level.day && line.glued(index - 1))) return partAt(line, index, out);
  // 「早8点到晚8点」
  const read = line.glued(index) ? clockAt(line, index + 1) : null;
  if (read) push(line, read, token.name as PartName, out);
};

/** The part of the day at `index`, whatever stands before it. */
export const partAt = (line: Line, index: number, out: Match[]): void => {
  const token = line.at(index);
  const name = token.name as PartName;
  const follow = line.kind(index + 1) === 'of' ? index + 2 : index + 1;
  const read = clockAt(line, follow);
  if (read) push(line, read, name, out);
  out.push({ steps: [{ kind: 'part', name }], end: index + 1, cost: 0 });
};
