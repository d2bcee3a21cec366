import { hasPhrase, phrase } from '../phrases.ts';
import { dayMs, toWall } from '../shanghai.ts';
import type { Slots } from './language/slots.ts';

/** A reading as the sentence that says it plainly: on a button that says it, and in a question that shows it. Null where none does. */
export function saying(intent: string, slots: Slots): string | null {
  if (!hasPhrase(`intents.${intent}.say`)) return null;
  const scope = scopeOf(slots);
  if (scope !== '') return phrase(`intents.${intent}.say`, { scope });
  return hasPhrase(`intents.${intent}.bare`) ? phrase(`intents.${intent}.bare`) : null;
}

/** How an intent is asked for, as help shows it; null where there is no sentence for it. */
export function example(intent: string): string | null {
  const key = ['bare', 'example'].map((name) => `intents.${intent}.${name}`).find(hasPhrase);
  return key ? phrase(key) : null;
}

/** What a sentence is about in words that can be read again: numbers, a shop, days. */
function scopeOf({ start, end, orders, shop, warehouse }: Slots): string {
  const days = start && end ? daysOf(start, end) : '';
  return [shop ?? '', warehouse ?? '', orders ? orders.slice(0, 5).join('、') : days].join('');
}

/** 「2026-11-22」, 「2026-11-20到2026-11-22」, with the hour where it is not midnight. */
function daysOf(start: string, end: string): string {
  const [from, to] = [toWall(new Date(start)), toWall(new Date(Date.parse(end) - 1))];
  const whole = /T00:00:00/.test(start) && /T00:00:00/.test(end);
  if (!whole) return `${from.slice(0, 16)}到${toWall(new Date(end)).slice(0, 16)}`;
  const single = Date.parse(end) - Date.parse(start) <= dayMs;
  return single ? from.slice(0, 10) : `${from.slice(0, 10)}到${to.slice(0, 10)}`;
}
