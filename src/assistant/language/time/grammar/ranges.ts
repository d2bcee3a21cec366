import type { Line } from '../rules/line.ts';
import { cost } from '../rules/ranking.ts';
import { level } from '../value/level.ts';
import type { Node, Range } from '../value/node.ts';
import { head, levelOf, type Path, path } from '../value/path.ts';
import type { Step } from '../value/step.ts';
import { bareAfter } from './bare.ts';
import { best, closed, type Ground, type Item, past } from './item.ts';

export type Put = (node: Node, end: number, price?: number) => void;

/** The joint of a range, over 的, 起 and a comma: where what follows it begins. */
function joint(line: Line, index: number): { at: number; price: number } | null {
  let at = index;
  if (line.kind(at) === 'of' && !line.at(at).latin) at += 1;
  if (line.kind(at) === 'since' || line.kind(at) === 'after') at += 1;
  const joins = line.kind(at + 1) === 'to' || line.kind(at + 1) === 'until';
  if (line.is(at, 'comma', ',') && (at > index || joins)) at += 1;
  const token = line.at(at);
  const interval = token.name === '/' && line.at(at + 1).digits === 4 && line.at(at + 1).kind === 'num';
  if (token.kind === 'mark' && token.name !== '-' && token.name !== '~' && !interval) return null;
  if ((token.kind !== 'to' && token.kind !== 'until' && token.kind !== 'mark') || token.name === 'bound') return null;
  at += 1;
  if (line.kind(at) === 'to' && token.kind === 'until') at += 1;
  if (line.is(at, 'comma', ',') && token.kind !== 'mark') at += 1;
  return { at, price: token.name === 'slip' ? cost.slip : 0 };
}

/** 「Oct 1-3, 2025」: the year of both behind the second. */
function yearBehind(line: Line, a: Path, index: number): { step: Step; end: number } | null {
  const at = line.is(index, 'comma', ',') ? index + 1 : index;
  const { kind, n, digits } = line.at(at);
  const year = kind === 'num' && digits === 4 && n >= 2000 && n <= 2099;
  if (head(a).kind !== 'month' || !year || line.kind(at + 1) === 'mark' || line.kind(at + 1) === 'month') return null;
  return { step: { kind: 'year', n }, end: line.kind(at + 1) === 'year' ? at + 2 : at + 1 };
}

/** All ranges that begin with this path. */
export function ranges({ line, paths }: Ground, item: Item<Path>): Item<Range>[] {
  const a = item.item;
  const out: Item<Range>[] = [];
  const joined = joint(line, item.end);
  // 「9月5号起，9月8号止」 has no joint but an end.
  const ended = joined === null && line.kind(item.end) === 'since';
  if (!joined && !ended) return out;
  let at = joined ? joined.at : item.end + 1;
  if (ended && line.kind(at) === 'comma') at += 1;
  const next = line.kind(at) === 'next-day';
  if (next) {
    const whole = path([{ kind: 'nth', n: 1, unit: 'day', weekday: 0 }]);
    out.push({ item: { kind: 'range', a, b: whole, next }, more: [], end: at + 1, cost: item.cost });
    at += line.kind(at + 1) === 'of' ? 2 : 1;
  }
  if (line.kind(at) === 'that-day' && levelOf(a) <= level.part) at += 1;
  const readings = [...best(paths.at(at)), ...(next ? [] : bareAfter(line, a, at))];
  for (const found of readings) {
    const b = path(found.steps);
    const whole = past(line, found.end, b);
    const end = line.kind(whole) === 'ends' || line.is(whole, 'within', 'between') ? whole + 1 : whole;
    if ((ended && end === whole) || found.rest.length > 0) continue;
    // 「5号到8号的上午」 may be of each day.
    const ofEach = line.kind(found.end - 1) === 'part' && line.kind(found.end - 2) === 'of';
    if (ofEach && levelOf(a) === level.day) continue;
    // 「yesterday until noon」 is of one day (boundedWithin).
    const hour = line.at(item.end).kind === 'until' && line.at(item.end).latin && b.steps.length === 1;
    if (hour && levelOf(a) === level.day && levelOf(b) <= level.part) continue;
    const range: Range = next ? { kind: 'range', a, b, next } : { kind: 'range', a, b };
    const price = item.cost + found.cost + (joined?.price ?? 0);
    out.push({ item: range, more: [], end, cost: price });
    const year = yearBehind(line, a, end);
    if (year) out.push({ item: { ...range, a: path([year.step, ...a.steps]) }, more: [], end: year.end, cost: price });
    // 「到9月8号之前」 leaves that day out.
    if (!next && line.kind(whole) === 'before')
      out.push({ item: { ...range, before: true }, more: [], end: whole + 1, cost: price });
  }
  return out;
}

/** 「…起」, 「…以来」, 「…之后」, 「…到现在」; with an upper bound 「8点以后10点以前」. */
export function since({ line, paths }: Ground, item: Item<Path>, put: Put): void {
  const a = item.item;
  const of = line.kind(item.end) === 'of' ? item.end + 1 : item.end;
  if (line.kind(item.end) === 'till-now' || (line.kind(item.end) === 'now' && line.at(item.end).latin))
    put({ kind: 'since', a }, item.end + 1);
  const joined = joint(line, item.end);
  if (joined && (line.kind(joined.at) === 'now' || line.kind(joined.at) === 'till-now'))
    put({ kind: 'since', a }, closed(line, joined.at + 1));
  const kind = line.kind(of);
  if (kind !== 'since' && kind !== 'after') return;
  const after = line.kind(of + 1) === 'till-now' ? of + 2 : of + 1;
  put({ kind: 'since', a }, after);
  const next = ['and', 'comma', 'of'].includes(line.kind(after)) ? after + 1 : after;
  for (const found of best(paths.at(next)))
    if (line.kind(found.end) === 'before')
      put({ kind: 'range', a, b: path(found.steps), before: true }, found.end + 1, item.cost + found.cost);
}

/** 「yesterday after 3pm」, 「yesterday before noon」: the bound stands between the day and its hour. */
export function boundedWithin({ line, paths }: Ground, item: Item<Path>, put: Put): void {
  const joint = line.at(item.end);
  const after = joint.kind === 'from' && joint.name === 'since';
  const until = joint.kind === 'until' && joint.latin;
  if ((!after && !until) || levelOf(item.item) !== level.day) return;
  for (const found of best(paths.at(item.end + 1))) {
    const hour = path(found.steps);
    if (hour.steps.length > 1 || levelOf(hour) > level.part) continue;
    const whole = path([...item.item.steps, ...hour.steps]);
    put(after ? { kind: 'since', a: whole } : { kind: 'before', b: whole }, found.end, item.cost + found.cost);
  }
}

/** 「…之前」, 「…为止」. */
export function bounded({ line }: Ground, item: Item<Path>, put: Put): void {
  const of = line.kind(item.end) === 'of' ? item.end + 1 : item.end;
  const kind = line.kind(of);
  if (kind === 'before' || (kind === 'ends' && of === item.end)) put({ kind: 'before', b: item.item }, of + 1);
}
