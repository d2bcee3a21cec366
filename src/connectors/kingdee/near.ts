import { edits } from '../../edits.ts';
import type { BaseDatum } from '../../sync/connector.ts';

/** How many similar codes are worth showing. */
const shown = 3;
/** One other sign, or two that changed places. */
const furthest = 1;

/** A text as the beginning of an SQL LIKE pattern: its own wildcards mean themselves. */
export const literal = (text: string): string => text.replace(/[[%_]/g, (sign) => `[${sign}]`).replaceAll("'", "''");

/**
 * The filter that finds what a code may have been meant to be: `A-1093` finds `A1093` and `A-1093-01` (its letters and digits in
 * order, whatever stands between them), `A1039` (whatever the last two signs), and what begins with the same name.
 */
export function nearFilter(code: string, name: string | undefined): string {
  const runs = runsOf(code);
  const last = runs.at(-1) ?? '';
  const patterns = [runs, ...(last.length > 2 ? [[...runs.slice(0, -1), last.slice(0, -2)]] : [])]
    .filter((parts) => parts.length > 0)
    .map((parts) => `FNumber like '${parts.map(literal).join('%')}%'`);
  return [...patterns, ...(name ? [`FName like '${literal(name)}%'`] : [])].join(' or ');
}

const runsOf = (code: string): string[] => code.match(/[A-Za-z]+|\d+|[\u4e00-\u9fa5]+/g) ?? [];
const separators = ['', '-', '_', '.', ' ', '/'];

/** A code as it may be spelled otherwise: `A-1093` is `A1093`, `A_1093` and so on. */
export const spellingsOf = (code: string): string[] => [
  ...new Set(separators.map((separator) => runsOf(code).join(separator))),
];

/**
 * The few that are most alike: another spelling of the code, a longer one, the same name, or one mistyped. Where there are
 * many of a sort they are numbers in a row, and the one beside it is another product: none of them, unless only the spelling differs.
 */
export function mostAlike(found: readonly BaseDatum[], code: string, name: string | undefined): BaseDatum[] {
  const bare = bareOf(code);
  const near = found
    .filter((datum) => datum.code !== code)
    .map((datum) => ({ datum, distance: distanceTo(datum, bare, name) }))
    .filter(({ distance }) => distance <= furthest);
  const many = (distance: number): boolean => near.filter((one) => one.distance === distance).length > shown;
  return near
    .filter(({ distance }) => distance === 0 || !many(distance))
    .sort((a, b) => a.distance - b.distance || a.datum.code.localeCompare(b.datum.code))
    .slice(0, shown)
    .map(({ datum }) => datum);
}

const bareOf = (code: string): string => code.replace(/[^A-Za-z0-9\u4e00-\u9fa5]/g, '').toUpperCase();

function distanceTo(datum: BaseDatum, bare: string, name: string | undefined): number {
  const other = bareOf(datum.code);
  if (other === bare) return 0;
  if (other.startsWith(bare)) return 0.5;
  if (name && datum.name === name) return 0.75;
  return isSwapped(bare, other) ? 1 : edits(bare, other);
}

/** Two signs side by side have changed places. */
function isSwapped(from: string, to: string): boolean {
  const at = [...from].findIndex((sign, index) => sign !== to[index]);
  return at >= 0 && from.slice(0, at) + (from[at + 1] ?? '') + from[at] + from.slice(at + 2) === to;
}
