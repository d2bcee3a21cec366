import type { Line } from '../rules/line.ts';
import { level } from '../value/level.ts';
import type { Node, Range } from '../value/node.ts';
import { last, levelOf, type Path } from '../value/path.ts';
import type { Found, Paths } from './paths.ts';

/** A reading of the tokens from `start` to before `end`. */
export interface Phrase {
  node: Node;
  start: number;
  end: number;
  cost: number;
  /** The tokens of what it takes the place of, where other words stand between: 「4号的推一下，不对，是5号」. */
  replaced?: { start: number; end: number };
}

/** A path or range on its way to become a phrase, with more of its kind: 「七八月」. */
export interface Item<Of = Path | Range> {
  item: Of;
  more: readonly Path[];
  end: number;
  cost: number;
}

/** A line and all paths in it. */
export interface Ground {
  line: Line;
  paths: Paths;
}

/** So many readings of a place are followed further. */
const mostFollowed = 6;

/** The readings that go furthest, the cheaper ones first. */
export function best(found: readonly Found[]): readonly Found[] {
  if (found.length < 2) return found;
  return [...found].sort((one, other) => other.end - one.end || one.cost - other.cost).slice(0, mostFollowed);
}

const isWeekend = (of: Path): boolean => {
  const step = last(of);
  return step.kind === 'weekend' || (step.kind === 'near' && step.unit === 'weekend');
};
/** How many days it is, where that is plain: 「周末两天」. */
const daysOf = (of: Path): number => (isWeekend(of) ? 2 : levelOf(of) === level.day ? 1 : 0);

/** Past words that only say the whole of it is meant: 「昨天一整天」, 「9月期间」. */
export function past(line: Line, index: number, of: Path): number {
  let at = index;
  for (let steps = 0; steps < 3; steps += 1) {
    const kind = line.kind(at);
    const day = levelOf(of) === level.day;
    if (kind === 'whole' || (kind === 'within' && line.at(at).name !== 'between')) at += 1;
    else if (kind === 'of' && line.kind(at + 1) === 'whole') at += 2;
    else if (kind === 'that-day' && day) at += 1;
    else if (kind === 'num' && line.kind(at + 1) === 'day' && line.at(at).n === daysOf(of)) at += 2;
    else break;
  }
  return at;
}

/** Past a word that says something ends or lies before: 「截至9月30日为止」. */
export const closed = (line: Line, index: number): number =>
  line.kind(index) === 'ends' || line.kind(index) === 'before' ? index + 1 : index;
