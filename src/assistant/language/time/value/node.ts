import type { Span } from '../calendar.ts';
import type { Path } from './path.ts';

/** From one to the other. `next` : the end is on the day after the start, 「晚上10点到次日早上6点」; `before`: up to its beginning. */
export interface Range {
  kind: 'range';
  a: Path;
  b: Path;
  next?: boolean;
  before?: boolean;
}

/** What a phrase says. */
export type Node =
  | { kind: 'path'; path: Path }
  /** One day said twice: 「昨天周一」. */
  | { kind: 'same'; path: Path; other: Path }
  | Range
  | { kind: 'since'; a: Path }
  | { kind: 'before'; b: Path }
  | { kind: 'list'; items: readonly (Path | Range)[] }
  | { kind: 'now' };

export type Ask =
  | 'no_such_date'
  | 'no_such_clock'
  | 'several'
  | 'vague'
  | 'open_start'
  | 'future'
  | 'reversed'
  | 'long_past';

/** What a phrase comes to: a stretch, or a question with (where there is one) the stretch to show in it. */
export interface Outcome {
  span: Span | null;
  ask: Ask | null;
  /** How it came about: `range(day 2025-12-09, day 2025-12-15 ← year,month)`. */
  tree: string;
}

export const isRange = (item: Path | Range): item is Range => 'kind' in item;
