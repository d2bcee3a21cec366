import { phrase } from '../phrases.ts';
import type { Sql } from '../store/sql.ts';
import type { Channel, ChannelName, Incoming } from './channel.ts';
import { submitPlace, submitted } from './form.ts';
import { Inbox, type InboxRow } from './inbox.ts';
import type { Card, Message, Reply } from './message.ts';
import { channelOf, Outbox } from './outbox.ts';

export interface ConversationsParts {
  sql: Sql;
  now: () => Date;
  channels: readonly Channel[];
  answer: (message: Message) => Promise<Reply>;
  /** What is said when answering failed for a reason of our own. */
  sorry: string;
  embedded: boolean;
  onError: (error: unknown, where: string) => void;
}

const workers = 16;
const lookEveryMs = 1000;

/**
 * From a platform's message to its answer: kept, acknowledged, then worked on. Messages of one conversation go in order, conversations
 * go side by side, a slow one delays no other; what a dead process left is taken up again.
 */
export class Conversations {
  readonly #parts: ConversationsParts;
  readonly #channels: ReadonlyMap<ChannelName, Channel>;
  readonly #inbox: Inbox;
  readonly outbox: Outbox;
  #working = 0;
  #stopping = false;
  #timer: NodeJS.Timeout | null = null;
  #looked = 0;
  readonly #running = new Set<Promise<void>>();

  constructor(parts: ConversationsParts) {
    this.#parts = parts;
    this.#channels = new Map(parts.channels.map((channel) => [channel.name, channel]));
    this.#inbox = new Inbox(parts.sql, parts.now);
    this.outbox = new Outbox({ ...parts, channels: this.#channels });
  }

  async start(): Promise<void> {
    if (this.#parts.embedded) await this.#inbox.release();
    this.#timer = setInterval(() => this.#look(), lookEveryMs);
    for (const channel of this.#channels.values())
      await channel.start((incoming) => this.#accept(channel.name, incoming));
  }

  async #accept(name: ChannelName, incoming: Incoming): Promise<void> {
    await this.#inbox.accept(name, incoming);
    this.#pump();
  }

  #look(): void {
    this.#pump();
    const { onError } = this.#parts;
    this.outbox.flush().catch((error: unknown) => onError(error, 'outbox'));
    this.#looked += 1;
    if (this.#looked % 3600 === 0) this.#inbox.forgetOld().catch((error: unknown) => onError(error, 'inbox'));
  }

  /** One worker more; each that finds something calls for another. */
  #pump(): void {
    if (this.#working >= workers || this.#stopping) return;
    this.#working += 1;
    const work = this.#work()
      .catch((error: unknown) => this.#parts.onError(error, 'inbox'))
      .finally(() => this.#running.delete(work));
    this.#running.add(work);
  }

  async #work(): Promise<void> {
    try {
      while (!this.#stopping) {
        const row = await this.#inbox.claim();
        if (!row) return;
        this.#pump();
        await this.#answer(row);
      }
    } finally {
      this.#working -= 1;
    }
  }

  async #answer({ seq, channel: name, message, handle }: InboxRow): Promise<void> {
    const { onError } = this.#parts;
    const channel = this.#channels.get(name);
    void channel?.acknowledge?.(handle).catch((error: unknown) => onError(error, `${name}.acknowledge`));
    await this.outbox.put(message.conversation, { reply: await this.#replyTo(name, message), handle });
    await this.#inbox.done(seq);
  }

  async #replyTo(name: ChannelName, message: Message): Promise<Reply> {
    const { answer, onError, sorry } = this.#parts;
    const canned = message.action?.name;
    if (canned === 'welcome' || canned === 'only_text') return { text: phrase(`channel.${canned}`) };
    try {
      return await answer(await this.#resolved(name, message));
    } catch (error) {
      onError(error, 'answer');
      return { text: sorry };
    }
  }

  /** A pressed button names its card and its place on it; what it does is what we put there, with what was filled in. */
  async #resolved(name: ChannelName, message: Message): Promise<Message> {
    if (message.action?.name !== 'press') return message;
    const { args, filled = {} } = message.action;
    const { card: cardId = '', button = '' } = args;
    const card = (await this.outbox.card(name, { conversation: message.conversation, cardId }))?.card;
    const pressed =
      button === submitPlace ? card?.form && submitted(card.form, filled) : card?.buttons[Number(button)]?.action;
    return { ...message, action: pressed ?? { name: 'say', args: { text: '' } } };
  }

  /** Says something to a person in a conversation, when the platform can. */
  tell(conversation: string, person: string, text: string): void {
    if (!this.#channels.has(channelOf(conversation))) return;
    this.outbox
      .put(conversation, { reply: { text }, at: person })
      .catch((error: unknown) => this.#parts.onError(error, 'outbox'));
  }

  /** Moves a card that was sent to one of the channels; others are somebody else's. */
  move(conversation: string, card: Card): void {
    if (this.#channels.has(channelOf(conversation))) this.outbox.move(conversation, card);
  }

  /** Whether each platform takes our key; the reason where it does not. */
  async check(): Promise<{ name: ChannelName; refused: string | null }[]> {
    return await Promise.all(
      [...this.#channels.values()].map(async (channel) => ({
        name: channel.name,
        refused: await channel.check().then(
          () => null,
          (error: unknown) => (error instanceof Error ? error.message : String(error)),
        ),
      })),
    );
  }

  status(): { name: ChannelName; up: boolean; everUp: boolean }[] {
    return [...this.#channels.values()].map((channel) => ({ name: channel.name, ...channel.status() }));
  }

  async stop(): Promise<void> {
    this.#stopping = true;
    if (this.#timer) clearInterval(this.#timer);
    await Promise.all([...this.#channels.values()].map((channel) => channel.stop()));
    await Promise.allSettled(this.#running);
    await this.outbox.stop();
  }
}
