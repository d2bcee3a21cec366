import type { Message } from '../channels/message.ts';

/** Words older than this are no order to write any more: the day has gone on since, and so may have whoever said them. */
const lateMs = 10 * 60_000;
/** How far a platform's clock and ours may differ. */
const skewMs = 60_000;

/** When it was said: what 「今天」 means in it. Never later than now, whatever the platform's clock says. */
export function spokenAt({ saidAt }: Message, now: Date): Date {
  return saidAt && saidAt < now ? saidAt : now;
}

/** Whether it was said so long ago that a write is asked about. */
export function saidLate(message: Message, now: Date): boolean {
  return now.getTime() - spokenAt(message, now).getTime() > lateMs;
}

/** Whether it was said before that moment, so that it cannot be about what came then. */
export function saidBefore({ saidAt }: Message, moment: Date): boolean {
  return saidAt !== undefined && saidAt.getTime() + skewMs < moment.getTime();
}
