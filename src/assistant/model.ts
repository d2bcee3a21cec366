import type { ChatCompletionTool } from 'openai/resources/chat/completions';
import type { Message } from '../channels/message.ts';
import { AppError } from '../errors.ts';
import { phrase, promptFile } from '../phrases.ts';
import { toIso } from '../shanghai.ts';
import type { Answer } from './gate.ts';
import type { Turn } from './language/understanding.ts';
import { asProposed, endsTalk, type Outcome, spoken, withNotes, without } from './model/answers.ts';
import { argumentsOf } from './model/arguments.ts';
import { ModelClient } from './model/client.ts';
import { type ModelLimits, type ModelSettings, modelLimits } from './model/limits.ts';
import { checked, showing } from './model/prose/checked.ts';
import { Evidence } from './model/prose/evidence.ts';
import type { ModelMessage } from './model/quirks.ts';
import type { Said } from './model/stream.ts';
import { argumentsIn, type ToolCall } from './model/tool-call.ts';
import { described, offered } from './model/tool-descriptions.ts';
import { asData, quoted } from './model/tool-results.ts';
import type { Usage } from './policy/usage.ts';
import { spokenAt } from './spoken-at.ts';
import type { Tool } from './tools/tool.ts';

export type { Outcome } from './model/answers.ts';
export { type ModelLimits, type ModelSettings, modelLimits } from './model/limits.ts';

const persona = promptFile('persona.md');

export interface Conversation {
  message: Message;
  prior: readonly Turn[];
  tools: ReadonlyMap<string, Tool>;
  /** What is known besides the words: how they were read, what the talk is about. Given to the model as data. */
  context?: string;
  /** Through the gate; a write always comes back as a question. */
  call: (tool: string, args: object) => Promise<Answer>;
  onText: (text: string) => void;
}

/** One conversation's way through its rounds. */
interface Talk extends Conversation {
  offer: ReadonlyMap<string, Tool>;
  descriptions: ChatCompletionTool[];
  messages: ModelMessage[];
  evidence: Evidence;
  signal: AbortSignal;
}

/**
 * A model with an OpenAI-compatible endpoint, for what the rules do not reach. It may call our tools and propose writes, names
 * times by phrases that our own calendar resolves, sees no personal data, and decides nothing; of its words only those are said
 * that a tool bears out. Whatever goes wrong with it is an `Outcome`.
 */
export class Model {
  readonly #client: ModelClient;
  readonly #usage: Pick<Usage, 'today' | 'add'>;
  readonly #now: () => Date;
  readonly #onError: (error: unknown, where: string) => void;
  readonly #limits: ModelLimits;

  constructor(
    settings: ModelSettings,
    usage: Pick<Usage, 'today' | 'add'>,
    now: () => Date,
    onError: (error: unknown, where: string) => void,
    limits: ModelLimits = modelLimits,
  ) {
    this.#client = new ModelClient(settings, onError);
    this.#usage = usage;
    this.#now = now;
    this.#onError = onError;
    this.#limits = limits;
  }

  async converse(conversation: Conversation): Promise<Outcome> {
    const { message, prior, context } = conversation;
    const { personTokens, groupTokens, timeMs } = this.#limits;
    if ((await this.#usage.today(message.person)) >= personTokens) return used('person_used_up');
    if ((await this.#usage.today(message.conversation)) >= groupTokens) return used('group_used_up');
    const abort = new AbortController();
    const timer = setTimeout(() => abort.abort(), timeMs);
    const own = prior.filter(({ role }) => role === 'user').map(({ text }) => text);
    const offer = offered(conversation.tools);
    const talk: Talk = {
      ...conversation,
      offer,
      descriptions: [...offer.values()].map((tool) => described(tool, this.#limits.items)),
      messages: this.#opening(conversation),
      evidence: new Evidence([...own, message.text, ...(context ? [context] : [])], this.#now()),
      signal: abort.signal,
    };
    try {
      return await this.#rounds(talk);
    } catch (error) {
      if (!(error instanceof AppError && error.code.startsWith('model.'))) throw error;
      this.#onError(error, 'model');
      return without(spoken(error), talk.evidence);
    } finally {
      clearTimeout(timer);
    }
  }

  #opening({ message, prior, context }: Conversation): ModelMessage[] {
    const today = phrase('model.today', { now: toIso(spokenAt(message, this.#now())) });
    const known = context ? `\n\n${phrase('model.context', { data: quoted(context) })}` : '';
    return [
      { role: 'system', content: `${persona}\n\n${today}` },
      ...prior.map(({ role, text }): ModelMessage => ({ role: role === 'user' ? 'user' : 'assistant', content: text })),
      { role: 'user', content: `${message.text}${known}` },
    ];
  }

  async #rounds(talk: Talk): Promise<Outcome> {
    const { messages, evidence } = talk;
    let corrected = false;
    for (let round = 1; round <= this.#limits.rounds; round++) {
      const said = await this.#ask(talk);
      if (said.calls.length === 0) {
        if (said.text === '') return without(phrase('model.empty'), evidence);
        const { text, dropped } = checked(said.text, evidence);
        const { toolless } = this.#client;
        if (dropped.length === 0 || corrected || toolless || round === this.#limits.rounds)
          return withNotes(text, dropped.length > 0, toolless, evidence);
        // Told what it may not say, it can still look it up: once.
        corrected = true;
        messages.push(
          { role: 'assistant', content: said.text },
          { role: 'user', content: phrase('model.not_looked_up', { data: quoted(dropped) }) },
        );
        continue;
      }
      messages.push(asMessage(said));
      const answer = await this.#carryOutAll(said.calls, talk);
      if (answer) return { answer };
    }
    return without(phrase('model.rounds'), evidence);
  }

  async #ask({ messages, descriptions: tools, evidence, message, signal, onText }: Talk): Promise<Said> {
    const { answerTokens, timeMs } = this.#limits;
    const show = showing(evidence, onText);
    let heard = '';
    let tokens: number | null = 0;
    try {
      const said = await this.#client.ask(
        { messages, tools, answerTokens },
        {
          signal,
          timeMs,
          onText: (text) => {
            heard = text;
            show(text);
          },
        },
      );
      tokens = said.tokens || null;
      heard = said.text;
      return said;
    } catch (error) {
      // What was broken off has been paid for; what was refused has not.
      if (heard !== '' || signal.aborted) tokens = null;
      throw error;
    } finally {
      tokens ??= Math.ceil(JSON.stringify(messages).length / 2 + heard.length * 1.5);
      if (tokens > 0) await this.#usage.add([message.person, message.conversation], tokens);
    }
  }

  /** The calls of one round. What ends the talk is returned; all else goes back to the model as data. */
  async #carryOutAll(calls: readonly ToolCall[], talk: Talk): Promise<Answer | null> {
    for (const [place, call] of calls.entries()) {
      const tool = talk.offer.get(call.name);
      const refused = place >= this.#limits.callsPerRound ? 'too_many_calls' : tool ? null : 'unknown_tool';
      const result = refused || !tool ? phrase(`model.${refused}`) : await this.#carryOut(call, tool, talk);
      if (typeof result !== 'string') {
        if (tool && endsTalk(result, tool)) return asProposed(result, calls.slice(place + 1), talk.offer);
        talk.evidence.add(result);
      }
      const content = typeof result === 'string' ? result : asData(result);
      talk.messages.push({ role: 'tool', tool_call_id: call.id, content });
    }
    return null;
  }

  /** A tool's answer, or why it was not called. */
  async #carryOut(call: ToolCall, tool: Tool, { message, call: use }: Talk): Promise<Answer | string> {
    const context = { tool, sentence: message.text, now: spokenAt(message, this.#now()), limits: this.#limits };
    const args = argumentsOf(call.arguments, context);
    return typeof args === 'string' ? args : await use(tool.name, args);
  }
}

const used = (which: string): Outcome => ({ why: `${phrase(`model.${which}`)}${phrase('model.by_rules')}` });

/** What it said, as the protocol wants it back: arguments that are no JSON are refused by some servers. */
function asMessage({ text, calls, reasoning }: Said): ModelMessage {
  return {
    role: 'assistant',
    content: text || null,
    tool_calls: calls.map(({ id, name, arguments: args }) => ({
      id,
      type: 'function',
      function: { name, arguments: JSON.stringify(argumentsIn(args) ?? {}) },
    })),
    ...(reasoning ? { reasoning_content: reasoning } : {}),
  };
}
