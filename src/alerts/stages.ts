import { startOfDay } from '../shanghai.ts';
import type { AlertRules, Route } from './rules.ts';

/** An alert on its way to being said. */
export interface Candidate {
  fingerprint: string;
  pipeline: string;
  category: string;
  severity: 'urgent' | 'normal';
  state: 'firing' | 'acknowledged' | 'silenced' | 'resolved';
  since: Date;
  notifiedAt: Date | null;
}

export interface StageContext {
  now: Date;
  rules: AlertRules;
  /** New messages of the last minute, so that a storm is a few of them. */
  recentMessages: number;
}

type Stage = <T extends Candidate>(candidates: readonly T[], context: StageContext) => T[];

const mostAMinute = 3;
const clockOf = (text: string): number => {
  const [hour = 0, minute = 0] = text.split(':').map(Number);
  return (hour * 60 + minute) * 60_000;
};

/** Whether a route takes an alert now. */
export function takes(route: Route, { severity, category, pipeline }: Candidate, now: Date): boolean {
  if (route.severity && !route.severity.includes(severity)) return false;
  if (route.categories && !route.categories.includes(category)) return false;
  if (route.pipelines && !route.pipelines.includes(pipeline)) return false;
  if (!route.hours || severity === 'urgent') return true;
  const [from = '', to = ''] = route.hours.split('-');
  const at = now.getTime() - startOfDay(now).getTime();
  const [start, end] = [clockOf(from), clockOf(to)];
  return start <= end ? at >= start && at < end : at >= start || at < end;
}

/** A dead credential hides its thousand consequences: they would all say the same. */
const inhibit: Stage = (candidates) => {
  const dead = new Set(
    candidates
      .filter(
        ({ category, severity, state }) => state === 'firing' && severity === 'urgent' && category !== 'disk_full',
      )
      .map(({ pipeline }) => pipeline),
  );
  return candidates.filter(({ pipeline, severity }) => severity === 'urgent' || !dead.has(pipeline));
};
const unacknowledged: Stage = (candidates) => candidates.filter(({ state }) => state === 'firing');
const waited: Stage = (candidates, { now, rules }) =>
  candidates.filter(
    ({ since, severity }) => severity === 'urgent' || now.getTime() - since.getTime() >= rules.group.wait,
  );
/** Said already, and not so long ago that it has to be said again. */
const due: Stage = (candidates, { now, rules }) =>
  candidates.filter(
    ({ notifiedAt }) => notifiedAt === null || now.getTime() - notifiedAt.getTime() >= rules.group.repeat,
  );
const inActiveHours: Stage = (candidates, { now, rules }) =>
  rules.routes.length === 0
    ? [...candidates]
    : candidates.filter((one) => rules.routes.some((route) => takes(route, one, now)) || rules.robots.length > 0);
const calm: Stage = (candidates, { recentMessages }) =>
  [...candidates]
    .sort((a, b) => Number(b.severity === 'urgent') - Number(a.severity === 'urgent'))
    .slice(0, Math.max(0, mostAMinute - recentMessages));

/** From everything that is wrong to what is said now, in this order. */
export const stages: readonly (readonly [name: string, stage: Stage])[] = [
  ['inhibit', inhibit],
  ['silence and acknowledgement', unacknowledged],
  ['group wait', waited],
  ['repeat', due],
  ['active hours', inActiveHours],
  ['calm', calm],
];

export function toSay<T extends Candidate>(candidates: readonly T[], context: StageContext): T[] {
  return stages.reduce<T[]>((left, [, stage]) => stage(left, context), [...candidates]);
}
