import { dayMs, days, hourMs, midnight, type Span, toIso, toWall } from './calendar.ts';
import { type TimeOfDay, timeAt } from './clock.ts';
import { type Unit, unitAt } from './units.ts';
import { afterCorrection, writeOut } from './write.ts';

export interface DateRange {
  start: string;
  end: string;
  /** The words that were read, and the rule that read them. */
  text: string;
  rule: string;
}

export interface DateReading {
  /** Null also where it names a time that could be several (月底, 昨天之前, 3号和9号). */
  range: DateRange | null;
  /** It names a day that does not exist. */
  impossible: boolean;
}

/** A unit with the time of day that follows it. */
interface Moment {
  unit: Unit | null;
  time: TimeOfDay | null;
  index: number;
  end: number;
}

interface Found {
  span: Span;
  index: number;
  end: number;
  rule: string;
}

const to = /\s*(?:的\s*)?(?:一?直?到|至|~|-|—+|–|截止到?)+\s*(?:了)?/y;
const and = /\s*(?:的)?\s*(?:和|跟|与|及|以及|、|,|加|还有)\s*/y;
const untilNow = /\s*(?:一?直?到|至|~|-|—+)?\s*(?:现在|目前|此刻|当前|至今|今(?![天日年早晚晨夜儿])|此时|这会儿|刚才)/y;
const since = /\s*(?:的)?\s*(?:起至今|起到现在|以来|开始|起(?!点)|至今|之后|以后|往后|过后|后(?!天|日|台))/y;
const before = /\s*(?:之前|以前|前(?!天|日)|为止)/y;
const fromWord = /(?:从|自从?|打)\s*$/;
const untilWord = /(?:截至|截止到?|截止|到|至)\s*$/;
const nextDay = /\s*(?:次日|第2天|隔天|翌日)\s*/y;

const stick = (pattern: RegExp, text: string, index: number): number | null => {
  pattern.lastIndex = index;
  const match = pattern.exec(text);
  return match && match[0].length > 0 ? index + match[0].length : null;
};

function momentAt(text: string, index: number, now: number): Moment | null {
  const found = unitAt(text, index, now);
  if (!found) {
    const time = timeAt(text, index);
    return time ? { unit: null, time, index, end: time.end } : null;
  }
  const gap = /^\s*的?\s*/.exec(text.slice(found.end, found.end + 4))?.[0].length ?? 0;
  const time = timeAt(text, found.end + gap) ?? null;
  return { unit: found.unit, time, index, end: time?.end ?? found.end };
}

const within = (base: Span, time: TimeOfDay | null): Span =>
  time ? { from: base.from + time.from, to: base.from + time.to } : base;

/** One of a series: the latest begun by `upTo`, or the first from `from` on. */
function pick(moment: Moment, { upTo, from }: { upTo?: number; from?: number }): Span | null {
  const { unit, time } = moment;
  if (unit && 'impossible' in unit) return null;
  if (unit && 'fixed' in unit) return within(unit.fixed, time);
  if (unit) {
    const spans = unit.series.map((span) => within(span, time));
    if (from !== undefined) return spans.find((span) => span.from >= from) ?? null;
    return spans.filter((span) => span.from <= (upTo ?? 0)).at(-1) ?? null;
  }
  const around = from ?? upTo ?? 0;
  const spans = [-1, 0, 1].map((n) => within(days(midnight(around) + n * dayMs), time));
  return from !== undefined
    ? (spans.find((span) => span.from >= from) ?? null)
    : (spans.filter((span) => span.from <= around).at(-1) ?? null);
}

const floating = (moment: Moment): boolean => moment.unit === null || 'series' in moment.unit;
const ruleOf = (moment: Moment): string => moment.unit?.rule ?? 'clock';

/** A clock time at the end of a range means up to it; 23:59(:59) means the day's end. */
function endOf(moment: Moment, span: Span): number {
  if (!moment.time?.point) return span.to;
  const seconds = Math.round((moment.time.from % 60_000) / 1000);
  if (seconds === 59) return span.from + 1000;
  return moment.time.from === 23 * hourMs + 59 * 60_000 ? span.from + 60_000 : span.from;
}

function rangeOf(a: Moment, b: Moment, now: number): Span | null {
  // 「昨天10点到12点」: the end borrows the day, and the half of the day.
  if (!b.unit && b.time) {
    const start = pick(a, { upTo: now });
    if (!start) return null;
    const late = !b.time.told && a.time?.late && b.time.point && b.time.hour < 12 ? 12 * hourMs : 0;
    const base = midnight(start.from);
    let end = base + late + (b.time.point ? endOf(b, { from: b.time.from, to: b.time.to }) : b.time.to);
    if (end <= start.from) end += dayMs;
    return { from: start.from, to: end };
  }
  // 「周五到昨天」, 「12月28到1月5」: the end is the latest, the start the latest before it.
  const borrows = ruleOf(b) === 'date' && ['month-day', 'slashed', 'mmdd', 'near-month'].includes(ruleOf(a));
  if (floating(a) && !borrows) {
    const end = pick(b, { upTo: now });
    if (!end) return null;
    const start = pick(a, { upTo: Math.max(end.from, end.to - 1) });
    return start && { from: start.from, to: endOf(b, end) };
  }
  const start = pick(a, { upTo: now });
  if (!start) return null;
  const end = floating(b) ? pick(b, { from: midnight(start.from) }) : pick(b, {});
  return end && { from: start.from, to: endOf(b, end) };
}

function read(text: string, now: number): { found: Found[]; impossible: boolean; vague: boolean } {
  const found: Found[] = [];
  let impossible = false;
  let vague = false;
  for (let index = 0; index < text.length; ) {
    const a = momentAt(text, index, now);
    if (!a) {
      index += 1;
      continue;
    }
    const one = complete(text, a, now);
    if (one === 'impossible') impossible = true;
    else if (one === 'vague') vague = true;
    else found.push(one);
    index = typeof one === 'string' ? a.end : one.end;
  }
  return { found, impossible, vague };
}

/** The moment with what follows it: to another, and another, since, before. */
function complete(text: string, a: Moment, now: number): Found | 'impossible' | 'vague' {
  if (a.unit && 'impossible' in a.unit) return 'impossible';
  const lead = text.slice(Math.max(0, a.index - 4), a.index);
  const vagueUnit = a.unit && 'fixed' in a.unit && a.unit.vague === true;
  const own = pick(a, { upTo: now });
  if (!own) return 'impossible';
  const make = (span: Span, end: number, rule: string): Found | 'impossible' =>
    span.from < span.to ? { span, index: a.index, end, rule } : 'impossible';

  const open = stick(untilNow, text, a.end);
  if (open !== null) return make({ from: own.from, to: now }, open, `${ruleOf(a)}..now`);

  const afterSince = stick(since, text, a.end);
  const joint = stick(to, text, afterSince ?? a.end);
  if (joint !== null) {
    const next = stick(nextDay, text, joint);
    const b = momentAt(text, next ?? joint, now);
    if (b?.unit && 'impossible' in b.unit) return 'impossible';
    if (b && next !== null && b.time) {
      const base = midnight(own.from) + dayMs;
      return make(
        { from: own.from, to: base + (b.time.point ? b.time.from : b.time.to) },
        b.end,
        `${ruleOf(a)}..next-day`,
      );
    }
    if (b) {
      const span = rangeOf(a, b, now);
      if (!span) return 'impossible';
      return make(span, b.end, `${ruleOf(a)}..${ruleOf(b)}`);
    }
  }
  if (afterSince !== null || (fromWord.test(lead) && !vagueUnit && own.from < now)) {
    return make({ from: own.from, to: Math.max(now, own.from + 1) }, afterSince ?? a.end, `${ruleOf(a)}..now`);
  }
  if (fromWord.test(lead) && vagueUnit) return make({ from: own.from, to: now }, a.end, `${ruleOf(a)}..now`);
  if (vagueUnit) return 'vague';
  if (stick(before, text, a.end) !== null || untilWord.test(lead)) {
    const point = a.time?.point === true;
    return point ? make({ from: midnight(own.from), to: own.from }, a.end, `${ruleOf(a)}..before`) : 'vague';
  }
  return joined(text, { span: own, index: a.index, end: a.end, rule: ruleOf(a) }, a, now);
}

/** 「8月和9月」, 「5号、6号、7号」: units that touch make one stretch; units that do not are a question. */
function joined(text: string, first: Found, a: Moment, now: number): Found | 'vague' {
  let sofar = first;
  let last = a;
  for (;;) {
    const joint = stick(and, text, sofar.end) ?? (ruleOf(last) === 'relative-day' && !last.time ? sofar.end : null);
    const b = joint === null ? null : momentAt(text, joint, now);
    if (!b?.unit || 'impossible' in b.unit || b.time || last.time) return sofar;
    const after = pick(b, { from: sofar.span.from });
    const before = pick(b, { upTo: now });
    const borrowed = ruleOf(b) === 'date' && ruleOf(last) !== 'date' && after ? after : before;
    const touching = [borrowed, after].find((span) => span && span.from <= sofar.span.to && span.to >= sofar.span.from);
    if (!touching) return ruleOf(b) === ruleOf(last) ? 'vague' : sofar;
    sofar = {
      span: { from: Math.min(sofar.span.from, touching.from), to: Math.max(sofar.span.to, touching.to) },
      index: first.index,
      end: b.end,
      rule: `${first.rule}+${ruleOf(b)}`,
    };
    last = b;
  }
}

/** Of several stretches the one the orders belong to: followed by 的 or by a word for orders; else the first. */
function chosen(text: string, found: readonly Found[]): Found | undefined {
  if (found.length < 2) return found[0];
  return found.find(({ end }) => /^\s*(?:的|出库|订单|单)/.test(text.slice(end))) ?? found[0];
}

/** The range a sentence names, in Shanghai time, half-open; null when it names none. `now` is ISO. */
export function readDates(text: string, now: string): DateReading {
  const wall = toWall(now);
  const written = writeOut(text.length > 2000 ? text.slice(0, 2000) : text);
  const rest = afterCorrection(written);
  const corrected = rest === null ? null : read(rest, wall);
  const source = rest !== null && corrected && corrected.found.length > 0 ? rest : written;
  const { found, impossible, vague } = source === rest && corrected ? corrected : read(written, wall);
  const one = chosen(source, found);
  if (!one || impossible || vague) return { range: null, impossible };
  return {
    range: {
      start: toIso(one.span.from),
      end: toIso(one.span.to),
      text: source.slice(one.index, one.end),
      rule: one.rule,
    },
    impossible: false,
  };
}

/** A moment ahead: 「到明天早上9点」, 「到下午6点」. */
export function readUntil(text: string, now: string): string | null {
  const wall = toWall(now);
  const written = writeOut(text);
  for (let index = 0; index < written.length; index += 1) {
    const moment = momentAt(written, index, wall);
    if (!moment) continue;
    const span = pick(moment, { from: wall });
    if (!span) return null;
    return toIso(moment.time ? span.from : span.to <= wall ? span.to : span.from);
  }
  return null;
}
