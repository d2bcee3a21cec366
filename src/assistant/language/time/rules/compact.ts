import { solarDay } from '../value/festival-days.ts';
import { numberedDays } from '../value/festivals.ts';
import { level } from '../value/level.ts';
import type { Step } from '../value/step.ts';
import { isAmount, isCode, isCount } from './guard.ts';
import type { Line, Rule } from './line.ts';
import { cost } from './ranking.ts';
import { inChain, leapYear, monthDay, years } from './written.ts';

/** Dates in digits without signs: 20260905, 0905, 202609; 618. */
export const compact: Rule = (line, index, held, out) => {
  const { n, digits } = line.at(index);
  if ((digits !== 3 && digits !== 4 && digits !== 6 && digits !== 8) || isCode(line, index) || isAmount(line, index))
    return;
  if (isCount(line, index) && line.kind(index + 1) !== 'date') return;
  if (line.glued(index) && (line.kind(index + 1) === 'place' || line.is(index + 1, 'code', 'place'))) return;
  if (inChain(line, index, index + 1) || isFraction(line, index)) return;
  const end = line.kind(index + 1) === 'date' ? index + 2 : index + 1;
  const steps = compactSteps(n, digits);
  if (!steps || (held !== 0 && (held !== level.year || steps[0]?.kind === 'year'))) return;
  out.push({ steps, end, cost: cost.compact });
};

function compactSteps(n: number, digits: number): Step[] | null {
  if (digits === 3) {
    const named = numberedDays[String(n)];
    return named ? monthDay(...named) : null;
  }
  const day = n % 100;
  if (digits === 4) return exists(Math.floor(n / 100), day) ? monthDay(Math.floor(n / 100), day) : null;
  const year = digits === 6 ? Math.floor(n / 100) : Math.floor(n / 10_000);
  if (!years(year)) return null;
  if (digits === 6)
    return day >= 1 && day <= 12
      ? [
          { kind: 'year', n: year },
          { kind: 'month', n: day },
        ]
      : null;
  const month = Math.floor(n / 100) % 100;
  if (month < 1 || month > 12 || !solarDay(year, month, day)) return null;
  return [{ kind: 'year', n: year }, ...monthDay(month, day, year)];
}

const exists = (month: number, day: number): boolean =>
  month >= 1 && month <= 12 && solarDay(leapYear, month, day) !== null;
const isFraction = (line: Line, index: number): boolean =>
  (line.is(index + 1, 'mark', '.') || line.is(index + 1, 'mark', '/')) && line.glued(index);

/** 「九点五到九点八」: month and day as voice input hears 「9.5」. */
export const spoken: Rule = (line, index, held, out) => {
  const [month, day] = [line.at(index), line.at(index + 2)];
  if (held !== 0 || month.digits > 0 || day.kind !== 'num' || day.digits > 0 || day.digits < -1) return;
  if (line.kind(index + 1) !== 'o-clock' || !line.glued(index) || !line.glued(index + 1)) return;
  if (isCount(line, index + 2) || day.n >= 10 || !exists(month.n, day.n)) return;
  out.push({ steps: monthDay(month.n, day.n), end: index + 3, cost: cost.compact });
};
