import { createHmac } from 'node:crypto';
import { call } from '../channels/call.ts';
import { SendError, type Sender } from '../channels/channel.ts';
import { feishuCard } from '../channels/feishu/card.ts';
import { fitted } from '../channels/fit.ts';
import type { Card } from '../channels/message.ts';
import { inMarkdown } from '../channels/plain.ts';
import { refusal } from '../channels/refusal.ts';
import type { Pace } from '../store/pace.ts';
import type { AlertReport } from './alert.ts';
import { type Robot, type Rules, robotPrefix } from './rules.ts';

/** The platforms' own limits. */
const limits = {
  dingtalk: [[20, 60_000]],
  feishu: [
    [5, 1000],
    [100, 60_000],
  ],
  generic: [[60, 60_000]],
} as const;
/** Over its limit DingTalk hears nothing for ten minutes. */
const pausedMs = { dingtalk: 600_000, feishu: 60_000, generic: 60_000 };
/** Both platforms take 20 KB; the signature goes on top. */
const maxBytes = 19_500;

/**
 * Custom robots and plain webhooks: they only hear. Rows name the robot; its address and secret are read from the rules when something
 * is sent, so neither is ever stored.
 */
export function createRobots({ rules, pace, now }: { rules: Rules; pace: Pace; now: () => Date }): Sender {
  return {
    async send(receiver, { card, text }, { handle }) {
      const name = receiver.slice(robotPrefix.length);
      const robot = rules.current().robots.find((one) => one.name === name);
      if (!robot) throw new SendError('no such robot', { reason: 'client_error', recoverable: false });
      const wait = await pace.tryTake(receiver, limits[robot.kind]);
      if (wait > 0) throw new SendError('paced', { reason: 'rate_limited', recoverable: true, retryAfterMs: wait });
      const said = card ?? { id: '', title: text, tone: 'neutral', blocks: [], buttons: [] };
      const reports = (handle?.alerts ?? []) as AlertReport[];
      try {
        await post(robot, { ...said, buttons: [] }, reports, now());
      } catch (error) {
        if (error instanceof SendError && error.reason === 'rate_limited')
          await pace.penalize(receiver, pausedMs[robot.kind]);
        throw error;
      }
      return null;
    },
  };
}

/** The two platforms sign with key and message the other way round. Throws `SendError`. */
async function post({ kind, url, secret }: Robot, card: Card, reports: AlertReport[], now: Date): Promise<void> {
  const signed = kind === 'dingtalk' && secret ? `${url}${dingtalkSignature(secret, now)}` : url;
  const inBody = kind === 'feishu' && secret ? feishuSignature(secret, now) : {};
  const body = { ...inBody, ...bodyOf(kind, card, reports) };
  const { status, body: answer } = await call(signed, { body });
  // Each says refusals its own way, in HTTP 200; a plain webhook by its status.
  const code =
    kind === 'dingtalk' ? answer.errcode : kind === 'feishu' ? (answer.code ?? answer.StatusCode) : undefined;
  const known = Number(code ?? (status < 300 ? 0 : status));
  if (known !== 0 || status >= 300) throw refusal({ status, code: known || status, retryAfterMs: pausedMs[kind] });
}

function bodyOf(kind: Robot['kind'], card: Card, reports: readonly AlertReport[]): object {
  const markdown = (some: Card): object => ({ title: some.title, text: inMarkdown(some) });
  const bodies = {
    dingtalk: (some: Card) => ({ msgtype: 'markdown', markdown: markdown(some) }),
    feishu: (some: Card) => ({ msg_type: 'interactive', card: feishuCard(some) }),
    generic: (some: Card) => ({
      ...markdown(some),
      ...(reports.length === 1 ? reports[0] : { alerts: reports.slice(0, 50) }),
    }),
  };
  return fitted<object>(card, bodies[kind], maxBytes);
}

/** Milliseconds; key = secret, message = timestamp and secret; in the address. */
export function dingtalkSignature(secret: string, now: Date): string {
  const timestamp = now.getTime();
  const sign = createHmac('sha256', secret).update(`${timestamp}\n${secret}`).digest('base64');
  return `&timestamp=${timestamp}&sign=${encodeURIComponent(sign)}`;
}

/** Seconds; key = timestamp and secret, message empty; in the body. */
export function feishuSignature(secret: string, now: Date): { timestamp: string; sign: string } {
  const timestamp = String(Math.floor(now.getTime() / 1000));
  return { timestamp, sign: createHmac('sha256', `${timestamp}\n${secret}`).update('').digest('base64') };
}
