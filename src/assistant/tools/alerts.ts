import { z } from 'zod';
import { brief, silenceLine } from '../../alerts/card.ts';
import { phrase } from '../../phrases.ts';
import { toWall } from '../../shanghai.ts';
import { defineTool, said } from './tool.ts';

const fingerprint = z.string().max(64).optional();

/** What is wrong now, who has it, and what is kept quiet: one by itself or several in a list, as cards that move. */
export const listAlerts = defineTool({
  name: 'list-alerts',
  least: 'viewer',
  parameters: z.strictObject({}),
  answers: { list_alerts: () => ({}) },
  async run(_args, { alerts, message }) {
    await alerts.evaluate();
    const open = await alerts.open();
    const names = open.map(brief).join('、');
    const silences = (await alerts.silences()).map((silence) => silenceLine(silence, open));
    const first = open.length === 0 ? phrase('alerts.none') : phrase('alerts.list', { count: open.length, names });
    const text = [first, ...silences].join('\n');
    const card = open.length > 0 ? { card: await alerts.ask(message.conversation, open) } : {};
    return { action: 'reply', reply: { text, ...card }, alerts: await alerts.reports() };
  },
});

/** The card of one alert out of a list, with all that can be done about it. */
export const showAlert = defineTool({
  name: 'show-alert',
  least: 'viewer',
  writes: false,
  parameters: z.strictObject({ fingerprint: z.string().max(64) }),
  async run(args, { alerts, message }) {
    const found = (await alerts.open()).filter((alert) => alert.fingerprint === args.fingerprint);
    if (found.length === 0) return said(phrase('alerts.nothing'));
    const card = await alerts.ask(message.conversation, found);
    return { action: 'reply', reply: { text: card.title, card }, alerts: await alerts.reports() };
  },
});

/** Takes an alert, or all that fire. */
export const acknowledgeAlert = defineTool({
  name: 'acknowledge-alert',
  least: 'operator',
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
    const quiet = await alerts.silence(message, end, which);
    if (quiet.length === 0) return said(phrase(which ? 'alerts.nothing' : 'alerts.none'));
    const text = phrase('alerts.silenced', { count: quiet.length, until: toWall(end).slice(5, 16) });
    return { ...said(text, 'run'), alerts: await alerts.reports() };
  },
});

/** Ends a silence before its time. */
export const endSilence = defineTool({
  name: 'end-silence',
  least: 'operator',
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
