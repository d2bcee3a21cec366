import { Paths } from './grammar/paths.ts';
import { cronIn } from './regular/cron.ts';
import type { Ground, NotHeld } from './regular/draft.ts';
import { regularIn } from './regular/find.ts';
import { Line } from './rules/line.ts';
import { scan } from './scan.ts';
import type { Token } from './token.ts';
import type { Kind } from './words/word.ts';

export interface Schedule {
  /** `30m`, `2h`, `day`, `week`, `month`; null where only the hour was said, 「改到8点」, or what cannot be set. */
  every: string | null;
  /** `HH:MM`. */
  at?: string;
  /** 1 = Monday … 7 = Sunday. */
  weekday?: number;
  /** Of the month, 1–28. */
  day?: number;
  span: { from: number; to: number };
  ask?: NotHeld;
}

const mayRecur: ReadonlySet<Kind> = new Set<Kind>(['every', 'times', 'workday']);
/** 「一天两次」 has none of these words. */
const twice = (tokens: readonly Token[], index: number): boolean =>
  tokens[index]?.kind === 'measure' &&
  tokens[index - 1]?.kind === 'num' &&
  units.has(tokens[index - 2]?.kind ?? 'other');
const units: ReadonlySet<Kind> = new Set<Kind>(['day', 'date', 'week', 'month']);

const groundOf = (text: string): Ground => {
  const line = new Line(scan(text).tokens);
  return { line, paths: new Paths(line) };
};

/** What recurs, 「每天早上8点」, and to what it is changed, is no stretch of time: its characters. */
export function recurring(text: string): { from: number; to: number }[] {
  const cron = cronIn(text);
  if (cron) return [cron.span];
  const { tokens } = scan(text);
  if (!tokens.some(({ kind }, index) => mayRecur.has(kind) || twice(tokens, index))) return [];
  const ground = groundOf(text);
  const all = regularIn(ground);
  const first = all.findIndex(({ recurs }) => recurs);
  return all
    .filter(({ recurs }, index) => recurs || (first >= 0 && index > first))
    .map(({ start, end }) => ({ from: ground.line.at(start).from, to: ground.line.at(end - 1).to }));
}

/** The schedule a sentence names; of two, 「把每天8点的改到9点」, what it is changed to. */
export function readSchedule(text: string): Schedule | null {
  const cron = cronIn(text);
  if (cron) return cron;
  const ground = groundOf(text);
  const all = regularIn(ground);
  const first = all.find(({ recurs }) => recurs) ?? all[0];
  if (!first) return null;
  const changed = all.find((one) => one.start >= first.end && (!one.recurs || one.every !== null));
  const every = changed?.every ?? first.every;
  // An interval has no hour.
  // 「改成晚上十一点半跑，每天」
  const before = all.find((one) => one.end <= first.start)?.at;
  const at = changed?.at ?? (/\d/.test(every ?? '') ? null : (first.at ?? before));
  const weekday = changed?.weekday ?? first.weekday;
  const day = changed?.day ?? (changed?.every ? null : first.day);
  const ask = changed?.every ? changed.ask : (changed?.ask ?? first.ask);
  return {
    every,
    ...(at ? { at } : {}),
    ...(weekday ? { weekday } : {}),
    ...(day ? { day } : {}),
    span: { from: ground.line.at(first.start).from, to: ground.line.at((changed ?? first).end - 1).to },
    ...(ask ? { ask } : {}),
  };
}
