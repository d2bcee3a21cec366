import type { ChatCompletionMessageParam, ChatCompletionTool } from 'openai/resources/chat/completions';
import type { Refusal } from './refusals.ts';

/** A message with the thoughts that belong to it. */
export type ModelMessage = ChatCompletionMessageParam & { reasoning_content?: string };

/** What a server takes, as far as its refusals have told. */
export interface Quirks {
  tools: boolean;
  /** Under which name it takes the length of an answer; null = under none. */
  length: 'max_tokens' | 'max_completion_tokens' | null;
  temperature: boolean;
  /** Whether it can be asked to count. */
  usage: boolean;
  /** It wants a model's thoughts back beside its calls. */
  thoughts: boolean;
  /** It knows instructions; else they stand before the first words of the person. */
  system: boolean;
  /** It takes a call without words. */
  wordless: boolean;
  /** How many times the usual length an answer needs: models that think count their thoughts. */
  room: number;
  /** The model ends thoughts that it has not begun. */
  endsUnbegun: boolean;
}

export const usualQuirks: Quirks = {
  tools: true,
  length: 'max_tokens',
  temperature: true,
  usage: true,
  thoughts: false,
  system: true,
  wordless: true,
  room: 1,
  endsUnbegun: false,
};

/** Refusals that are about one thing in the request, and what to do about it. */
const adaptations: readonly { words: RegExp; change: (now: Quirks, words: string) => Partial<Quirks> }[] = [
  { words: /reasoning_content/i, change: () => ({ thoughts: true }) },
  { words: /stream_options|include_usage/i, change: () => ({ usage: false }) },
  { words: /temperature/i, change: () => ({ temperature: false }) },
  {
    words: /max_(?:completion_)?tokens/i,
    change: ({ length }, words) => ({
      length: length === 'max_tokens' && /max_completion_tokens/i.test(words) ? 'max_completion_tokens' : null,
    }),
  },
  {
    words:
      /\bsystem\b[^.]{0,40}(?:role|message)?[^.]{0,20}(?:not supported|unsupported|not allowed)|(?:not support|unsupported)[^.]{0,40}\bsystem\b/i,
    change: () => ({ system: false }),
  },
  {
    words:
      /\bcontent\b[^.]{0,60}(?:\bnull\b|\bnone\b|required|missing|must be|expected)|(?:missing|null|none|expected)[^.]{0,40}\bcontent\b/i,
    change: () => ({ wordless: false }),
  },
];

/** What to change after a refusal; null where it is about nothing that can be changed, or has been changed before. */
export function adapted(now: Quirks, { status, said }: Refusal, cause: string): Partial<Quirks> | null {
  if (cause === 'model.no_tools') return now.tools ? { tools: false } : null;
  if (![0, 400, 404, 422, 500, 501].includes(status) || !['model.parameter', 'model.refused'].includes(cause))
    return null;
  for (const { words, change } of adaptations) {
    if (!words.test(said)) continue;
    const changes = change(now, said);
    if (Object.entries(changes).some(([name, value]) => now[name as keyof Quirks] !== value)) return changes;
  }
  return null;
}

export interface Request {
  model: string;
  messages: readonly ModelMessage[];
  tools: readonly ChatCompletionTool[];
  answerTokens: number;
}

/** A request as this server takes it. */
export function bodyOf({ model, messages, tools, answerTokens }: Request, quirks: Quirks) {
  const { length, room } = quirks;
  return {
    model,
    messages: (quirks.system ? [...messages] : withoutSystem(messages)).map((message) => asTaken(message, quirks)),
    ...(quirks.tools && tools.length > 0 ? { tools: [...tools] } : {}),
    ...(length ? { [length]: answerTokens * room } : {}),
    ...(quirks.temperature ? { temperature: 0 } : {}),
    stream: true as const,
    ...(quirks.usage ? { stream_options: { include_usage: true } } : {}),
  };
}

function asTaken(message: ModelMessage, { thoughts, wordless }: Quirks): ModelMessage {
  const { reasoning_content, ...plain } = message;
  if (plain.role !== 'assistant' || !plain.tool_calls) return plain;
  return {
    ...plain,
    ...(plain.content === null && !wordless ? { content: '' } : {}),
    // Asked for even where there were none, and refused when empty.
    ...(thoughts ? { reasoning_content: reasoning_content || ' ' } : {}),
  };
}

function withoutSystem(messages: readonly ModelMessage[]): ModelMessage[] {
  const instructions = messages.flatMap((message) => (message.role === 'system' ? [String(message.content)] : []));
  const others = messages.filter(({ role }) => role !== 'system');
  const first = others.findIndex(({ role }) => role === 'user');
  return others.map((message, place) =>
    place === first && message.role === 'user'
      ? { ...message, content: [...instructions, String(message.content)].join('\n\n') }
      : message,
  );
}
