import type { Step } from '../value/step.ts';
import { isCount } from './guard.ts';
import { add, type Line, type Match, type Rule } from './line.ts';

/** The day of the week behind 周 or a named week: a digit, 日, 天 or 末. Several digits are several days. */
export function dayOfWeek(line: Line, index: number, out: Match[]): unknown {
  const token = line.at(index);
  // A Chinese digit belongs to the week even behind a space.
  if (!line.glued(index - 1) && (token.kind !== 'num' || token.digits > 0)) return;
  if ((token.kind === 'date' && token.name === '日') || (token.kind === 'day' && !token.latin))
    return add(out, { kind: 'weekday', n: 7 }, index + 1);
  if (token.kind === 'edge' && token.name === 'end') return add(out, { kind: 'weekend' }, index + 1);
  if (token.kind !== 'num' || token.name === 'pair' || token.digits > 1 || token.digits === 0) return;
  const digits = [...String(token.n)].map(Number);
  let end = index + 1;
  const sunday = (): boolean =>
    (line.is(end, 'date', '日') || (line.kind(end) === 'day' && !line.at(end).latin)) && line.glued(end - 1);
  while (
    line.kind(end) === 'num' &&
    line.glued(end - 1) &&
    line.at(end).digits < 0 &&
    (!isCount(line, end) || line.is(end + 1, 'date', '日')) &&
    digits.length < 7
  ) {
    digits.push(...[...String(line.at(end).n)].map(Number));
    end += 1;
  }
  const both = sunday();
  if (both) end += 1;
  if (digits.some((n) => n < 1 || n > 7) || (!both && line.kind(end) !== 'week' && isCount(line, end - 1))) return;
  const days = (both ? [...digits, 7] : digits).map((n): Step => ({ kind: 'weekday', n }));
  const [first, ...rest] = days;
  if (first) out.push({ steps: [first], end, cost: 0, ...(rest.length > 0 ? { rest } : {}) });
}

/** 「周五」, 「星期天」; with an edge 「周初」. */
export const week: Rule = (line, index, _held, out) => {
  if (line.at(index).latin && line.is(index + 1, 'of', 'en')) add(out, { kind: 'around', unit: 'week' }, index + 1);
  if (line.at(index).name === '') dayOfWeek(line, index + 1, out);
};
