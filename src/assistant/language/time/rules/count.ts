import type { CountUnit } from '../value/level.ts';
import { isCount } from './guard.ts';
import type { Line } from './line.ts';

/** A number of units: 「三天」, 「两个半月」, 「半年」. `n` is null for 「几天」. */
export interface Counted {
  n: number | null;
  unit: CountUnit;
  end: number;
  /** The unit could as well number one of a series: 「3月」, 「5日」. */
  numbers: boolean;
}

const units: Readonly<Record<string, CountUnit>> = {
  minute: 'minute',
  hour: 'hour',
  day: 'day',
  date: 'day',
  week: 'week',
  month: 'month',
  quarter: 'quarter',
  year: 'year',
};

function unitAt(line: Line, index: number): CountUnit | null {
  const token = line.at(index);
  if (token.kind === 'date' && token.name === '号') return null;
  return units[token.kind] ?? null;
}

/** A number at `index` with halves and decimals: 「一个半」, 「1.5」, 「半」. */
function quantity(line: Line, index: number): { n: number | null; end: number } | null {
  const token = line.at(index);
  if (token.kind === 'few') return { n: null, end: line.kind(index + 1) === 'piece' ? index + 2 : index + 1 };
  if (token.kind === 'half') return { n: 0.5, end: line.kind(index + 1) === 'piece' ? index + 2 : index + 1 };
  if (token.kind !== 'num' || token.n === 0) return null;
  // 「两三天」 is no number.
  if (token.name === 'row') return { n: null, end: index + 1 };
  if (line.is(index + 1, 'mark', '.') && line.kind(index + 2) === 'num' && line.glued(index) && line.glued(index + 1))
    return { n: token.n + line.at(index + 2).n / 10 ** line.at(index + 2).digits, end: index + 3 };
  let end = index + 1;
  if (line.kind(end) === 'piece') end += 1;
  if (line.kind(end) === 'half') return { n: token.n + 0.5, end: line.kind(end + 1) === 'piece' ? end + 2 : end + 1 };
  // 「十几天」, 「三十多天」
  const more = line.kind(index + 1) === 'few' || line.kind(index + 1) === 'past-hour';
  if (more) return { n: null, end: line.kind(index + 2) === 'piece' ? index + 3 : index + 2 };
  return { n: token.n, end };
}

/** A day of the week behind 周: a digit that counts nothing, 日, 末. */
function namesDay(line: Line, index: number): boolean {
  const token = line.at(index);
  if (token.kind === 'num') return token.digits === -1 && token.name === '' && token.n <= 7 && !isCount(line, index);
  return (token.kind === 'date' && token.name === '日') || (token.kind === 'edge' && token.name === 'end');
}

export function counted(line: Line, index: number): Counted | null {
  const read = quantity(line, index);
  const unit = read && unitAt(line, read.end);
  if (!read || !unit) return null;
  const token = line.at(read.end);
  // 「一个周五」 is no week.
  if (unit === 'week' && !token.latin && line.glued(read.end) && namesDay(line, read.end + 1)) return null;
  const numbers =
    token.kind === 'date' || ((token.kind === 'month' || token.kind === 'year') && token.name !== 'count');
  const end = read.end + 1;
  // 「一天半」, but not 「3点半」.
  if (read.n !== null && line.kind(end) === 'half' && line.glued(end - 1) && unit !== 'minute')
    return { n: read.n + 0.5, unit, end: end + 1, numbers };
  return { n: read.n, unit, end, numbers: numbers && line.at(index).name !== 'pair' };
}
