import { AppError } from '../errors.ts';
import { phrase } from '../phrases.ts';
import type { Sql } from '../store/sql.ts';
import type { Channel, ChannelName, Finding, Handle, Incoming, Sender } from './channel.ts';
import { submitPlace, submitted } from './form.ts';
import { GrowingAnswer } from './growing.ts';
import { Inbox, type InboxRow } from './inbox.ts';
import type { Card, Message, Reply } from './message.ts';
import { channelOf, Outbox } from './outbox.ts';
import { SentCards, type Tell } from './sent-cards.ts';
import { Workers } from './workers.ts';

export interface ConversationsParts {
  sql: Sql;
  now: () => Date;
  channels: readonly Channel[];
  /** What only hears, by the word before the colon of its address. */
  listeners?: ReadonlyMap<string, Sender>;
  /** `onText` gets an answer of the model while it grows. */
  answer: (message: Message, onText: (text: string) => void) => Promise<Reply>;
  /** What is said when answering failed for a reason of our own. */
  sorry: string;
  embedded: boolean;
  /** After how long an answer is not waited for any more, ms. */
  patienceMs?: number;
  /** Scales the times between moves of a card and between looks: 1 = as they are. */
  pace?: number;
  onError: (error: unknown, where: string) => void;
}

const answering = 16;
const patience = 120_000;
/** Processes that may come to an end with a message before it is set aside. */
const mostEnded = 2;
const lookEveryMs = 1000;
/** In looks. */
const renewEvery = 5;
const forgetEvery = 3600;
/** What a channel says of a message that has no words: the sentence for it is `channel.<name>`. */
const canned = new Set(['welcome', 'only_text', 'picture', 'file', 'audio']);

/**
 * From a platform's message to its answer: kept, acknowledged, then worked on. Messages of one conversation go in order, conversations
 * go side by side, a slow one delays no other; what a dead process left is taken up again.
 */
export class Conversations {
  readonly #parts: ConversationsParts;
  readonly #channels: ReadonlyMap<ChannelName, Channel>;
  readonly #inbox: Inbox;
  readonly #workers: Workers;
  readonly #cards: SentCards;
  readonly outbox: Outbox;
  #timer: NodeJS.Timeout | null = null;
  #looked = 0;
  #acknowledging = 0;
  #looking: Promise<unknown> = Promise.resolve();

  constructor(parts: ConversationsParts) {
    this.#parts = parts;
    const { sql, now, onError, pace = 1 } = parts;
    this.#channels = new Map(parts.channels.map((channel) => [channel.name, channel]));
    this.#inbox = new Inbox(sql, now);
    this.#workers = new Workers(
      answering,
      async () => {
        const row = await this.#inbox.claim();
        return row ? () => this.#answer(row).finally(() => this.#inbox.letGo(row.seq)) : null;
      },
      (error) => onError(error, 'inbox'),
    );
    const outgoing = { sql, now, channels: this.#channels, onError };
    const senders = new Map<string, Sender>([...this.#channels, ...(parts.listeners ?? [])]);
    this.outbox = new Outbox({ ...outgoing, channels: senders, onSent: (...sent) => this.#cards.keep(...sent) });
    const { outbox } = this;
    this.#cards = new SentCards({
      ...outgoing,
      pace,
      enqueue: (...content) => outbox.enqueue(...content),
      wake: () => outbox.wake(),
    });
  }

  async start(): Promise<void> {
    if (this.#parts.embedded) await Promise.all([this.#inbox.release(), this.outbox.release(), this.#cards.release()]);
    this.#timer = setInterval(() => this.look(), lookEveryMs * (this.#parts.pace ?? 1));
    for (const channel of this.#channels.values())
      await channel.start((incoming) => this.#accept(channel.name, incoming));
  }

  async #accept(name: ChannelName, incoming: Incoming): Promise<void> {
    await this.#inbox.accept(name, incoming);
    this.#workers.wake();
  }

  /** Looks for what has become due; by itself every second. */
  look(): void {
    const { onError } = this.#parts;
    this.#workers.wake();
    this.outbox.wake();
    this.#looked += 1;
    const due = [
      this.#cards.wake(),
      ...(this.#looked % renewEvery === 0 ? [this.#inbox.renew(), this.outbox.renew(), this.#cards.renew()] : []),
      ...(this.#looked % forgetEvery === 0
        ? [this.#inbox.forgetOld(), this.outbox.forgetOld(), this.#cards.forgetOld()]
        : []),
    ];
    this.#looking = Promise.all(due).catch((error: unknown) => onError(error, 'conversations'));
  }

  /** The answer is written down in the transaction that ends the message: a process that dies says it once or not yet. */
  async #answer(row: InboxRow): Promise<void> {
    const { seq, channel: name, message, handle, last, growing: begun, receivedAt, ended } = row;
    const { onError } = this.#parts;
    const channel = this.#channels.get(name);
    this.#acknowledge(channel, handle);
    const answer = new GrowingAnswer({
      channel,
      conversation: message.conversation,
      options: { handle, ...(last ? { last } : {}), key: `xq-in-${seq}-${receivedAt.getTime().toString(36)}` },
      begun,
      keep: (card) => this.#inbox.grows(seq, card),
      onError: (error) => onError(error, `${name}.growing`),
    });
    const reply =
      ended >= mostEnded
        ? this.#setAside(name)
        : await this.#inTime(
            this.#withQuoted(channel, message).then((whole) => this.#replyTo(whole, (text) => answer.show(text))),
            (late) => this.outbox.put(message.conversation, { reply: late, handle }),
          );
    const growing = await answer.end();
    const content = { reply, handle, ...(growing ? { growing } : {}) };
    await this.outbox.put(message.conversation, content, (tx) => this.#inbox.done(tx, seq));
  }

  /** The message with what it quotes: a card of ours, its words as they came or as the platform tells them, or that nobody can read it. */
  async #withQuoted(channel: Channel | undefined, message: Message): Promise<Message> {
    const { quoted } = message;
    if (!quoted?.ref) return message;
    const { ref, ...known } = quoted;
    const asked = async (): Promise<string> => (await channel?.quotedText?.(ref)) ?? '';
    try {
      const card = await this.#cards.quoted(message.conversation, ref);
      if (card) return { ...message, quoted: { ...known, card } };
      const text = known.text ?? (await asked());
      return { ...message, quoted: text ? { ...known, text } : { ...known, unreadable: true } };
    } catch (error) {
      this.#parts.onError(error, 'quoted');
      return { ...message, quoted: known.text ? known : { ...known, unreadable: true } };
    }
  }

  /** What has ended two processes would end a third. */
  #setAside(name: ChannelName): Reply {
    const error = new AppError('channel.set_aside', 'internal');
    this.#parts.onError(error, `${name}.inbox`);
    return { text: `${error.message}。${error.next}` };
  }

  /** What takes too long holds up its conversation no longer: it says so, and the answer follows as a message of its own. */
  async #inTime(answer: Promise<Reply>, follow: (late: Reply) => Promise<void>): Promise<Reply> {
    const { patienceMs = patience, onError } = this.#parts;
    let timer: NodeJS.Timeout | undefined;
    const slow = new Promise<null>((resolve) => {
      timer = setTimeout(() => resolve(null), patienceMs);
    });
    const reply = await Promise.race([answer, slow]).finally(() => clearTimeout(timer));
    if (reply) return reply;
    answer.then(follow).catch((error: unknown) => onError(error, 'answer'));
    return { text: phrase('channel.slow') };
  }

  /** A sign of life is worth nothing late: when many wait for the platform already, the answer goes without. */
  #acknowledge(channel: Channel | undefined, handle: Handle): void {
    if (!channel?.acknowledge || this.#acknowledging >= answering) return;
    this.#acknowledging += 1;
    channel
      .acknowledge(handle)
      .catch((error: unknown) => this.#parts.onError(error, `${channel.name}.acknowledge`))
      .finally(() => {
        this.#acknowledging -= 1;
      });
  }

  async #replyTo(message: Message, onText: (text: string) => void): Promise<Reply> {
    const { answer, onError, sorry } = this.#parts;
    const name = message.action?.name ?? '';
    if (canned.has(name)) return { text: phrase(`channel.${name}`) };
    try {
      const resolved = await this.#resolved(message);
      return resolved ? await answer(resolved, onText) : { text: phrase('channel.gone') };
    } catch (error) {
      onError(error, 'answer');
      return { text: sorry };
    }
  }

  /** A pressed button names its card and its place on it; what it does is what we put there, with what was filled in. Null: it is there no more. */
  async #resolved(message: Message): Promise<Message | null> {
    if (message.action?.name !== 'press') return message;
    const { args, filled = {} } = message.action;
    const { card: name = '', button = '' } = args;
    const card = await this.#cards.find(message.conversation, name);
    const pressed =
      button === submitPlace ? card?.form && submitted(card.form, filled) : card?.buttons[Number(button)]?.action;
    return pressed ? { ...message, action: pressed } : null;
  }

  /** Moves a card that was sent to one of the channels; others are somebody else's. With its last state `tell` is said. */
  move(conversation: string, card: Card, tell?: Tell): void {
    if (this.#channels.has(channelOf(conversation))) this.#cards.move(conversation, card, tell);
  }

  /** What is wrong with each platform's key and permissions. */
  async check(): Promise<{ name: ChannelName; findings: Finding[] }[]> {
    return await Promise.all(
      [...this.#channels.values()].map(async (channel) => ({ name: channel.name, findings: await channel.check() })),
    );
  }

  status(): { name: ChannelName; up: boolean; everUp: boolean }[] {
    return [...this.#channels.values()].map((channel) => ({ name: channel.name, ...channel.status() }));
  }

  async stop(): Promise<void> {
    if (this.#timer) clearInterval(this.#timer);
    await this.#looking;
    await this.#inbox.leave().catch((error: unknown) => this.#parts.onError(error, 'inbox'));
    await this.#workers.stop();
    await this.#cards.stop();
    await this.outbox.stop();
    await Promise.all([...this.#channels.values()].map((channel) => channel.stop()));
  }
}
