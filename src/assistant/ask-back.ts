import type { Card } from '../channels/message.ts';
import { windowLabel } from '../format.ts';
import { hasPhrase, phrase } from '../phrases.ts';
import { choicesCard } from './cards/cards.ts';
import type { Answer } from './gate.ts';
import { intentNamed } from './intents/index.ts';
import type { Ask, Understanding } from './language/understanding.ts';
import { saying } from './sayings.ts';

/** What may be said next, as keys of `replies.choice`, where the question has its own. */
const choices: Partial<Record<Ask, readonly string[]>> = {
  range_missing: ['today', 'yesterday', 'month'],
  field_missing: ['price'],
  unknown: ['yesterday', 'failures', 'price'],
};

/** The readings that can be had instead, where they follow from the question. */
const instead: Partial<Record<Ask, (intent: string) => readonly string[]>> = {
  not_a_command: (intent) => [intent],
  hearsay: (intent) => [intent],
  conditional: (intent) => [intent],
  unknown_metric: () => ['report', 'list_orders', 'list_failures'],
};

/** What a question back is asked with: the day, and the documents there are, in words. */
export interface Known {
  today: Date;
  documents: string;
}

/**
 * The answer to a sentence that no tool carries out: why it is not done, and what can be said instead. Nothing is left open by it: what
 * nobody can do is not waited for.
 */
export function askBack(read: Understanding, { today, documents }: Known): Answer {
  const { intent, slots, ask } = read;
  const action = read.action === 'run' || read.action === 'confirm' ? 'reply' : read.action;
  const name = intentNamed(intent).as ?? intent;
  const text = ask
    ? asked(read, ask, { today, documents })
    : phrase(hasPhrase(`replies.${intent}`) ? `replies.${intent}` : 'replies.ask.unknown', { documents });
  const card = cardOf(read, text);
  return { decision: { intent: name, slots: { ...slots }, action }, reply: { text, ...(card ? { card } : {}) } };
}

function asked(
  { intent, slots, readings = [], unread = [], asked: range }: Understanding,
  ask: Ask,
  { today, documents }: Known,
): string {
  const { start, end } = range ?? slots;
  const plainly = saying(intent, slots);
  return phrase(`replies.ask.${ask}`, {
    range: start && end ? windowLabel(new Date(start), new Date(end), today) : '',
    plainly: plainly ?? phrase('replies.ask.that'),
    readings: readings.length,
    documents,
    words: unread.map((word) => `「${word}」`).join('、'),
  });
}

/** Buttons with the sentences it may have meant. */
function cardOf({ intent, slots, ask, readings = [] }: Understanding, text: string): Card | null {
  const offered = ask ? [] : (intentNamed(intent).offers ?? []);
  const meant = (ask && instead[ask]?.(intent)) ?? [...readings, ...offered];
  const sayings = meant.map((one) => saying(one, slots)).filter((one) => one !== null);
  const others = (ask && choices[ask]) ?? [];
  const all = [
    ...new Set([...sayings, ...(sayings.length === 0 ? others.map((one) => phrase(`replies.choice.${one}`)) : [])]),
  ];
  return all.length > 0 ? choicesCard(text, all.slice(0, 3)) : null;
}
