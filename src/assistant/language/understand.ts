import { type Answered, after, type DialogueState, nothingSaid } from './dialogue.ts';
import { normalise } from './normalise.ts';
import { readNumbers } from './numbers.ts';
import type { Setting } from './part.ts';
import type { Piece } from './piece.ts';
import { type Names, noNames, readPieces } from './pieces.ts';
import { asidesFile, modelFile, openScorer } from './scorer.ts';
import { readSentence } from './sentence.ts';
import type { Turn, Understanding } from './understanding.ts';

export interface Asked {
  text: string;
  /** When it was said, ISO with a zone. */
  now: string;
  /** What was said before, as text; or the state it left. */
  prior?: readonly Turn[];
  state?: DialogueState;
  names?: Names;
  /** Ids of the pipelines that are enabled. */
  pipelines?: readonly string[];
}

let committed: Pick<Setting, 'scorer' | 'asides'> | undefined;

/** The scorers of the committed models, opened once. */
function scorers(): Pick<Setting, 'scorer' | 'asides'> {
  committed ??= { scorer: openScorer(modelFile), asides: openScorer(asidesFile) };
  return committed;
}

/** For text of which no time is wanted. */
const anyDay = '2026-01-01T00:00:00+08:00';
const salesOut = 'jushuitan-saleout-to-kingdee';

/** A sentence as what it asks for, and what is done about it. Pure: no clock but `now`, no I/O but the committed models at first use. */
export function understand(asked: Asked): Understanding {
  const { text, now, prior = [], names = noNames, pipelines = [salesOut] } = asked;
  const setting = { now, names, pipelines, ...scorers() };
  return readSentence(text, asked.state ?? stateAfter(prior, setting), setting);
}

/** The state that turns of text leave behind. */
function stateAfter(prior: readonly Turn[], setting: Setting): DialogueState {
  let state = nothingSaid;
  let read: Understanding | null = null;
  for (const { role, text } of prior) {
    if (role === 'user') {
      if (read) state = after(state, read, { asks: false, orders: [] });
      read = readSentence(text, state, setting);
    } else if (read) {
      state = after(state, read, answeredBy(text, setting.names));
      read = null;
    } else state = { ...state, ...questionOf(answeredBy(text, setting.names), state) };
  }
  return read ? after(state, read, { asks: false, orders: [] }) : state;
}

const questionOf = ({ asks, orders, shop }: Answered, state: DialogueState): Partial<DialogueState> => ({
  ...(shop ? { shop } : {}),
  question: asks ? { intent: state.last?.intent ?? 'unknown' } : null,
  ...(orders.length > 0 ? { orders } : {}),
});

/** The orders an answer names; a bill of the target beside them is none. */
function ordersIn(text: string, { prefixes }: Names): string[] {
  const numbers = readNumbers(text, prefixes).filter(({ kind }) => kind === 'order');
  const own = numbers.filter(({ prefix }) => prefix === undefined);
  return [...new Set((own.length > 0 ? own : numbers).map(({ value }) => value))];
}

function answeredBy(text: string, names: Names): Answered {
  const { pieces } = readPieces(normalise(text), anyDay, names);
  const values = (kind: Piece['kind']): string[] => [
    ...new Set(pieces.filter((piece) => piece.kind === kind).map(({ value }) => value)),
  ];
  const [shop, ...others] = values('shop');
  return {
    asks: /吗\s*[?？]|确认|是否|要不要|可以吗|confirm/i.test(text),
    orders: ordersIn(normalise(text), names),
    ...(shop && others.length === 0 ? { shop } : {}),
  };
}
