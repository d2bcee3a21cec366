import type { Line } from '../rules/line.ts';
import { rules } from '../rules/table.ts';
import type { Kind } from '../words/word.ts';
import type { Phrase } from './item.ts';
import { Phrases } from './phrase.ts';

/** The rest of a sentence read: characters of time, how many phrases they are, and what the readings cost. */
interface Best {
  chars: number;
  phrases: number;
  cost: number;
  phrase: Phrase | null;
  next: number;
}

const nothing: Best = { chars: 0, phrases: 0, cost: 0, phrase: null, next: 0 };

const better = (one: Best, other: Best): boolean =>
  one.chars !== other.chars
    ? one.chars > other.chars
    : one.phrases !== other.phrases
      ? one.phrases < other.phrases
      : one.cost < other.cost;

const leads: ReadonlySet<Kind> = new Set<Kind>(['now', 'till-now', 'to', 'until', 'from', 'between', 'in']);
const mayStart = (kind: Kind): boolean => rules[kind] !== undefined || leads.has(kind);

/**
 * The phrases of a sentence: those readings that together cover the most characters, of these the fewest phrases, of these the cheapest
 * (rules/ranking.ts). Words that are none of time part a sentence into pieces, each of which is read by itself.
 */
export function parse(line: Line): Phrase[] {
  const phrases = new Phrases(line);
  const out: Phrase[] = [];
  for (let index = 0; index < line.tokens.length; index += 1) {
    if (!mayStart(line.kind(index))) continue;
    let end = index + 1;
    while (end < line.tokens.length && line.kind(end) !== 'other') end += 1;
    piece(line, phrases, index, end, out);
    index = end;
  }
  return out;
}

function piece(line: Line, phrases: Phrases, start: number, end: number, out: Phrase[]): void {
  // Where one phrase takes all there is, nothing inside of it can do better.
  let last = end;
  while (last > start + 1 && !mayStart(line.kind(last - 1)) && !closing.has(line.kind(last - 1))) last -= 1;
  const first = phrases.at(start).filter((phrase) => stands(line, phrase));
  const whole = first.filter((phrase) => phrase.end >= last);
  if (whole.length > 0) {
    out.push(
      whole.reduce((best, one) => (one.end > best.end || (one.end === best.end && one.cost < best.cost) ? one : best)),
    );
    return;
  }
  const best: Best[] = [];
  for (let index = end - 1; index >= start; index -= 1) {
    const rest = best[index + 1 - start] ?? nothing;
    let own: Best = { ...rest, phrase: null, next: index + 1 };
    const readings = index === start ? first : mayStart(line.kind(index)) ? phrases.at(index) : [];
    for (const phrase of readings) {
      if (index !== start && !stands(line, phrase)) continue;
      const after = best[phrase.end - start] ?? nothing;
      const one: Best = {
        chars: after.chars + line.at(phrase.end - 1).to - line.at(phrase.start).from,
        phrases: after.phrases + 1,
        cost: after.cost + phrase.cost,
        phrase,
        next: phrase.end,
      };
      if (better(one, own)) own = one;
    }
    best[index - start] = own;
  }
  for (let index = start; index < end; ) {
    const one = best[index - start];
    if (!one) break;
    if (one.phrase) out.push(one.phrase);
    index = one.next;
  }
}

/** Words that may end a phrase without beginning one. */
const closing: ReadonlySet<Kind> = new Set<Kind>([
  'since',
  'after',
  'before',
  'ends',
  'within',
  'whole',
  'about',
  'ago',
  'close',
  'off',
]);

/** A date in digits does not stand in the middle of a longer chain of digits and signs: 20260905-0001. */
function stands(line: Line, { start, end }: Phrase): boolean {
  const [first, last] = [line.at(start), line.at(end - 1)];
  const sign = (index: number): boolean => line.kind(index) === 'mark' && line.at(index).name !== ':';
  if (last.kind === 'num' && last.digits > 0 && sign(end) && line.glued(end - 1) && line.glued(end)) {
    const next = line.kind(end + 1);
    if (next === 'num' || next === 'other') return false;
  }
  if (first.kind === 'num' && first.digits > 0 && sign(start - 1) && line.glued(start - 1) && line.glued(start - 2)) {
    const before = line.kind(start - 2);
    if (before === 'num' || before === 'other' || before === 'code') return false;
  }
  return true;
}
