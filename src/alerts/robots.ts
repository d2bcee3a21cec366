import { createHmac } from 'node:crypto';
import { call } from '../channels/call.ts';
import { SendError } from '../channels/channel.ts';
import { feishuCard } from '../channels/feishu/card.ts';
import type { Card } from '../channels/message.ts';
import { inMarkdown } from '../channels/plain.ts';
import type { AlertReport } from './alert.ts';
import type { Robot } from './rules.ts';

/** Both platforms' own limits. */
const perMinute = { dingtalk: 20, feishu: 100, generic: 60 };
const attempts = 4;

/** A custom robot or a plain webhook. The two platforms sign with key and message the other way round. Throws `SendError`. */
export async function sayToRobot(
  robot: Robot,
  card: Card,
  report: AlertReport,
  { now, pace }: { now: Date; pace: (key: string, perMinute: number) => Promise<void> },
): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    await pace(`robot:${robot.kind}:${new URL(robot.url).host}`, perMinute[robot.kind]);
    try {
      await post(robot, card, report, now);
      return;
    } catch (error) {
      if (!(error instanceof SendError) || !error.recoverable || attempt >= attempts) throw error;
    }
  }
}

async function post({ kind, url, secret }: Robot, card: Card, report: AlertReport, now: Date): Promise<void> {
  if (kind === 'dingtalk') {
    const address = secret ? `${url}${dingtalkSignature(secret, now)}` : url;
    const markdown = { title: card.title, text: inMarkdown({ ...card, buttons: [] }) };
    const { body } = await call(address, { body: { msgtype: 'markdown', markdown } });
    return refused(Number(body.errcode ?? 0), [130101, -1]);
  }
  if (kind === 'feishu') {
    const message = { msg_type: 'interactive', card: feishuCard({ ...card, buttons: [] }) };
    const { body } = await call(url, { body: secret ? { ...feishuSignature(secret, now), ...message } : message });
    return refused(Number(body.code ?? body.StatusCode ?? 0), [11232, 9499]);
  }
  const { status } = await call(url, { body: { ...report, title: card.title } });
  return refused(status < 300 ? 0 : status, [429, 500, 502, 503, 504]);
}

function refused(code: number, again: readonly number[]): void {
  if (code !== 0) throw new SendError(`code ${code}`, { recoverable: again.includes(code) });
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
