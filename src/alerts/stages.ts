import type { Said, SpokenAlert } from './alert.ts';
import { within } from './hours.ts';
import { type Delivery, routed } from './route.ts';
import type { AlertRules } from './rules.ts';

export interface StageContext {
  now: Date;
  rules: AlertRules;
  /** Where alerts go while no rules say so. */
  fallback: readonly string[];
}

/** One message to one receiver: an alert by itself, or several in one. */
export interface Saying {
  receiver: string;
  deliveries: Delivery[];
}

type AlertStage = (alerts: readonly SpokenAlert[], context: StageContext) => SpokenAlert[];

const mostAMinute = 3;
const growth = 10;
/** Over for so many times as long as it takes to be over, it does not come back as the same. */
export const episodes = 5;

/** A dead credential hides its thousand consequences: they would all say the same. */
const inhibit: AlertStage = (alerts) => {
  const dead = new Set(
    alerts
      .filter(({ severity, state }) => severity === 'urgent' && state !== 'resolved')
      .map(({ pipeline }) => pipeline)
      .filter((pipeline) => pipeline !== ''),
  );
  return alerts.filter(({ pipeline, severity }) => severity === 'urgent' || !dead.has(pipeline));
};

/** 勿扰: what is held back is said when its hours are over, if it is still true. */
const activeHours: AlertStage = (alerts, { now, rules }) =>
  alerts.filter(({ severity }) => severity === 'urgent' || !rules.quiet || !within(rules.quiet, now));

const silence: AlertStage = (alerts) => alerts.filter(({ state }) => state !== 'silenced' && state !== 'acknowledged');

/** A new one waits for others of its cause, one that is over for its return. */
const group: AlertStage = (alerts, { now, rules: { group: times } }) =>
  alerts.filter(({ since, severity, resolvedAt }) =>
    resolvedAt
      ? now.getTime() - resolvedAt.getTime() >= times.resolve * episodes
      : severity === 'urgent' || now.getTime() - since.getTime() >= times.wait,
  );

/**
 * By what was said to this receiver: never, or it has become urgent, or tenfold, or nobody has taken it for long. The end is only told
 * where no card stands that turns green, and an escalation once.
 */
const deDuplicate = (deliveries: readonly Delivery[], { now, rules: { group: times } }: StageContext): Delivery[] =>
  deliveries.filter(({ alert, receiver, kind }) => {
    const here = alert.said.filter((said) => said.receiver === receiver);
    const last = here.findLast((said) => said.kind === kind);
    if (kind === 'escalation') return !last;
    if (kind === 'resolved')
      return !last && here.length > 0 && here.every(({ pending, movable }) => !pending && !movable);
    if (!last) return true;
    const ago = now.getTime() - last.at.getTime();
    if (alert.severity === 'urgent' && last.severity !== 'urgent') return true;
    return (alert.count >= last.count * growth && ago >= times.interval) || ago >= times.repeat;
  });

/**
 * The way from everything that is wrong to the messages that are due now: inhibit → active hours → silence → group → route →
 * de-duplicate → calm. They go out by say.ts and the outbox, which tries again by (recoverable, reason).
 */
export function toSay(alerts: readonly SpokenAlert[], context: StageContext): Saying[] {
  const stages = [inhibit, activeHours, silence, group];
  const audible = stages.reduce<readonly SpokenAlert[]>((left, stage) => stage(left, context), alerts);
  const unheard = deDuplicate(routed(audible, context), context);
  return calm(unheard, alerts, context.now);
}

/** At most three messages a minute to a receiver: what goes beyond is one summary, the third. */
function calm(deliveries: readonly Delivery[], alerts: readonly SpokenAlert[], now: Date): Saying[] {
  return [...Map.groupBy(deliveries, ({ receiver }) => receiver)].flatMap(([receiver, due]) => {
    const left = mostAMinute - saidSince(alerts, receiver, now.getTime() - 60_000);
    if (left <= 0) return [];
    const alone = due.length <= left ? due.length : left - 1;
    const sorted = due.toSorted(byWeight);
    return [...sorted.slice(0, alone).map((one) => [one]), sorted.slice(alone)]
      .filter((some) => some.length > 0)
      .map((some) => ({ receiver, deliveries: some }));
  });
}

function saidSince(alerts: readonly SpokenAlert[], receiver: string, since: number): number {
  const recent = (said: Said): boolean =>
    said.receiver === receiver && said.kind !== 'asked' && said.at.getTime() > since;
  return new Set(alerts.flatMap(({ said }) => said.filter(recent).map(({ cardId }) => cardId))).size;
}

const byWeight = ({ alert: a }: Delivery, { alert: b }: Delivery): number =>
  Number(b.severity === 'urgent') - Number(a.severity === 'urgent') || b.count - a.count;
