import { dayMs, days, hourMs, midnight, minuteMs, months, type Span, yearOf } from '../calendar.ts';
import { ago, near, rolling, stretch, whole } from './count.ts';
import { festivalIn, lunarIn } from './festival-days.ts';
import { edge, nth, same, third, within } from './inside.ts';
import { hoursOf, partOf } from './part.ts';
import type { Step } from './step.ts';

/** What the step names inside `box` (ignored by steps that stand by themselves); null where it names nothing there. */
export function apply(step: Step, box: Span, now: number): Span | null {
  const year = yearOf(box.from);
  switch (step.kind) {
    case 'year':
      return months(step.n, 1, 12);
    case 'near':
      return near(step.unit, step.n, now);
    case 'rolling':
      return rolling(step.n, step.unit, now);
    case 'whole':
      return whole(step, now);
    case 'ago':
      return ago(step.n, step.unit, now);
    case 'stamp':
      return { from: step.at, to: step.at + (step.fine ? minuteMs : hourMs) };
    case 'few':
      return step.side === 'with' ? rolling(3, step.unit, now) : whole({ ...step, kind: 'whole', n: 3 }, now);
    case 'month':
      return within(months(year, step.n), box);
    case 'quarter':
      return months(year, step.n * 3 - 2, 3);
    case 'half':
      return months(year, step.n * 6 - 5, 6);
    case 'third':
    case 'half-month':
      return third(step.kind, step.n, box);
    case 'day':
      return step.n > 0 ? within(days(box.from + (step.n - 1) * dayMs), box) : null;
    case 'weekday':
      return days(box.from + (step.n - 1) * dayMs);
    case 'weekend':
      return days(box.from + 5 * dayMs, 2);
    case 'festival':
      return festivalIn(year, step.n, step.off);
    case 'lunar':
      return lunarIn(year, step.month, step.day);
    case 'nth':
      return nth(step, box);
    case 'run': {
      const run = step.end === 'first' ? stretch(box.from, step.n, step.unit) : stretch(box.to, -step.n, step.unit);
      return within(run, box);
    }
    case 'edge':
      return edge(step.end, box);
    case 'shift':
      return step.side === 'before' ? stretch(box.from, -step.n, step.unit) : stretch(box.to, step.n, step.unit);
    case 'around':
      return near(step.unit, 0, box.from);
    case 'same':
      return same(box, now);
    case 'part':
      return partOf(step.name, box.from);
    case 'clock':
      return hoursOf(step, midnight(box.from));
    default:
      return null;
  }
}
