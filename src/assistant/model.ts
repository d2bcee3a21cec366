import OpenAI from 'openai';
import type { ChatCompletionMessageParam, ChatCompletionTool } from 'openai/resources/chat/completions';
import { z } from 'zod';
import type { Card, Message } from '../channels/message.ts';
import { hasPhrase, phrase, promptFile } from '../phrases.ts';
import { toIso } from '../shanghai.ts';
import type { Answer } from './gate.ts';
import { readDates } from './language/dates/read.ts';
import { askedToWrite } from './language/lexicon.ts';
import type { Turn } from './language/understanding.ts';
import type { Usage } from './policy/usage.ts';
import type { Tool } from './tools/tool.ts';

const persona = promptFile('persona.md');
/** Its longer lines, which an answer never repeats. */
const personaLines = persona
  .split('\n')
  .map((line) => line.trim())
  .filter((line) => line.length >= 20);

export interface ModelSettings {
  apiKey: string;
  baseUrl?: string;
  model: string;
}

export interface ModelLimits {
  /** Of one answer with all its rounds, ms. */
  timeMs: number;
  rounds: number;
  callsPerRound: number;
  answerTokens: number;
  /** Tokens a day (Asia/Shanghai). */
  personTokens: number;
  groupTokens: number;
}

export const modelLimits: ModelLimits = {
  timeMs: 30_000,
  rounds: 4,
  callsPerRound: 4,
  answerTokens: 800,
  personTokens: 200_000,
  groupTokens: 1_000_000,
};

export interface Conversation {
  message: Message;
  prior: readonly Turn[];
  tools: ReadonlyMap<string, Tool>;
  /** Through the gate; a write always comes back as a question. */
  call: (tool: string, args: object) => Promise<Answer>;
  onText: (text: string) => void;
}

/** An answer, or in one sentence why there is none. */
export type Outcome = { answer: Answer } | { why: string };

interface ToolCall {
  id: string;
  name: string;
  arguments: string;
}

/**
 * A model with an OpenAI-compatible endpoint, for what the rules do not reach. It may only call our tools, names times by phrases that
 * our own calendar resolves, sees no personal data, and decides nothing about writes. Whatever goes wrong with it is an `Outcome`.
 */
export class Model {
  readonly #client: OpenAI;
  readonly #name: string;
  readonly #usage: Usage;
  readonly #now: () => Date;
  readonly #limits: ModelLimits;

  constructor(settings: ModelSettings, usage: Usage, now: () => Date, limits: ModelLimits = modelLimits) {
    this.#client = new OpenAI({
      apiKey: settings.apiKey,
      ...(settings.baseUrl ? { baseURL: settings.baseUrl } : {}),
      maxRetries: 1,
      logLevel: 'off',
    });
    this.#name = settings.model;
    this.#usage = usage;
    this.#now = now;
    this.#limits = limits;
  }

  async converse(conversation: Conversation): Promise<Outcome> {
    const { message } = conversation;
    const { personTokens, groupTokens, timeMs } = this.#limits;
    if ((await this.#usage.today(message.person)) >= personTokens) return { why: phrase('model.person_used_up') };
    if ((await this.#usage.today(message.conversation)) >= groupTokens) return { why: phrase('model.group_used_up') };
    const abort = new AbortController();
    const timer = setTimeout(() => abort.abort(), timeMs);
    try {
      return await this.#rounds(conversation, abort.signal);
    } catch {
      return { why: phrase(abort.signal.aborted ? 'model.slow' : 'model.down') };
    } finally {
      clearTimeout(timer);
    }
  }

  async #rounds(conversation: Conversation, signal: AbortSignal): Promise<Outcome> {
    const { message, prior, onText } = conversation;
    const tools = offered(conversation.tools, message.text);
    const messages: ChatCompletionMessageParam[] = [
      {
        role: 'system',
        content: `${persona}\n\n${phrase('model.today', { now: toIso(this.#now()) })}`,
      },
      ...prior.map(
        ({ role, text }): ChatCompletionMessageParam => ({
          role: role === 'user' ? 'user' : 'assistant',
          content: text,
        }),
      ),
      { role: 'user', content: message.text },
    ];
    for (let round = 0; round < this.#limits.rounds; round++) {
      const { text, calls } = await this.#ask(messages, [...tools.values()].map(described), message, signal, onText);
      if (calls.length === 0) return text.trim() === '' ? { why: phrase('model.empty') } : { answer: inProse(text) };
      messages.push({
        role: 'assistant',
        content: text || null,
        tool_calls: calls.map(({ id, name, arguments: args }) => ({
          id,
          type: 'function',
          function: { name, arguments: args },
        })),
      });
      for (const [index, call] of calls.entries()) {
        const result =
          index < this.#limits.callsPerRound
            ? await this.#carryOut(call, tools, conversation)
            : { data: phrase('model.too_many_calls') };
        // A question or a run is the answer itself: its card moves on from here.
        if ('answer' in result) return { answer: result.answer };
        messages.push({ role: 'tool', tool_call_id: call.id, content: result.data });
      }
    }
    return { why: phrase('model.rounds') };
  }

  async #ask(
    messages: readonly ChatCompletionMessageParam[],
    tools: readonly ChatCompletionTool[],
    message: Message,
    signal: AbortSignal,
    onText: (text: string) => void,
  ): Promise<{ text: string; calls: ToolCall[] }> {
    const stream = await this.#client.chat.completions.create(
      {
        model: this.#name,
        messages: [...messages],
        ...(tools.length > 0 ? { tools: [...tools] } : {}),
        max_tokens: this.#limits.answerTokens,
        temperature: 0,
        stream: true,
        stream_options: { include_usage: true },
      },
      { signal, timeout: this.#limits.timeMs },
    );
    let text = '';
    let tokens = 0;
    let finished = false;
    const calls: ToolCall[] = [];
    for await (const chunk of stream) {
      tokens = chunk.usage?.total_tokens ?? tokens;
      const choice = chunk.choices[0];
      finished ||= Boolean(choice?.finish_reason);
      text += choice?.delta?.content ?? '';
      if (choice?.delta?.content && calls.length === 0) onText(visible(text));
      for (const part of choice?.delta?.tool_calls ?? []) {
        const call = calls[part.index] ?? { id: `call_${part.index}`, name: '', arguments: '' };
        if (part.id) call.id = part.id;
        call.name += part.function?.name ?? '';
        call.arguments += part.function?.arguments ?? '';
        calls[part.index] = call;
      }
    }
    await this.#usage.add([message.person, message.conversation], tokens || Math.ceil(text.length * 1.5) + 500);
    if (!finished) throw new Error('the stream was cut');
    return { text, calls: calls.filter(Boolean) };
  }

  async #carryOut(
    call: ToolCall,
    tools: ReadonlyMap<string, Tool>,
    { message, call: use }: Conversation,
  ): Promise<{ answer: Answer } | { data: string }> {
    const tool = tools.get(call.name);
    if (!tool) return { data: phrase('model.unknown_tool') };
    const args = argumentsOf(call.arguments, message.text, this.#now());
    if (typeof args === 'string') return { data: args };
    const answer = await use(tool.name, args);
    if (tool.writes || answer.decision.action === 'confirm' || answer.run) return { answer };
    return { data: quoted(answer) };
  }
}

/** The tools a model may call for this sentence. Those that write are shown only where the person's own words ask for a write. */
function offered(tools: ReadonlyMap<string, Tool>, sentence: string): ReadonlyMap<string, Tool> {
  const write = askedToWrite(sentence);
  return new Map([...tools].filter(([name, tool]) => hasPhrase(`tools.${name}`) && (write || !tool.writes)));
}

/** zod → JSON schema, with the window's instants replaced by a phrase. */
function described({ name, parameters }: Tool): ChatCompletionTool {
  const { start, end, ...shape } = parameters.shape as Record<string, z.ZodType>;
  const schema = z.strictObject({
    ...shape,
    ...(start && end ? { when: z.string().max(60).optional().describe(phrase('model.when')) } : {}),
  });
  const { $schema: _schema, ...json } = z.toJSONSchema(schema, { io: 'input' });
  return { type: 'function', function: { name, description: phrase(`tools.${name}`), parameters: json } };
}

/** A model's arguments with its phrase resolved; a sentence for the model where they are no good. */
function argumentsOf(text: string, sentence: string, now: Date): Record<string, unknown> | string {
  let value: unknown;
  try {
    value = JSON.parse(text || '{}');
  } catch {
    value = null;
  }
  if (value === null || typeof value !== 'object' || Array.isArray(value)) return phrase('model.bad_arguments');
  const { when, ...args } = value as Record<string, unknown>;
  if ('start' in args || 'end' in args) return phrase('model.no_dates');
  if (when === undefined || when === null || when === '') return args;
  const spelled = String(when);
  // A date the person did not say is the model's own invention.
  if (/\d{4}\D?\d{2}\D?\d{2}/.test(spelled) && !sentence.includes(spelled)) return phrase('model.no_dates');
  const { range } = readDates(spelled, toIso(now));
  return range ? { ...args, start: range.start, end: range.end } : phrase('model.no_such_time', { when: spelled });
}

/** A tool's answer as data for the model: it may hold words that strangers wrote. */
function quoted({ reply: { text, card } }: Answer): string {
  return JSON.stringify({ note: phrase('model.data_note'), data: { text, ...(card ? { card: plain(card) } : {}) } });
}

function plain({ title, blocks }: Card): object {
  return { title, blocks };
}

/** Our own instructions are not for reading out. */
function visible(text: string): string {
  return personaLines.some((line) => text.includes(line)) ? phrase('replies.ask.unknown') : text;
}

function inProse(text: string): Answer {
  return { decision: { intent: 'unknown', slots: {}, action: 'reply' }, reply: { text: visible(text.trim()) } };
}
