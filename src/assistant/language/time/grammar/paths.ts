import type { Line, Match } from '../rules/line.ts';
import { cost } from '../rules/ranking.ts';
import { rules } from '../rules/table.ts';
import { begins, gives, needs } from '../value/holds.ts';
import { bit, type Level, level } from '../value/level.ts';
import type { Step } from '../value/step.ts';
import type { Kind } from '../words/word.ts';

/** A path that begins at some token. */
export interface Found {
  steps: readonly Step[];
  end: number;
  cost: number;
  /** Further ones of the last step's kind. */
  rest: readonly Step[];
  /** The same day in other words, 「10月19日（周一）」. */
  other: readonly Step[] | null;
}

/** More steps than these nobody says, and more readings of one place are not looked at. */
const fillers: ReadonlySet<Kind> = new Set<Kind>(['within', 'whole', 'that-day']);
/** Behind these a year of four digits needs no 年: 「Q3 2025」. */
const behindYear: ReadonlySet<Kind> = new Set<Kind>(['numbered-quarter', 'half-year']);
const mostSteps = 7;
const mostReadings = 12;

/** The steps of both; an hour is one of the part of the day before it: 「下午5、6点」. */
function joined(sofar: readonly Step[], more: readonly Step[]): readonly Step[] {
  const [before, first] = [sofar[sofar.length - 1], more[0]];
  return before?.kind === 'part' && first?.kind === 'clock' && first.part === null
    ? [...sofar.slice(0, -1), { ...first, part: before.name }, ...more.slice(1)]
    : [...sofar, ...more];
}

/** An hour, a part of the day or the beginning of a range of hours. */
const clockAhead = (line: Line, index: number): boolean =>
  line.kind(index) === 'part' ||
  ['o-clock', 'meridiem'].includes(line.kind(index + 1)) ||
  line.is(index + 1, 'mark', ':');

/** All paths of a line by the token they begin with, each place read once. */
export class Paths {
  readonly line: Line;
  private readonly known: (Found[] | undefined)[] = [];

  constructor(line: Line) {
    this.line = line;
  }

  at(index: number): readonly Found[] {
    const before = this.known[index];
    if (before) return before;
    if (!rules[this.line.kind(index)]) return [];
    const grown: Found[] = [];
    this.grow(index, 0, { steps: [], end: index, cost: 0, rest: [], other: null }, grown);
    this.turn(grown);
    const whole = grown.filter(({ steps }) => begins(steps[0] as Step));
    this.known[index] = whole;
    return whole;
  }

  private matches(index: number, held: Level | 0): Match[] {
    const out: Match[] = [];
    for (const rule of rules[this.line.kind(index)] ?? []) {
      this.line.work += 1;
      rule(this.line, index, held, out);
    }
    return out;
  }

  /** Every step that may stand here, and from each on into what it holds. */
  private grow(index: number, held: Level | 0, sofar: Found, out: Found[]): void {
    for (const match of this.matches(index, held)) {
      const first = match.steps[0] as Step;
      if (held !== 0 && (needs(first) & bit(held)) === 0) continue;
      const found: Found = {
        steps: joined(sofar.steps, match.steps),
        end: match.end,
        cost: sofar.cost + match.cost,
        rest: match.rest ?? [],
        other: sofar.other,
      };
      if (out.length >= mostReadings || found.steps.length > mostSteps) return;
      out.push(found);
      if (found.rest.length > 0) continue;
      const now = gives(found.steps[found.steps.length - 1] as Step);
      const next = this.into(match.end);
      if (rules[this.line.kind(next)]) this.grow(next, now, found, out);
      if (now === level.day && found.other === null) this.apposition(found, out);
    }
  }

  /** Past what may stand between a stretch and a smaller one inside it. */
  private into(index: number): number {
    const { line } = this;
    let at = index;
    if (fillers.has(line.kind(at))) at += 1;
    // 「yesterday from 9am to 11am」, 「昨天从10点到12点」
    const hours = line.kind(at + 1) === 'num' || line.kind(at + 1) === 'part';
    const from = (line.kind(at) === 'from' && line.at(at).name !== 'since') || line.kind(at) === 'in';
    if (from && hours && clockAhead(line, at + 1)) return at + 1;
    return line.kind(at) === 'of' && !line.at(at).latin ? at + 1 : at;
  }

  /** 「10月19日（周一）上午」: a day of the week, or a date, in brackets or close behind. */
  private apposition(found: Found, out: Found[]): void {
    const { line } = this;
    const open = line.kind(found.end) === 'open';
    const at = open ? found.end + 1 : found.end;
    const last = found.steps[found.steps.length - 1] as Step;
    const kind = line.kind(at);
    const weekly = kind === 'week' || kind === 'weekday';
    if (!open && (!(weekly || kind === 'num') || last.kind === 'weekday')) return;
    for (const other of this.at(at)) {
      const day = gives(other.steps[other.steps.length - 1] as Step) === level.day && other.rest.length === 0;
      if (!day || (open && line.kind(other.end) !== 'close')) continue;
      if (!open && !weekly && other.steps.length < 2) continue;
      const end = open ? other.end + 1 : other.end;
      const whole: Found = { ...found, end, cost: found.cost + other.cost, other: other.steps };
      if (out.length >= mostReadings) return;
      out.push(whole);
      const next = this.into(end);
      if (rules[line.kind(next)]) this.grow(next, level.day, whole, out);
    }
  }

  /** What stands behind and is larger holds it, as English has it: 「9am yesterday」, 「Friday of last week」. */
  private turn(found: Found[]): void {
    const { line } = this;
    for (const small of [...found]) {
      const first = small.steps[0] as Step;
      const link = line.at(small.end);
      const linked = (link.kind === 'of' || link.kind === 'in') && link.latin;
      const at = linked ? small.end + 1 : small.end;
      if (!line.at(at).latin && !((linked || behindYear.has(line.at(small.end - 1).kind)) && line.kind(at) === 'num'))
        continue;
      for (const large of this.at(at)) {
        const held = gives(large.steps[large.steps.length - 1] as Step);
        if ((needs(first) & bit(held)) === 0 || large.rest.length > 0 || found.length >= mostReadings) continue;
        found.push({
          ...small,
          steps: [...large.steps, ...small.steps],
          end: large.end,
          cost: small.cost + large.cost + cost.turned,
        });
      }
    }
  }
}
