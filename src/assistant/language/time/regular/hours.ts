import { partAt } from '../rules/clock.ts';
import type { Match } from '../rules/line.ts';
import { hourIn } from '../value/part.ts';
import type { ClockStep } from '../value/step.ts';
import type { Kind } from '../words/word.ts';
import type { Draft, Ground } from './draft.ts';

/** What a path and a single step have in common. */
type Reading = Pick<Match, 'steps' | 'end'>;

const joins: ReadonlySet<Kind> = new Set<Kind>(['and', 'to', 'until', 'mark', 'comma']);
const between: ReadonlySet<Kind> = new Set<Kind>(['of', 'in', 'piece', 'times']);
const mostListed = 12;

const longestClock = (found: readonly Reading[]): Reading | null =>
  found
    .filter(({ steps }) => steps.length === 1 && steps[0]?.kind === 'clock')
    .reduce<Reading | null>((best, one) => (best && best.end >= one.end ? best : one), null);

const two = (n: number): string => String(n).padStart(2, '0');

function written(clock: ClockStep): string | null {
  const hour = hourIn(clock.part, clock.hour);
  return hour === null || clock.minute > 59 ? null : `${two(hour % 24)}:${two(clock.minute)}`;
}

/** An hour, or a part of the day without one (then nothing can be set by it). */
export function clockAt({ line, paths }: Ground, index: number): { at: string | null; end: number } | null {
  const token = line.at(index);
  const single: Match[] = [];
  if (token.kind === 'part') partAt(line, index, single);
  const found = longestClock(token.kind === 'part' ? single : paths.at(index));
  if (found) return { at: written(found.steps[0] as ClockStep), end: found.end };
  // 「at 8」
  if (line.kind(index - 1) === 'in' && token.kind === 'num' && token.digits > 0 && token.n < 24)
    return { at: `${two(token.n)}:00`, end: index + 1 };
  return token.kind === 'part' ? { at: null, end: index + 1 } : null;
}

/** 「早上8点每天」 */
export function clockBefore({ paths }: Ground, index: number): { at: string; start: number } | null {
  for (let start = index - 1; start >= 0 && start >= index - 4; start -= 1) {
    const found = longestClock(paths.at(start));
    const at = found?.end === index ? written(found.steps[0] as ClockStep) : null;
    if (at && !longestClock(paths.at(start - 1))) return { at, start };
  }
  return null;
}

/** 「两次」 behind it. */
const often = ({ line }: Ground, index: number): boolean =>
  line.kind(index) === 'num' && line.at(index).n > 1 && line.is(index + 1, 'measure', '');

/** The hour behind what recurs, and whether more than one thing is listed. */
export function withHours(ground: Ground, read: Draft): Draft {
  const { line, paths } = ground;
  let { end, at, ask } = read;
  let clocks = at === null ? 0 : 1;
  for (let steps = 0; steps < mostListed; steps += 1) {
    let next = end;
    while (between.has(line.kind(next))) next += 1;
    const listed = joins.has(line.kind(next));
    if (listed) next += 1;
    const clock = clockAt(ground, next);
    if (clock) {
      clocks += 1;
      at ??= clock.at;
      if (clocks > 1) ask = 'several';
      end = clock.end;
      continue;
    }
    const other = listed ? paths.at(next)[0] : undefined;
    if (!other || !['weekday', 'day'].includes(other.steps[0]?.kind ?? '')) break;
    ask = 'not_sayable';
    end = other.end;
  }
  if (line.kind(end) === 'times') end += 1;
  else if (often(ground, end)) {
    ask = 'several';
    end += 2;
  }
  return { ...read, end, at, ask };
}
