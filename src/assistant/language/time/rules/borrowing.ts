import { level } from '../value/level.ts';
import type { Kind } from '../words/word.ts';
import { isCode, isCount } from './guard.ts';
import type { Line, Rule } from './line.ts';
import { cost } from './ranking.ts';

/** What joins the numbers of a list or a range. */
export const joins: ReadonlySet<Kind> = new Set<Kind>(['to', 'until', 'and', 'comma', 'mark']);

type Unit = 'day' | 'month' | 'quarter' | 'clock' | 'year';
const unitKinds: Partial<Record<Kind, Unit>> = {
  date: 'day',
  month: 'month',
  quarter: 'quarter',
  'o-clock': 'clock',
  year: 'year',
};

/** The unit that a number of a list takes over from the last of it: 「5、6、7号」, 「9到11点」. */
function unitAhead(line: Line, index: number): Unit | null {
  let at = index;
  for (let steps = 0; steps < 12; steps += 1) {
    const next = line.at(at + 1);
    const slash = next.kind === 'mark' && next.name === '/';
    if (!joins.has(next.kind) || (next.kind === 'mark' && next.name !== '-' && next.name !== '~' && !slash))
      return null;
    at += 2;
    // 「18/19 Oct」, but 9/5 is a date.
    if (slash && line.kind(at + 1) !== 'month-name') return null;
    const token = line.at(at);
    if (token.kind !== 'num' || token.digits > 4) return null;
    const follow = line.at(at + 1);
    const unit = follow.name === 'count' ? undefined : unitKinds[follow.kind];
    if (unit === 'month' && line.kind(at + 2) === 'num' && bareDayOrDate(line, at + 2)) return 'day';
    if (unit) return unit;
    if (follow.kind === 'month-name') return 'day';
    const counted = countedUnit(line, at + 1, steps + 2);
    if (counted) return counted;
    if (line.at(index).digits > 2) return null;
  }
  return null;
}

/** 「4、5、6三个月」: the unit of as many as were listed. */
function countedUnit(line: Line, index: number, listed: number): Unit | null {
  if (line.kind(index) !== 'num' || line.at(index).n !== listed) return null;
  const unit = line.kind(index + 1) === 'piece' ? line.kind(index + 2) : line.kind(index + 1);
  return unit === 'month' ? 'month' : unit === 'day' ? 'day' : unit === 'quarter' ? 'quarter' : null;
}

const bareDayOrDate = (line: Line, index: number): boolean =>
  line.kind(index + 1) === 'date' || (!isCount(line, index) && line.at(index).digits <= 2);

/** A number whose unit stands with a later one. */
export const borrowing: Rule = (line, index, held, out) => {
  const token = line.at(index);
  if (token.name === 'row' || token.name === 'pair' || !joins.has(line.kind(index + 1)) || isCode(line, index)) return;
  // 「上午9到11」
  const hours = held === level.part && line.kind(index + 2) === 'num' && token.n <= 24 && !isCount(line, index + 2);
  const unit = unitAhead(line, index) ?? (hours ? 'clock' : null);
  const end = index + 1;
  const price = cost.bare;
  if (unit === 'clock') {
    if (token.n <= 24 && (held === 0 || held === level.day || held === level.part))
      out.push({
        steps: [{ kind: 'clock', hour: token.n, minute: 0, second: 0, fine: false, part: null }],
        end,
        cost: price,
      });
  } else if (unit === 'year') {
    const n = token.n < 80 && token.digits === 2 ? 2000 + token.n : token.n;
    if (held === 0 && n >= 2000 && n <= 2099) out.push({ steps: [{ kind: 'year', n }], end, cost: price });
  } else if (unit && token.n > 0 && token.n <= { day: 31, month: 12, quarter: 4 }[unit])
    out.push({ steps: [{ kind: unit, n: token.n }], end, cost: price });
};
