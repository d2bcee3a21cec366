import type { Card, Message } from '../channels/message.ts';
import { windowLabel } from '../format.ts';
import { phrase } from '../phrases.ts';
import { toIso } from '../shanghai.ts';
import { choicesCard } from './cards/cards.ts';
import { type Answer, Gate, type GateParts } from './gate.ts';
import type { Slots } from './language/slots.ts';
import { understand } from './language/understand.ts';
import type { Action, Turn, Understanding } from './language/understanding.ts';
import type { Memory } from './memory.ts';
import type { Model } from './model.ts';
import type { Tool } from './tools/tool.ts';

export type { Answer } from './gate.ts';

export interface AssistantParts extends GateParts {
  memory: Memory;
  /** Null without a key: the rules answer alone. */
  model: Model | null;
}

const longest = 2000;

/** A message in, a decision and a reply out: understand → check → (clarify | confirm | run a tool) → reply. */
export class Assistant {
  readonly #parts: AssistantParts;
  readonly #gate: Gate;

  constructor(parts: AssistantParts) {
    this.#parts = parts;
    this.#gate = new Gate(parts);
  }

  /** `onText` gets the answer of a model while it grows. */
  async answer(message: Message, onText: (text: string) => void = () => undefined): Promise<Answer> {
    const answer = await this.#decide(message, onText);
    const { card } = answer.reply;
    const note = phrase('replies.sandbox_note');
    if (card && this.#parts.sandbox && !card.note?.includes(note))
      card.note = [card.note, note].filter(Boolean).join(' · ');
    return answer;
  }

  async #decide(message: Message, onText: (text: string) => void): Promise<Answer> {
    const { action } = message;
    if (action?.name === 'say') return await this.#said({ ...message, text: action.args.text ?? '' }, onText);
    if (action) return await this.#pressed(message, action.name, action.args);
    return await this.#said(message, onText);
  }

  async #said(message: Message, onText: (text: string) => void): Promise<Answer> {
    const { memory, now } = this.#parts;
    const text = message.text.trim();
    if (text === '') return reply('unknown', {}, 'clarify', phrase('replies.empty'));
    if (text.length > longest)
      return reply('unknown', {}, 'clarify', phrase('replies.too_long', { size: text.length }));
    const prior = await memory.turns(message);
    const understood = understand({ text, now: toIso(now()), prior });
    const answer =
      understood.intent === 'unknown'
        ? await this.#beyondRules(message, prior, understood, onText)
        : await this.#both(message, understood);
    if (understood.intent === 'forget') {
      await memory.forget(message);
      await this.#parts.confirmations.claim(message, 'rejected');
    }
    if (!['confirm', 'reject', 'forget'].includes(understood.intent))
      await memory.remember({ ...message, text }, answer.reply.text);
    return answer;
  }

  /** Two commands in one message: the first is carried out, the second after it; of two writes the second waits for its own word. */
  async #both(message: Message, understood: Understanding): Promise<Answer> {
    const first = await this.#carryOut(message, understood);
    const second = understood.also?.[0];
    if (!second) return first;
    if (first.decision.action === 'clarify' || first.decision.action === 'confirm')
      return { ...first, reply: { ...first.reply, text: `${first.reply.text}${phrase('replies.second_later')}` } };
    const then = await this.#carryOut(message, second);
    const card = first.reply.card ?? then.reply.card;
    return {
      ...first,
      ...(first.run ? {} : then.run ? { run: then.run } : {}),
      reply: { text: `${first.reply.text}\n${then.reply.text}`, ...(card ? { card } : {}) },
    };
  }

  async #carryOut(message: Message, understood: Understanding): Promise<Answer> {
    const { intent, slots, action, ask } = understood;
    if (action === 'clarify' || ask) return this.#askBack(understood);
    if (intent === 'confirm' || intent === 'reject') return await this.#pressed(message, intent, {});
    const found = this.#toolFor(intent, slots);
    if (found && action !== 'none')
      return await this.#gate.use(message, { ...found, intent, slots }, { mustConfirm: action === 'confirm' });
    if (['none', 'greeting', 'help', 'forget', 'smalltalk', 'choose'].includes(intent))
      return reply(intent, slots, intent === 'none' ? 'none' : 'reply', phrase(`replies.${intent}`));
    return this.#askBack({ ...understood, intent: 'unknown' });
  }

  #toolFor(intent: Understanding['intent'], slots: Slots): { tool: string; args: object } | null {
    for (const tool of this.#parts.tools.values() as Iterable<Tool>) {
      const args = tool.answers?.[intent]?.(slots);
      if (args) return { tool: tool.name, args };
    }
    return null;
  }

  /** What the rules do not reach goes to the model, when there is one; without an answer of it the rules' own question stands. */
  async #beyondRules(
    message: Message,
    prior: readonly Turn[],
    understood: Understanding,
    onText: (text: string) => void,
  ): Promise<Answer> {
    const byRules = this.#askBack(understood);
    if (!this.#parts.model) return byRules;
    const outcome = await this.#parts.model.converse({
      message,
      prior,
      tools: this.#parts.tools,
      call: (tool, args) => this.#gate.use(message, { tool, args, intent: tool, slots: {} }, { mustConfirm: true }),
      onText,
    });
    if ('answer' in outcome) return outcome.answer;
    const { text, card } = byRules.reply;
    return { ...byRules, reply: { text: `${outcome.why}\n${text}`, ...(card ? { card } : {}) } };
  }

  /** A pressed button, or its word. Arguments come from the outside and are checked like any others. */
  async #pressed(message: Message, name: string, args: Record<string, string>): Promise<Answer> {
    const { confirmations } = this.#parts;
    if (name === 'preview') {
      const pending = await confirmations.peek(message, args.id ?? '');
      if (!pending) return reply(name, {}, 'reply', phrase('replies.nothing_to_confirm'));
      const call = { tool: pending.tool, args: { ...pending.args, preview: true }, intent: 'sync', slots: {} };
      return await this.#gate.use(message, call);
    }
    if (name !== 'confirm' && name !== 'reject')
      return await this.#gate.use(message, { tool: name, args, intent: name, slots: {} });
    // Looked at before it is taken: somebody who may not do it does not use it up.
    const open = await confirmations.peek(message, args.id);
    if (open && name === 'confirm' && !this.#gate.allows(message, open.tool))
      return reply(name, {}, 'reply', phrase('replies.may_not_confirm'));
    const claim = await confirmations.claim(message, name === 'confirm' ? 'confirmed' : 'rejected', args.id);
    if (!claim) return reply(name, {}, 'reply', phrase('replies.nothing_to_confirm'));
    if (claim.outcome === 'second') return reply(name, {}, 'confirm', phrase('replies.second_yes'));
    if (name === 'reject') return reply('reject', {}, 'none', phrase('replies.rejected'));
    const { pending } = claim;
    const call = { tool: pending.tool, args: pending.args, intent: 'confirm', slots: {} };
    return await this.#gate.use(message, call, { confirmed: pending });
  }

  #askBack({ intent, slots, ask = 'not_a_command' }: Understanding): Answer {
    const reason = intent === 'unknown' ? 'unknown' : ask;
    const range = slots.start && slots.end ? windowLabel(new Date(slots.start), new Date(slots.end)) : '';
    const text = phrase(`replies.ask.${reason}`, { range });
    const choices =
      {
        range_missing: ['today', 'yesterday', 'month'],
        future: ['today'],
        unknown: ['yesterday', 'failures', 'price'],
      }[reason as 'range_missing' | 'future' | 'unknown'] ?? [];
    const card: { card?: Card } =
      choices.length > 0
        ? {
            card: choicesCard(
              text,
              choices.map((choice) => phrase(`replies.choice.${choice}`)),
            ),
          }
        : {};
    return {
      decision: { intent, slots: { ...slots }, action: intent === 'out_of_scope' ? 'reply' : 'clarify' },
      reply: { text, ...card },
    };
  }
}

function reply(intent: string, slots: object, action: Action, text: string): Answer {
  return { decision: { intent, slots: { ...slots }, action }, reply: { text } };
}
