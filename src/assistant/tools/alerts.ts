import { z } from 'zod';
import { categoryName } from '../../alerts/card.ts';
import { phrase } from '../../phrases.ts';
import { toWall } from '../../shanghai.ts';
import { defineTool, said } from './tool.ts';

const fingerprint = z.string().max(64).optional();

/** What fires now. */
export const listAlerts = defineTool({
  name: 'list-alerts',
  least: 'viewer',
  writes: false,
  parameters: z.strictObject({}),
  answers: { list_alerts: () => ({}) },
  async run(_args, { alerts }) {
    await alerts.evaluate();
    const open = await alerts.open();
    const names = open.map(({ category }) => categoryName(category)).join('、');
    const text = open.length === 0 ? phrase('alerts.none') : phrase('alerts.list', { count: open.length, names });
    return { ...said(text), alerts: await alerts.reports() };
  },
});

/** Takes an alert, or all that fire. */
export const acknowledgeAlert = defineTool({
  name: 'acknowledge-alert',
  least: 'operator',
  writes: true,
  parameters: z.strictObject({ fingerprint }),
  answers: { ack_alert: () => ({}) },
  async run(args, { alerts, message }) {
    await alerts.evaluate();
    const taken = await alerts.acknowledge(message.person, args.fingerprint);
    const text = taken.length === 0 ? phrase('alerts.nothing') : phrase('alerts.owned', { count: taken.length });
    return { ...said(text, 'run'), alerts: await alerts.reports() };
  },
});

/** Silences an alert, or all, for a while or until a moment. */
export const silenceAlert = defineTool({
  name: 'silence-alert',
  least: 'operator',
  writes: true,
  parameters: z.strictObject({
    fingerprint,
    minutes: z.coerce
      .number()
      .int()
      .min(1)
      .max(7 * 1440)
      .optional(),
    until: z.iso.datetime({ offset: true }).optional(),
  }),
  answers: {
    silence_alert: ({ duration, until }) => ({
      ...(until ? { until } : { minutes: minutesOf(duration ?? '1h') }),
    }),
  },
  async run({ fingerprint: which, minutes = 60, until }, { alerts, message, now }) {
    const end = until ? new Date(until) : new Date(now().getTime() + minutes * 60_000);
    await alerts.evaluate();
    const quiet = await alerts.silence(message.person, end, which);
    const text = phrase('alerts.silenced', { count: quiet.length, until: toWall(end).slice(5, 16) });
    return { ...said(text, 'run'), alerts: await alerts.reports() };
  },
});

/** Ends a silence before its time. */
export const endSilence = defineTool({
  name: 'end-silence',
  least: 'operator',
  writes: true,
  parameters: z.strictObject({ fingerprint }),
  answers: { unsilence_alert: () => ({}) },
  async run(args, { alerts }) {
    const woken = await alerts.endSilence(args.fingerprint);
    return { ...said(phrase('alerts.woken', { count: woken.length }), 'run'), alerts: await alerts.reports() };
  },
});

/** `30m`, `2h`, `1d` in minutes. */
function minutesOf(duration: string): number {
  const [, count = '1', unit = 'h'] = /^(\d+)([mhd])$/.exec(duration) ?? [];
  return Number(count) * { m: 1, h: 60, d: 1440 }[unit as 'm' | 'h' | 'd'];
}
