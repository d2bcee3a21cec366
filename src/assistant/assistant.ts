import { type ButtonAction, type Message, noteOn, type Quoted, type Reply } from '../channels/message.ts';
import { documentNames } from '../documents.ts';
import { phrase } from '../phrases.ts';
import { toIso } from '../shanghai.ts';
import { askBack, type Known } from './ask-back.ts';
import { misreadButton } from './cards/misread.ts';
import { type Answer, Gate } from './gate.ts';
import { intentNamed } from './intents/index.ts';
import { changes } from './intents/intent.ts';
import { type Answered, after, afterPress } from './language/dialogue.ts';
import { readNumbers } from './language/numbers.ts';
import type { Names } from './language/pieces.ts';
import type { Slots } from './language/slots.ts';
import { type Asked, understand } from './language/understand.ts';
import type { Action, Understanding } from './language/understanding.ts';
import type { Remembered } from './memory.ts';
import { heardFrom } from './misreads.ts';
import type { Model } from './model.ts';
import { contextOf } from './model-context.ts';
import type { KnownNames } from './names.ts';
import { ordersIn, withQuoted } from './quoted.ts';
import { saidBefore, spokenAt } from './spoken-at.ts';
import type { Tool, ToolServices } from './tools/tool.ts';
import { kindsOf, withPrefix } from './which-document.ts';

export type { Answer } from './gate.ts';

export interface AssistantParts extends ToolServices {
  names: KnownNames;
  /** Null without a key: the rules answer alone. */
  model: Model | null;
}

const longest = 2000;

/** A message in, a decision and a reply out: understand → check → (ask back | confirm | run a tool) → reply. */
export class Assistant {
  readonly #parts: AssistantParts;
  readonly #gate: Gate;

  constructor(parts: AssistantParts) {
    this.#parts = parts;
    this.#gate = new Gate(parts);
  }

  /** The way to the tools for what is no message: the API and the command line. */
  get gate(): Gate {
    return this.#gate;
  }

  /** `onText` gets the answer of a model while it grows. */
  async answer(message: Message, onText: (text: string) => void = () => undefined): Promise<Answer> {
    const answer = await this.#decide(message, onText);
    const { card } = answer.reply;
    if (card && this.#parts.sandbox) noteOn(card, phrase('replies.sandbox_note'));
    return answer;
  }

  async #decide(message: Message, onText: (text: string) => void): Promise<Answer> {
    const { action } = message;
    if (action?.name === 'say') return await this.#said({ ...message, text: action.args.text ?? '' }, onText);
    if (action) return await this.#byButton(message, action);
    return await this.#said(message, onText);
  }

  /** What a pressed button brings is what is spoken of next, as after words: its question, and the documents it names. */
  async #byButton(message: Message, { name, args }: ButtonAction): Promise<Answer> {
    const { memory, names, tools } = this.#parts;
    const { list, ...answer } = await this.#pressed(message, name, args);
    const before = await memory.recall(message);
    const intent = Object.keys(tools.get(name)?.answers ?? {}).find((one) => changes(intentNamed(one)));
    const left = answeredBy(answer, await names.current());
    const state = afterPress(before.state, { looks: name === 'preview', intent: intent ?? 'unknown' }, left);
    await memory.keep(message, before, { state, reply: answer.reply.text, heard: null, list: list ?? before.list });
    return answer;
  }

  async #said(message: Message, onText: (text: string) => void): Promise<Answer> {
    const { memory, now, names } = this.#parts;
    const text = message.text.trim();
    if (text === '' && message.quoted) return await this.#quoteAlone(message, message.quoted);
    if (text === '') return told('unknown', {}, 'clarify', phrase('replies.empty'));
    if (text.length > longest) return told('unknown', {}, 'clarify', phrase('replies.too_long', { size: text.length }));
    const saidAt = toIso(spokenAt(message, now()));
    const known = await names.current();
    if (message.quoted) {
      const { quoted, ...unquoted } = message;
      const meant = withQuoted(text, quoted, saidAt, known);
      if ('press' in meant) return await this.#pressed(message, meant.press.name, meant.press.args);
      if ('ask' in meant) return told('unknown', {}, 'clarify', phrase(`replies.quote.${meant.ask}`));
      return await this.#said({ ...unquoted, text: meant.said }, onText);
    }
    const before = await memory.recall(message);
    const read = this.#read({ text, now: saidAt, state: before.state, names: known });
    // A yes, and what says that something was misread, are about the sentence before them.
    const own = !['misread', 'confirm'].includes(read.intent);
    const heard = own ? heardFrom(text, read, toIso(now()), known) : null;
    const { list, ...answer } = await this.#answerTo(message, read, before, onText);
    const state = after(before.state, read, answeredBy(answer, known));
    const listed = list ?? (read.intent === 'forget' ? null : before.list);
    await memory.keep({ ...message, text }, before, { state, reply: answer.reply.text, heard, list: listed });
    if (heard && answer.decision.action === 'clarify') answer.reply.card?.buttons.push(misreadButton(heard.id));
    return answer;
  }

  /** A text, with the kinds of documents there are. */
  #read(asked: Omit<Asked, 'pipelines'>): Understanding {
    const { pipelines } = this.#parts.sync;
    return withPrefix(understand({ ...asked, pipelines: [...pipelines.keys()] }), asked.text, pipelines);
  }

  /** A quote without words is answered about what it quotes. The quoted words are not the speaker's own: they write nothing unasked. */
  async #quoteAlone(message: Message, quoted: Quoted): Promise<Answer> {
    const names = await this.#parts.names.current();
    const now = toIso(spokenAt(message, this.#parts.now()));
    const text = quoted.card ? ordersIn(quoted, names).join('、') : (quoted.text ?? '');
    const read = this.#read({ text, now, names });
    const found = this.#toolFor(read.intent, read.slots);
    if (found && !['clarify', 'none'].includes(read.action)) {
      const call = { ...found, intent: outside(read.intent), slots: read.slots };
      return await this.#gate.use(message, call, { mustConfirm: true });
    }
    const asked = quoted.card
      ? phrase('replies.quote.card', { title: quoted.card.title })
      : phrase(quoted.unreadable ? 'replies.quote.unreadable' : 'replies.quote.what');
    return told('unknown', {}, 'clarify', asked);
  }

  async #answerTo(
    message: Message,
    read: Understanding,
    before: Remembered,
    onText: (text: string) => void,
  ): Promise<Answer> {
    const { question } = before.state;
    if (read.intent === 'confirm' && question) return await this.#pressed(message, 'confirm', idOf(question));
    if (read.ask === 'nothing_open') {
      // The second of four eyes answers a question that somebody else was asked.
      const second = await this.#parts.confirmations.awaitingSecond(message);
      if (second) return await this.#pressed(message, 'confirm', { id: second });
    }
    const closes = ['reject', 'forget'].includes(read.intent) || (read.intent === 'none' && !read.ask);
    if (closes && question) return await this.#pressed(message, 'reject', idOf(question));
    if (this.#parts.model && this.#beyond(read)) return await this.#beyondRules(message, before, read, onText);
    return await this.#all(message, read);
  }

  /** What a model may know more of: what is not understood, what is nobody's business here, and a question that no tool answers. */
  #beyond({ intent, slots, action, ask }: Understanding): boolean {
    if (ask) return ['unknown', 'which_reading'].includes(ask);
    if (intent === 'out_of_scope') return true;
    return action === 'reply' && intentNamed(intent).effect === 'reads' && !this.#toolFor(intent, slots);
  }

  /** Several things in one message: each is carried out, asked about or answered; of several questions only the first is asked. */
  async #all(message: Message, read: Understanding): Promise<Answer> {
    let first: Answer | null = null;
    for (const part of [read, ...(read.also ?? [])]) {
      if (first && asks(first)) {
        first.reply = { ...first.reply, text: `${first.reply.text}${phrase('replies.second_later')}` };
        break;
      }
      const answer = await this.#carryOut(message, part);
      first = first ? joined(first, answer) : answer;
    }
    return first as Answer;
  }

  async #carryOut(message: Message, read: Understanding): Promise<Answer> {
    const { intent, slots, action } = read;
    const found = this.#toolFor(slots.more ? 'more' : intent, slots);
    const carried = action === 'run' || action === 'confirm' || (action === 'reply' && !read.ask);
    if (!found || !carried) return askBack(read, this.#known());
    const answer = await this.#gate.use(
      message,
      { ...found, intent: outside(intent), slots },
      { mustConfirm: action === 'confirm' },
    );
    if (slots.file && answer.list) {
      const { tool, args, total } = answer.list;
      const call = { tool: 'export', args: { list: { tool, args } }, intent: outside(intent), slots };
      if (total > 0) return { ...answer, ...(await this.#gate.use(message, call)) };
    }
    return read.unread && answer.decision.action === 'confirm' ? shownUnread(answer, read.unread) : answer;
  }

  #known(): Known {
    const { now, sync } = this.#parts;
    return { today: now(), documents: documentNames(kindsOf(sync)) };
  }

  #toolFor(intent: string, slots: Slots): { tool: string; args: object } | null {
    for (const tool of this.#parts.tools.values() as Iterable<Tool>) {
      const args = tool.answers?.[intent]?.(slots);
      if (args) return { tool: tool.name, args };
    }
    return null;
  }

  /** What the rules do not reach goes to the model, when there is one; without an answer of it the rules' own question stands. */
  async #beyondRules(
    message: Message,
    { turns, state }: Remembered,
    read: Understanding,
    onText: (text: string) => void,
  ): Promise<Answer> {
    const byRules = askBack(read, this.#known());
    if (!this.#parts.model) return byRules;
    const outcome = await this.#parts.model.converse({
      message,
      prior: turns,
      context: contextOf(read, state),
      tools: this.#parts.tools,
      call: (tool, args) => this.#gate.use(message, { tool, args, intent: tool, slots: {} }, { mustConfirm: true }),
      onText,
    });
    if ('answer' in outcome) return outcome.answer;
    return { ...byRules, reply: { ...byRules.reply, text: `${outcome.why}\n${byRules.reply.text}` } };
  }

  /** A pressed button, or its word. Arguments come from the outside and are checked like any others. */
  async #pressed(message: Message, name: string, args: Record<string, string>): Promise<Answer> {
    const { confirmations } = this.#parts;
    if (name === 'preview') {
      const pending = await confirmations.peek(message, args.id ?? '');
      if (!pending) return told(name, {}, 'reply', phrase('replies.nothing_to_confirm'));
      const call = { tool: pending.tool, args: { ...pending.args, preview: true }, intent: 'sync', slots: {} };
      return await this.#gate.use(message, call);
    }
    if (name !== 'confirm' && name !== 'reject')
      return await this.#gate.use(message, { tool: name, args, intent: name, slots: {} });
    // Looked at before it is taken: somebody who may not do it does not use it up.
    const open = await confirmations.peek(message, args.id);
    // A yes that was on its way when the question came is not about it; a press names its own.
    if (open && message.action === undefined && saidBefore(message, open.createdAt))
      return told(name, {}, 'reply', phrase('replies.nothing_to_confirm'));
    if (open && name === 'confirm' && !this.#gate.allows(message, open.tool))
      return told(name, {}, 'reply', phrase('replies.may_not_confirm'));
    const claim = await confirmations.claim(message, name === 'confirm' ? 'confirmed' : 'rejected', args.id);
    if (!claim) return told(name, {}, 'reply', phrase('replies.nothing_to_confirm'));
    if (claim.outcome === 'second') return told(name, {}, 'confirm', phrase('replies.second_yes'));
    if (name === 'reject') return told('reject', {}, 'none', phrase('replies.rejected'));
    const { pending } = claim;
    const call = { tool: pending.tool, args: pending.args, intent: 'confirm', slots: {} };
    return await this.#gate.use(message, call, { confirmed: pending });
  }
}

const outside = (intent: string): string => intentNamed(intent).as ?? intent;
const asks = ({ decision }: Answer): boolean => decision.action === 'clarify' || decision.action === 'confirm';
const idOf = ({ id }: { id?: string }): Record<string, string> => (id ? { id } : {});

function told(intent: string, slots: object, action: Action, text: string): Answer {
  return { decision: { intent, slots: { ...slots }, action }, reply: { text } };
}

function joined(first: Answer, then: Answer): Answer {
  const card = first.reply.card ?? then.reply.card;
  const reply: Reply = { text: `${first.reply.text}\n${then.reply.text}`, ...(card ? { card } : {}) };
  const figures = [...(first.figures ?? []), ...(then.figures ?? [])];
  return { ...then, ...first, reply, ...(figures.length > 0 ? { figures } : {}) };
}

/** A question with what of the sentence nothing took up. */
function shownUnread(answer: Answer, unread: readonly string[]): Answer {
  const text = phrase('replies.unread', { words: unread.map((words) => `「${words}」`).join('、') });
  const { card } = answer.reply;
  const shown = card ? { card: { ...card, blocks: [{ type: 'text' as const, text }, ...card.blocks] } } : {};
  return { ...answer, reply: { text: `${text}\n${answer.reply.text}`, ...shown } };
}

/** What an answer leaves behind for the next sentence: whether it waits for a yes, and the documents it names. */
function answeredBy({ decision, reply, orders }: Answer, names: Names): Answered {
  const question = reply.card?.buttons.find(({ action }) => action.name === 'confirm')?.action.args.id;
  const named = readNumbers(reply.text, names.prefixes).filter(({ kind }) => kind === 'order');
  return {
    asks: decision.action === 'confirm',
    ...(question ? { id: question } : {}),
    orders: orders ?? [...new Set(named.map(({ value }) => value))],
  };
}
