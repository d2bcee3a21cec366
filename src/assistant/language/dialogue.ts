import { intents } from '../intents/index.ts';
import { changes } from '../intents/intent.ts';
import { has, type Piece } from './piece.ts';
import type { Slots } from './slots.ts';
import type { Understanding } from './understanding.ts';

export interface Question {
  intent: string;
  /** Of the confirmation, where it is kept. */
  id?: string;
}

/** What is spoken of in a conversation with one person. */
export interface DialogueState {
  /** The question that was asked last and waits for a yes; a typed yes counts only directly after it. */
  question: Question | null;
  /** What was last read, with all it was about. */
  last: { intent: string; slots: Slots } | null;
  /** The documents that were named last, in the order they were shown. */
  orders: readonly string[];
  /** The one shop that was named last. */
  shop?: string;
}

export const nothingSaid: DialogueState = { question: null, last: null, orders: [] };

/** What an answer adds: whether it asks for a yes, and the documents it names. */
export interface Answered {
  asks: boolean;
  id?: string;
  orders: readonly string[];
  shop?: string;
}

/** Families of the words that say again what the question was about: 「推吧」 after 「要同步吗」. */
const verbs = [
  'push',
  'again',
  'undo',
  'put_back',
  'change',
  'map',
  'move_date',
  'create',
  'start',
  'timer',
  'release',
  'brake',
  'stop',
];

/** Whether the whole of a sentence is a yes: nothing in it but words of consent, courtesy, and the verb of the question. */
export function isYes(pieces: readonly Piece[], question: { intent: string } | null): boolean {
  const asked = intents.get(question?.intent ?? '')?.reads ?? [];
  const said = verbs.filter((family) => asked.includes(family));
  let consents = false;
  for (const piece of pieces) {
    const beside =
      has(piece, 'particle') ||
      has(piece, 'haste') ||
      /^(?:谢|多谢|感谢|辛苦|麻烦|请|烦请|thx|thank|please)/.test(piece.value);
    if (has(piece, 'yes') || said.some((family) => has(piece, family))) consents = true;
    else if (!beside && !/^[\p{P}\p{S}\s]*$/u.test(piece.value)) return false;
  }
  return consents;
}

/** Whether a sentence refuses or puts off, word by word: used while a question is open. */
export const refuses = (pieces: readonly Piece[]): boolean =>
  pieces.some((piece) => has(piece, 'no') || has(piece, 'no_thanks') || has(piece, 'later'));

/** The state after a turn of a person, as it was read, and its answer. */
export function after(state: DialogueState, read: Understanding, answered: Answered): DialogueState {
  const talk = [
    'confirm',
    'reject',
    'forget',
    'smalltalk',
    'greeting',
    'unknown',
    'none',
    'misread',
    'help',
    'out_of_scope',
    'more',
    'export',
  ];
  const forgets = read.intent === 'forget';
  // What was not answered leaves what was spoken of before.
  const kept = talk.includes(read.intent) || read.ask === 'unknown_metric';
  const orders = answered.orders.length > 0 ? answered.orders : (read.slots.orders ?? (forgets ? [] : state.orders));
  return {
    question: answered.asks
      ? { intent: changing(read) ?? state.last?.intent ?? 'unknown', ...(answered.id ? { id: answered.id } : {}) }
      : null,
    last: forgets ? null : kept ? state.last : { intent: read.intent, slots: read.slots },
    orders,
    ...((answered.shop ?? read.slots.shop ?? state.shop)
      ? { shop: answered.shop ?? read.slots.shop ?? state.shop }
      : {}),
  };
}

/** The state after a pressed button, whose answer may ask in turn. One that only looks at what is asked leaves the question open. */
export function afterPress(
  state: DialogueState,
  { looks, intent }: { looks: boolean; intent: string },
  answered: Answered,
): DialogueState {
  const asked = { intent, ...(answered.id ? { id: answered.id } : {}) };
  const question = answered.asks ? asked : looks ? state.question : null;
  return { ...state, question, orders: answered.orders.length > 0 ? answered.orders : state.orders };
}

const changing = (read: Understanding): string | undefined =>
  [read, ...(read.also ?? [])]
    .map(({ intent }) => intent)
    .find((name) => {
      const intent = intents.get(name);
      return intent !== undefined && changes(intent);
    });
