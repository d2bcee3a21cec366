import { clockText, dateText, dayMs, type Span } from '../calendar.ts';
import { gives } from './holds.ts';
import { nameOf } from './level.ts';
import { levelOf, type Path } from './path.ts';

const written = (wall: number): string =>
  wall % dayMs === 0 ? dateText(wall) : `${dateText(wall)}T${clockText(wall)}`;

/** A stretch with its unit, `day 2025-12-09`; what it took over from the part before stands behind an arrow. */
export function print(of: Path, span: Span): string {
  const borrowed = of.steps
    .slice(0, of.borrowed)
    .map((step) => nameOf(gives(step)))
    .reverse();
  const arrow = borrowed.length > 0 ? ` ← ${borrowed.join(',')}` : '';
  return `${nameOf(levelOf(of))} ${written(span.from)}${arrow}`;
}
