import { dayMs, days, midnight, type Span } from '../calendar.ts';
import { near as unitNear } from './count.ts';
import { level } from './level.ts';
import { findList } from './list.ts';
import { type Ask, isRange, type Node, type Outcome, type Range } from './node.ts';
import { head, isPoint, isVague, lacking, latest, levelOf, type Path, roamsIn, sameDay, unitAt, walk } from './path.ts';
import { print } from './print.ts';
import { endOf, findEnds, settled } from './range.ts';

const asks = (ask: Ask, span: Span | null, tree: string): Outcome => ({ span, ask, tree: `${ask}(${tree})` });
const found = (span: Span, tree: string): Outcome => ({ span, ask: null, tree });

/** The latest that has begun. 「前三季度」 are those of a year in which the last of them has. */
function placeOf(of: Path, now: number): { span: Span; place: number } | null {
  const counted = head(of).kind === 'run' && roamsIn(of) !== 0;
  return counted
    ? latest(of, now, (span) => span.to <= unitNear('quarter', 0, now).to)
    : latest(of, now, (span) => span.from <= now);
}

const missing = (of: Path, now: number): Outcome => {
  const ask = lacking(of, now);
  return asks(ask, null, ask === 'no_such_clock' ? 'clock' : 'day');
};

function one(of: Path, now: number): Outcome {
  if (of.steps.some(({ kind }) => kind === 'vague')) return asks('vague', null, 'when');
  const at = placeOf(of, now);
  if (!at) return missing(of, now);
  const tree = print(of, at.span);
  return isVague(of) ? asks('vague', at.span, tree) : found(at.span, tree);
}

/** The latest day that is both: 「周五（10.9）」. Where none is, one of the two is wrong. */
function same(of: Path, other: Path, now: number): Outcome {
  const at = latest(of, now, (span) => span.from <= now && sameDay(span, other, now));
  // In some year any date is a Tuesday.
  const near = at !== null && (roamsIn(of) === 0 || at.span.from > now - 400 * dayMs);
  if (near && sameDay(at.span, other, now)) return found(at.span, print(of, at.span));
  const outcome = one(of, now);
  return outcome.ask === null ? asks('several', outcome.span, outcome.tree) : outcome;
}

function since(said: Path, now: number): Outcome {
  const of = settled(said, 'start');
  if (!of || isVague(of)) return asks('vague', placeOf(said, now)?.span ?? null, 'since');
  const start = placeOf(of, now);
  if (!start) return missing(of, now);
  const { from } = start.span;
  return found({ from, to: from < now ? now : from + dayMs }, `since(${print(of, start.span)})`);
}

/** Only an upper bound. With a clock or a part of a day it holds from that day's beginning; otherwise the lower bound is asked for. */
function before(of: Path, now: number): Outcome {
  const at = placeOf(of, now);
  if (!at) return missing(of, now);
  const tree = `before(${print(of, at.span)})`;
  if (levelOf(of) <= level.part) {
    const day = of.steps.length > 1 ? boxOf(of, at.place, now) : days(midnight(at.span.from));
    if (day && at.span.from > day.from) return found({ from: day.from, to: at.span.from }, tree);
  }
  const box = of.steps.length > 1 ? boxOf(of, at.place, now) : null;
  return asks('open_start', box && box.from < at.span.from ? { from: box.from, to: at.span.from } : null, tree);
}

const boxOf = (of: Path, place: number, now: number): Span | null =>
  walk(of.steps.slice(0, -1), unitAt(roamsIn(of), place, now), now);

function range(said: Range, now: number): Outcome {
  const [a, b] = [settled(said.a, 'start'), settled(said.b, 'end')];
  if (!a || !b || isVague(a) || isVague(b)) return asks('vague', null, 'range');
  const ends = findEnds({ ...said, a, b }, now);
  if ('ask' in ends) return asks(ends.ask, ends.asked, 'range');
  const span = { from: ends.a.from, to: endOf({ ...said, a, b }, ends) };
  const tree = `range(${print(a, ends.a)}, ${print(ends.end, ends.b)})`;
  return span.to > span.from ? found(span, tree) : asks('reversed', { from: ends.b.from, to: ends.a.to }, tree);
}

/** What a phrase comes to. */
export function evaluate(node: Node, now: number): Outcome {
  switch (node.kind) {
    case 'path':
      return one(node.path, now);
    case 'same':
      return same(node.path, node.other, now);
    case 'range':
      return range(node, now);
    case 'since':
      return since(node.a, now);
    case 'before':
      return before(node.b, now);
    case 'list': {
      const paths = node.items.flatMap((item) => (isRange(item) ? [item.a, item.b] : [item]));
      if (paths.some(isVague)) return asks('vague', null, 'list');
      const listed = findList(node.items, now);
      return 'ask' in listed
        ? asks(listed.ask, null, 'list')
        : found(listed.span, `list(${listed.parts.map((part) => print(part.of, part.span)).join(', ')})`);
    }
    case 'now':
      return { span: null, ask: null, tree: 'now' };
  }
}

/** Whether a clock, or a count of hours, was said in it: then it is not about whole days. */
export function clocked(node: Node): boolean {
  const exact = (of: Path): boolean =>
    isPoint(of) || of.steps.some((step) => 'unit' in step && (step.unit === 'hour' || step.unit === 'minute'));
  if (node.kind === 'path' || node.kind === 'same') return exact(node.path);
  if (node.kind === 'range') return exact(node.a) || exact(node.b);
  if (node.kind === 'list')
    return node.items.some((item) => (isRange(item) ? exact(item.a) || exact(item.b) : exact(item)));
  return node.kind === 'since' ? exact(node.a) : node.kind === 'before' && exact(node.b);
}
