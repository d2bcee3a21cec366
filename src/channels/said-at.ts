import type { Message } from './message.ts';

/** A platform's time stamp, in milliseconds since 1970, as a number or as text; what is none says nothing. */
export function saidAt(stamp: number | string | undefined): Pick<Message, 'saidAt'> {
  const ms = Number(stamp ?? 0);
  const date = new Date(ms);
  return ms > 0 && !Number.isNaN(date.getTime()) ? { saidAt: date } : {};
}
