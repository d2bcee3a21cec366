import type { Line } from '../rules/line.ts';
import { alike } from '../value/list.ts';
import { isRange, type Range } from '../value/node.ts';
import { type Path, path } from '../value/path.ts';
import type { Kind } from '../words/word.ts';
import { bareAfter } from './bare.ts';
import { best, type Ground, type Item, past } from './item.ts';
import { type Put, ranges } from './ranges.ts';

const mostListed = 12;
const counts: ReadonlySet<Kind> = new Set<Kind>(['day', 'week', 'month', 'quarter', 'date', 'weekend']);

/** 「…两天」 behind a list of two. */
export function count(line: Line, index: number, items: number): number {
  let at = line.kind(index) === 'these' ? index + 1 : index;
  if (line.kind(at) !== 'num' || line.at(at).n !== items) return index;
  at += line.kind(at + 1) === 'piece' ? 2 : 1;
  return counts.has(line.kind(at)) ? at + 1 : index;
}

/** 「A和B」, 「A、B、C」, 「周一周二」; between two of them with 之间 it is a range. */
export function list(ground: Ground, first: Item, lead: Kind, put: Put): void {
  const { line } = ground;
  const items: (Path | Range)[] = [first.item, ...first.more];
  let { end, cost: price } = first;
  while (items.length < mostListed) {
    const next = nextItem(ground, items[items.length - 1] as Path | Range, end);
    if (!next) break;
    items.push(next.item, ...next.more);
    end = next.end;
    price += next.cost;
    const [a, b] = items;
    const between = lead === 'between' || line.is(end, 'within', 'between');
    if (items.length === 2 && between && a && b && !isRange(a) && !isRange(b))
      put({ kind: 'range', a, b }, line.kind(end) === 'within' ? end + 1 : end, price);
    put({ kind: 'list', items: [...items] }, count(line, end, items.length), price);
  }
}

/** The next of a list: the reading that goes furthest. */
function nextItem(ground: Ground, before: Path | Range, end: number): Item | null {
  const { line, paths } = ground;
  let at = line.kind(end) === 'of' && !line.at(end).latin ? end + 1 : end;
  // 「昨天的，今天的别推」 are two clauses.
  if (at > end && line.kind(at) === 'comma') return null;
  const comma = line.is(at, 'comma', ',');
  const joined = comma || line.kind(at) === 'and' || line.is(at, 'mark', '/');
  at = joined ? at + 1 : end;
  if (joined && line.kind(at) === 'and') at += 1;
  const from = isRange(before) ? before.b : before;
  let found: Item | null = null;
  for (const reading of [...best(paths.at(at)), ...(joined ? bareAfter(line, from, at) : [])]) {
    const item = path(reading.steps);
    if ((!joined || comma) && !alike(from, item, comma)) continue;
    const more = reading.rest.map((step) => path([step]));
    const one: Item<Path> = { item, more, end: past(line, reading.end, item), cost: reading.cost };
    for (const next of [one, ...(joined && more.length === 0 ? ranges(ground, one) : [])])
      if (!found || next.end > found.end || (next.end === found.end && next.cost < found.cost)) found = next;
  }
  return found;
}
