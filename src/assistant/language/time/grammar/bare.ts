import { isCount } from '../rules/guard.ts';
import type { Line, Match } from '../rules/line.ts';
import { cost } from '../rules/ranking.ts';
import { dayOfWeek } from '../rules/weekdays.ts';
import { last, type Path } from '../value/path.ts';
import type { Step } from '../value/step.ts';
import type { Found } from './paths.ts';

const most: Partial<Record<Step['kind'], number>> = { day: 31, month: 12, quarter: 4, clock: 24 };

/** A number behind a joint that takes its unit from the part before: 「9月5号到8」, 「周一至五」, 「9.5-8」. */
export function bareAfter(line: Line, before: Path, index: number): Found[] {
  const unit = last(before);
  const token = line.at(index);
  const found = (steps: readonly Step[], end: number, rest: readonly Step[] = []): Found => ({
    steps,
    end,
    cost: cost.bare,
    rest,
    other: null,
  });
  if (unit.kind === 'weekday') {
    const out: Match[] = [];
    if (token.kind === 'num' || token.kind === 'date' || token.kind === 'day') dayOfWeek(line, index, out);
    return out.map(({ steps, end, rest }) => found(steps, end, rest));
  }
  const limit = most[unit.kind];
  if (!limit || token.kind !== 'num' || token.n > limit || token.digits > 2 || token.name !== '') return [];
  if (isCount(line, index) || line.is(index + 1, 'mark', '.') || line.is(index + 1, 'mark', '/')) return [];
  if (unit.kind === 'clock')
    return [found([{ ...unit, hour: token.n, minute: 0, second: 0, fine: false, part: null }], index + 1)];
  if (token.n === 0) return [];
  const end = line.kind(index + 1) === 'ordinal' ? index + 2 : index + 1;
  return [found([{ kind: unit.kind as 'day' | 'month' | 'quarter', n: token.n }], end)];
}
