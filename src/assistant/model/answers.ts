import type { AppError } from '../../errors.ts';
import { phrase } from '../../phrases.ts';
import type { Answer } from '../gate.ts';
import type { Tool } from '../tools/tool.ts';
import type { Evidence } from './prose/evidence.ts';
import type { ToolCall } from './tool-call.ts';

/** An answer, or in words why there is none. */
export type Outcome = { answer: Answer } | { why: string };

/** A model's words, and the card of what was looked up for them. */
export function inProse(text: string, evidence: Evidence): Outcome {
  const { card, ...others } = evidence.card;
  return {
    answer: {
      decision: { intent: 'unknown', slots: {}, action: 'reply' },
      reply: { text, ...(card ? { card } : {}) },
      ...others,
    },
  };
}

/** Words that lack something: a sentence that may not be said (`lacks`), or all that a model without tools cannot know. */
export function withNotes(text: string, lacks: boolean, toolless: AppError | null, evidence: Evidence): Outcome {
  const body = text || evidence.last?.reply.text;
  const notes = toolless ? [spoken(toolless)] : [];
  if (!body) return without([phrase('model.nothing_said'), ...notes].join(''), evidence);
  // A tool's own words need no excuse for what the model made of them.
  return inProse([body, ...(lacks && text ? [phrase('model.not_said')] : []), ...notes].join('\n'), evidence);
}

/** Nothing came of the model. What a tool has told by then is told; else the rules have the word. */
export function without(why: string, evidence: Evidence): Outcome {
  const told = evidence.last?.reply.text;
  return told ? inProse(`${why}\n${told}`, evidence) : { why: `${why}${phrase('model.by_rules')}` };
}

export const spoken = ({ message, next }: AppError): string => phrase('model.failed', { message, next });

/** A question, or a write that was not to be: the person's to answer. What a write still needs to know is the model's. */
export function endsTalk({ decision }: Answer, tool: Tool): boolean {
  return decision.action === 'confirm' || (tool.writes && decision.action !== 'clarify');
}

/** A question as a model brought it about: whose reading it is, and that none of several proposals is lost without a word. */
export function asProposed(answer: Answer, later: readonly ToolCall[], tools: ReadonlyMap<string, Tool>): Answer {
  if (answer.decision.action !== 'confirm') return answer;
  const { text, card } = answer.reply;
  const others = later.some(({ name }) => tools.get(name)?.writes) ? phrase('replies.second_later') : '';
  const note = [card?.note, phrase('model.proposed')].filter(Boolean).join(' · ');
  return { ...answer, reply: { text: `${text}${others}`, ...(card ? { card: { ...card, note } } : {}) } };
}
