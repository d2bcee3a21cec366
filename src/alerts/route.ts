import type { SpokenAlert } from './alert.ts';
import { within } from './hours.ts';
import { type AlertRules, type Route, robotPrefix } from './rules.ts';

/** One alert on its way to one receiver. */
export interface Delivery {
  alert: SpokenAlert;
  receiver: string;
  kind: 'alert' | 'escalation' | 'resolved';
  /** Whom to @. */
  mention: readonly string[];
}

/** Everybody who looks at the page. */
export const page = 'web:*';

/** Each alert to everybody who is to hear of it; named by two routes, by the first. */
export function routed(
  alerts: readonly SpokenAlert[],
  { rules, fallback, now }: { rules: AlertRules; fallback: readonly string[]; now: Date },
): Delivery[] {
  const routes = allRoutes(rules, fallback);
  return alerts.flatMap((alert): Delivery[] => {
    if (alert.state === 'resolved') return toThoseWhoHeard(alert, routes, now);
    const deliveries = routes
      .filter((route) => takes(route, alert, now))
      .flatMap(({ to, mention }) => to.map((receiver) => ({ alert, receiver, kind: 'alert' as const, mention })));
    // A page is never a receiver of its own: everybody who looks sees everything.
    return [...firstEach(deliveries), ...escalated(alert, rules, now)].filter(
      ({ receiver }) => receiver === page || !receiver.startsWith('web:'),
    );
  });
}

function toThoseWhoHeard(alert: SpokenAlert, routes: readonly Route[], now: Date): Delivery[] {
  const heard = new Set(alert.said.filter(({ kind }) => kind !== 'asked').map(({ receiver }) => receiver));
  return [...heard]
    .filter((receiver) => {
      const own = routes.filter(({ to }) => to.includes(receiver));
      return own.length === 0 || own.some((route) => takes(route, alert, now));
    })
    .map((receiver) => ({ alert, receiver, kind: 'resolved', mention: [] }));
}

function allRoutes({ routes, robots }: AlertRules, fallback: readonly string[]): Route[] {
  const named = new Set(routes.flatMap(({ to }) => to));
  const others = robots
    .map(({ name, severity }) => ({ to: [`${robotPrefix}${name}`], mention: [], ...(severity ? { severity } : {}) }))
    .filter(({ to: [receiver = ''] }) => !named.has(receiver));
  return [
    { to: [page], mention: [] },
    ...routes,
    ...others,
    ...(routes.length === 0 ? [{ to: [...fallback], mention: [] }] : []),
  ];
}

/** Whether a route takes an alert now. */
function takes(route: Route, { severity, category, pipeline }: SpokenAlert, now: Date): boolean {
  if (route.severity && !route.severity.includes(severity)) return false;
  if (route.categories && !route.categories.includes(category)) return false;
  if (route.pipelines && !route.pipelines.includes(pipeline)) return false;
  return !route.hours || severity === 'urgent' || within(route.hours, now);
}

/** Said long ago, and nobody took it: somebody else hears of it, too. */
function escalated(alert: SpokenAlert, { escalate }: AlertRules, now: Date): Delivery[] {
  const first = alert.said.find(({ kind }) => kind === 'alert');
  if (!escalate || !first || alert.state !== 'firing') return [];
  if (now.getTime() - first.at.getTime() < escalate.after) return [];
  return escalate.to.map((receiver) => ({ alert, receiver, kind: 'escalation', mention: escalate.mention }));
}

function firstEach(deliveries: readonly Delivery[]): Delivery[] {
  return [...new Map(deliveries.toReversed().map((one) => [one.receiver, one])).values()].toReversed();
}
