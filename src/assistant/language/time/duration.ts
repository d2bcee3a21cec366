import { counted } from './rules/count.ts';
import { Line } from './rules/line.ts';
import { scan } from './scan.ts';
import type { CountUnit } from './value/level.ts';
import type { Kind } from './words/word.ts';

export interface Duration {
  /** `30m`, `2h`, `1d`. */
  value: string;
  span: { from: number; to: number };
}

const minutes: Partial<Record<CountUnit, number>> = { minute: 1, hour: 60, day: 1440, week: 10_080, month: 43_200 };
/** What makes a count of units a stretch of the calendar, or something that recurs. */
const placedBefore: ReadonlySet<Kind> = new Set<Kind>([
  'rolling',
  'these',
  'prior',
  'coming',
  'before',
  'every',
  'nth',
  'from-end',
  'last',
  'head',
  'o-clock',
  'num',
  'mark',
]);
const placedAfter: ReadonlySet<Kind> = new Set<Kind>(['before', 'ago', 'times']);

/** How long: 「一个半小时」, 「半天」, 「1小时30分」, 「30min」. The unit said is kept where it comes out whole. */
export function readDuration(text: string): Duration | null {
  const line = new Line(scan(text).tokens);
  for (let index = 0; index < line.tokens.length; index += 1) {
    if (placedBefore.has(line.kind(index - 1))) continue;
    const found = lengthAt(line, index);
    if (!found) continue;
    if (placedAfter.has(line.kind(found.end))) {
      index = found.end;
      continue;
    }
    return { value: found.value, span: { from: line.at(index).from, to: line.at(found.end - 1).to } };
  }
  return null;
}

function lengthAt(line: Line, index: number): { value: string; end: number } | null {
  let total = 0;
  let said: CountUnit | null = null;
  let at = index;
  for (;;) {
    const one = oneAt(line, at);
    const size = one && minutes[one.unit];
    if (!one || !size) break;
    // A bare 「3月」 or 「5日」 is a date.
    if (one.numbers) return null;
    total += one.n * size;
    said = said === null || one.unit === said ? one.unit : 'minute';
    at = one.end;
  }
  if (said === null || total <= 0 || total % 1 !== 0) return null;
  return { value: written(total, said), end: at };
}

function oneAt(line: Line, index: number): { n: number; unit: CountUnit; end: number; numbers: boolean } | null {
  const count = counted(line, index);
  if (count && count.n !== null) return { ...count, n: count.n };
  const token = line.at(index);
  if (token.kind !== 'num') return null;
  if (line.kind(index + 1) === 'fen') return { n: token.n, unit: 'minute', end: index + 2, numbers: false };
  if (line.kind(index + 1) === 'quarter-hour' && token.n < 4)
    return { n: token.n * 15, unit: 'minute', end: index + 2, numbers: false };
  return null;
}

function written(total: number, said: CountUnit): string {
  if (said !== 'minute' && said !== 'hour' && total % 1440 === 0) return `${total / 1440}d`;
  return said !== 'minute' && total % 60 === 0 ? `${total / 60}h` : `${total}m`;
}
