import { AppError } from '../../errors.ts';
import { type CallPart, CallParts } from './call-parts.ts';
import { endsUnbegun, withoutReasoning } from './reasoning.ts';
import { untilMark, withoutCalls } from './text-calls.ts';
import type { ToolCall } from './tool-call.ts';

/** What a model said in one round. */
export interface Said {
  /** Its words, without its thoughts and without calls written as text. */
  text: string;
  calls: ToolCall[];
  /** Its thoughts, for servers that want them back. Never shown. */
  reasoning: string;
  /** As the server counts; 0 where it does not. */
  tokens: number;
  /** It ran out of room. */
  cut: boolean;
  /** It ends thoughts it has not begun. */
  endsUnbegun: boolean;
}

export interface Reading {
  isTool: (name: string) => boolean;
  /** Nothing is shown before its thoughts have ended. */
  holdsThoughts: boolean;
  signal: AbortSignal;
  /** Its words so far, as far as they are known to be words. */
  onText: (text: string) => void;
}

/** A chunk as servers send them: each of these can be missing, null, or of another type. */
interface Chunk {
  choices?: (Choice | null)[] | null;
  usage?: { total_tokens?: unknown } | null;
}

interface Choice {
  delta?: Delta | null;
  message?: Delta | null;
  finish_reason?: unknown;
  usage?: Chunk['usage'];
}

interface Delta {
  content?: unknown;
  reasoning_content?: unknown;
  tool_calls?: (CallPart | null)[] | null;
  function_call?: CallPart['function'];
}

/** More than any answer has: whoever sends more is not a model that we asked. */
const mostCharacters = 30_000;

/** What a stream that ended by itself says of its end, and is no answer. */
const badEnds: Readonly<Record<string, () => AppError>> = {
  content_filter: () => new AppError('model.content', 'data'),
  sensitive: () => new AppError('model.content', 'data'),
  insufficient_system_resource: () => new AppError('model.busy', 'transient'),
  network_error: () => new AppError('model.cut', 'transient'),
  error: () => new AppError('model.cut', 'transient'),
};

/** Reads one answer. Codes: `model.slow`, `model.cut`, `model.garbled`, `model.content`, `model.busy`. */
export async function readStream(stream: AsyncIterable<unknown>, reading: Reading): Promise<Said> {
  const { isTool, holdsThoughts, signal, onText } = reading;
  const parts = new CallParts(isTool);
  let content = '';
  let reasoning = '';
  let tokens = 0;
  let end = '';
  let chunks = 0;
  let shown = '';
  for await (const raw of stream) {
    const chunk = (raw ?? {}) as Chunk;
    const choice = chunk.choices?.[0] ?? null;
    const usage = chunk.usage ?? choice?.usage;
    if (typeof usage?.total_tokens === 'number') tokens = usage.total_tokens;
    if (!choice) continue;
    chunks += 1;
    if (typeof choice.finish_reason === 'string' && choice.finish_reason) end = choice.finish_reason;
    const delta = choice.delta ?? choice.message;
    content += wordsOf(delta?.content);
    reasoning += wordsOf(delta?.reasoning_content);
    for (const part of delta?.tool_calls ?? []) if (part) parts.add(part);
    if (delta?.function_call) parts.add({ index: 0, function: delta.function_call });
    if (content.length + reasoning.length > mostCharacters) throw new AppError('model.garbled', 'data');
    const heard = delta?.content && !(holdsThoughts && !endsUnbegun(content));
    const text = heard ? soFar(content, isTool) : '';
    if (text !== '' && text !== shown && parts.all().length === 0) onText(text);
    shown = text;
  }
  // A stream that is broken off by us ends like any other.
  if (signal.aborted) throw new AppError('model.slow', 'transient');
  const spoken = withoutCalls(withoutReasoning(content), isTool);
  const written = spoken.calls.map((call, place) => ({ id: `call_${place}`, ...call }));
  const made = parts.all().length > 0 ? parts.all() : written;
  const calls = made.map((call) => ({ ...call, name: toolNamed(call.name, isTool) }));
  const bad = badEnds[end];
  if (bad) throw bad();
  if (chunks === 0) throw new AppError('model.garbled', 'config');
  if (end === '' && spoken.text.trim() === '' && calls.length === 0) throw new AppError('model.cut', 'transient');
  const text = spoken.text.trim();
  return { text, calls, reasoning, tokens, cut: end === 'length', endsUnbegun: endsUnbegun(content) };
}

/** Words so far; most have no mark that could begin anything else. */
const soFar = (content: string, isTool: Reading['isTool']): string =>
  (/[<◁[{`]/.test(content) ? untilMark(withoutCalls(withoutReasoning(content), isTool).text) : content).trim();

/** A tool's name as we gave it: some servers put a word before it, or take no hyphens. */
function toolNamed(name: string, isTool: Reading['isTool']): string {
  const plain = name.replace(/^functions[.:]/, '');
  const hyphened = plain.replaceAll('_', '-');
  return isTool(plain) || !isTool(hyphened) ? plain : hyphened;
}

/** Words, or a list of parts some of which are words. */
function wordsOf(content: unknown): string {
  if (typeof content === 'string') return content;
  if (!Array.isArray(content)) return '';
  return content
    .map((part: { type?: unknown; text?: unknown } | null) =>
      part && (part.type === 'text' || part.type === undefined) && typeof part.text === 'string' ? part.text : '',
    )
    .join('');
}
