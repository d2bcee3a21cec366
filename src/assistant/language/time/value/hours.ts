import { dayMs, hourMs, midnight, minuteMs, type Span } from '../calendar.ts';
import { level } from './level.ts';
import { hourIn, partOf } from './part.ts';
import { last, levelOf, type Path, roamsIn, unitAt, walk } from './path.ts';
import type { ClockStep, PartName, Step } from './step.ts';

/** The longest stretch over midnight that is read without asking. */
const longestNight = 16 * hourMs;

const partIn = (step: Step): PartName | null =>
  step.kind === 'part' ? step.name : step.kind === 'clock' ? step.part : null;

/** A clock or part of the day after a start on some day: `own` is what was said of it. Null where it would lie before the start. */
export function hoursAfter(a: Path, place: number, start: Span, own: Step, now: number): Span | 'reversed' {
  const startStep = last(a);
  const box = walk(a.steps.slice(0, -1), unitAt(roamsIn(a), place, now), now);
  // A stamp, or a moment so long ago, has its day by itself.
  const boxDay = midnight(box && box.to > 0 ? box.from : start.from);
  if (own.kind === 'part' || (own.kind === 'clock' && own.part !== null)) {
    for (const day of [boxDay, boxDay + dayMs]) {
      const span = own.kind === 'part' ? partOf(own.name, day) : clockOn(own, hourIn(own.part, own.hour), day);
      if (span && span.from > start.from && (day === boxDay || span.from - start.from <= longestNight)) return span;
    }
    return 'reversed';
  }
  const clock = own as ClockStep;
  const part = partIn(startStep);
  const hours: (number | null)[] = [clock.hour];
  if (part !== null) {
    // The half of the day that was said at the start holds, as long as that lies ahead of it: 「下午一点到三点」, 「上午十点到三点」.
    hours.push(hourIn(part, clock.hour), clock.hour < 12 ? clock.hour + 12 : null, clock.hour + 24);
  } else if (startStep.kind !== 'clock' || startStep.hour > 12) hours.push(clock.hour + 24);
  const after = hours
    .filter((hour) => hour !== null && (hour === clock.hour || hour * hourMs - (start.from - boxDay) <= longestNight))
    .map((hour) => clockOn(clock, hour, boxDay))
    .filter((span) => span !== null && span.from > start.from)
    .sort((one, other) => (one?.from ?? 0) - (other?.from ?? 0));
  return after[0] ?? 'reversed';
}

function clockOn(step: ClockStep, hour: number | null, day: number): Span | null {
  if (hour === null) return null;
  const from = day + hour * hourMs + step.minute * minuteMs + step.second * 1000;
  return { from, to: from + (step.fine ? minuteMs : hourMs) };
}

/** Whether the end of a range says no more than an hour of the start's own day. */
export const onlyHours = (a: Path, own: readonly Step[]): boolean =>
  own.length === 1 && (own[0]?.kind === 'clock' || own[0]?.kind === 'part') && levelOf(a) <= level.part;

/** The day after the one the start lies in, and on it what was said. */
export const onNextDay = (start: Span, of: Path, now: number): Span | null => {
  const from = midnight(start.from) + dayMs;
  return walk(of.steps, { from, to: from + dayMs }, now);
};
