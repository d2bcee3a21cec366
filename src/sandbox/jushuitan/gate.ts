import { createHash, createHmac } from 'node:crypto';
import { fromWall } from '../../shanghai.ts';

/** The sandbox's own reading of the two signature documents; deliberately not the client's code. */
export function expectedTopSign(form: URLSearchParams, secret: string): string {
  const names = [...form.keys()]
    .filter((name) => name !== 'sign' && form.get(name))
    .sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
  let joined = '';
  for (const name of names) joined += name + (form.get(name) ?? '');
  switch (form.get('sign_method')) {
    case 'hmac':
      return createHmac('md5', secret).update(joined, 'utf8').digest('hex').toUpperCase();
    case 'hmac-sha256':
      return createHmac('sha256', secret).update(joined, 'utf8').digest('hex').toUpperCase();
    default:
      return createHash('md5').update(`${secret}${joined}${secret}`, 'utf8').digest('hex').toUpperCase();
  }
}

export function expectedOpenSign(form: URLSearchParams, secret: string): string {
  let joined = secret;
  for (const name of [...form.keys()].sort())
    if (name !== 'sign' && form.get(name)) joined += name + (form.get(name) ?? '');
  return createHash('md5').update(joined, 'utf8').digest('hex');
}

export interface Limits {
  perSecond: number;
  perMinute: number;
}

/** Calls of one application on one route, as a sliding window. */
export class CallLimit {
  readonly #limits: Limits;
  #calls: number[] = [];

  constructor(limits: Limits) {
    this.#limits = limits;
  }

  /** How long to wait, null = go on. */
  refuse(now: number): { perSecond: boolean; seconds: number } | null {
    this.#calls = this.#calls.filter((at) => at > now - 60_000);
    const lastSecond = this.#calls.filter((at) => at > now - 1000);
    if (lastSecond.length >= this.#limits.perSecond) return { perSecond: true, seconds: 1 };
    if (this.#calls.length >= this.#limits.perMinute)
      return { perSecond: false, seconds: Math.ceil(((this.#calls[0] ?? now) + 60_000 - now) / 1000) };
    this.#calls.push(now);
    return null;
  }
}

export interface Window {
  start: number;
  end: number;
}

/** A window of two wall times, both or none, at most 7 days; null for none, a reason for a bad one. */
export function windowOf(begin: string | undefined, end: string | undefined): Window | null | string {
  if (!begin && !end) return null;
  const [from, to] = [fromWall(begin ?? ''), fromWall(end ?? '')];
  if (!from || !to) return 'start and end must come together';
  if (to < from) return 'end is before start';
  if (to.getTime() - from.getTime() > 7 * 86_400_000) return 'the span is over 7 days';
  return { start: from.getTime(), end: to.getTime() };
}
