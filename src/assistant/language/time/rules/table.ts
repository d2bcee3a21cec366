import { level } from '../value/level.ts';
import type { Kind } from '../words/word.ts';
import { borrowing } from './borrowing.ts';
import { clock, part } from './clock.ts';
import { compact, spoken } from './compact.ts';
import { around, edge, nextDay, thatDay } from './edges.ts';
import { english } from './english-dates.ts';
import { festival, holiday, lunar } from './festive.ts';
import type { Rule } from './line.ts';
import {
  about,
  halfMonth,
  halfYear,
  inside,
  near,
  nearPart,
  nearWeekday,
  pair,
  quarter,
  season,
  stamp,
  third,
  thirds,
  toDate,
  unclear,
  weekday,
  weekend,
  workday,
} from './named.ts';
import { ago, coming, prior, rolling, these } from './nearby.ts';
import { dated, year } from './numbered.ts';
import { last, nth, ordinal } from './ordinals.ts';
import { after, before } from './runs.ts';
import { dayOfWeek, week } from './weekdays.ts';
import { signed } from './written.ts';

/** Behind a week stands its day: 「上周三」. */
const inWeek: Rule = (line, index, held, out) => {
  if (held === level.week) dayOfWeek(line, index, out);
};

/** By the kind of the token a stretch, or a further step into one, may begin with. */
export const rules: Partial<Record<Kind, readonly Rule[]>> = {
  num: [inWeek, year, dated, signed, compact, clock, borrowing, ago, english, ordinal, spoken, holiday],
  date: [inWeek],
  day: [inWeek],
  near: [near],
  'near-part': [nearPart],
  'near-weekday': [nearWeekday],
  within: [inside],
  'that-day': [thatDay],
  weekday: [weekday],
  weekend: [weekend],
  week: [week, edge],
  month: [edge, inside],
  year: [edge, inside],
  quarter: [edge, inside],
  part: [part],
  season: [season],
  third: [third],
  thirds: [thirds],
  'half-month': [halfMonth],
  'half-year': [halfYear],
  'numbered-quarter': [quarter],
  'month-name': [english],
  festival: [festival],
  lunar: [lunar],
  'lunar-month': [lunar],
  'lunar-day': [lunar],
  'to-date': [toDate],
  unclear: [unclear],
  workday: [workday],
  about: [about],
  stamp: [stamp],
  pair: [pair],
  nth: [nth],
  'from-end': [nth],
  last: [last],
  head: [before, edge],
  before: [before],
  after: [after],
  edge: [inWeek, edge, last, lunar],
  rolling: [rolling, last],
  these: [these],
  prior: [prior],
  coming: [coming],
  half: [ago],
  few: [ago],
  around: [around],
  'next-day': [nextDay],
};
