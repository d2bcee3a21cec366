import { phrase } from '../../phrases.ts';
import type { Growing, Handle } from '../channel.ts';
import type { Reply } from '../message.ts';
import { announced, escaped, truncated } from '../plain.ts';
import { type FeishuApi, FeishuError } from './api.ts';
import { feishuCard } from './card.ts';

const element = 'answer';
const longest = 6000;
const remembered = 1000;
/** Of CardKit: streaming has been closed; the sequence is not larger than the last. */
const closed = 300309;
const outOfSequence = 300317;

/** Sends a card where its message is answered. */
export type Deliver = (
  conversation: string,
  content: object,
  options: { handle: Handle; key: string },
) => Promise<Handle>;

/**
 * Answers that grow, by CardKit: a card of its own, sent once by its id, whose text is replaced by a longer one. Sequences rise by
 * the time since the card was begun, so that another process that goes on is always ahead; none is used twice, not even after a failure.
 */
export class FeishuGrowing implements Growing {
  readonly #api: FeishuApi;
  readonly #now: () => Date;
  readonly #deliver: Deliver;
  /** The last sequence of each card. */
  readonly #last = new Map<string, number>();
  /** The messages that cards went out with. */
  readonly #sent = new Map<string, Handle>();

  constructor(api: FeishuApi, now: () => Date, deliver: Deliver) {
    this.#api = api;
    this.#now = now;
    this.#deliver = deliver;
  }

  async open(conversation: string, { handle, key }: { handle?: Handle; key: string }): Promise<Handle> {
    const data = { type: 'card_json', data: JSON.stringify(drawn('', true)) };
    const { data: made } = await this.#api.call({ api: 'cardkit.create' }, (client) =>
      client.cardkit.v1.card.create({ data }),
    );
    return { cardId: made?.card_id ?? '', began: this.#now().getTime(), conversation, key, handle: handle ?? {} };
  }

  async grow(growing: Handle, text: string): Promise<void> {
    await this.#send(growing);
    const cardId = String(growing.cardId);
    await this.#operate(growing, (sequence) =>
      this.#api.call({ api: 'cardkit.content', card: cardId }, (client) =>
        client.cardkit.v1.cardElement.content({
          path: { card_id: cardId, element_id: element },
          data: { content: shown(text), sequence },
        }),
      ),
    );
  }

  async end(growing: Handle, { text, card }: Reply): Promise<Handle> {
    await this.#send(growing);
    const cardId = String(growing.cardId);
    const settings = { config: { streaming_mode: false, summary: { content: announced(card?.title ?? text, 60) } } };
    await this.#operate(growing, (sequence) =>
      this.#api.call({ api: 'cardkit.settings', card: cardId }, (client) =>
        client.cardkit.v1.card.settings({
          path: { card_id: cardId },
          data: { settings: JSON.stringify(settings), sequence },
        }),
      ),
    );
    await this.replace(growing, card ? feishuCard(card) : drawn(text, false));
    const { messageId } = this.#sent.get(cardId) ?? {};
    this.#sent.delete(cardId);
    return { cardId, began: growing.began, ...(messageId ? { messageId } : {}) };
  }

  /** The whole card anew. */
  async replace(handle: Handle, content: object): Promise<void> {
    const cardId = String(handle.cardId);
    await this.#operate(handle, (sequence) =>
      this.#api.call({ api: 'cardkit.update', card: cardId }, (client) =>
        client.cardkit.v1.card.update({
          path: { card_id: cardId },
          data: { card: { type: 'card_json', data: JSON.stringify(content) }, sequence },
        }),
      ),
    );
  }

  /** Sends the card, once: a repeated send is the same by its key. */
  async #send(growing: Handle): Promise<void> {
    const cardId = String(growing.cardId);
    if (this.#sent.has(cardId)) return;
    const content = { type: 'card', data: { card_id: cardId } };
    const handle = (growing.handle ?? {}) as Handle;
    this.#sent.set(
      cardId,
      await this.#deliver(String(growing.conversation), content, { handle, key: String(growing.key) }),
    );
  }

  async #operate(handle: Handle, work: (sequence: number) => Promise<unknown>): Promise<void> {
    const cardId = String(handle.cardId);
    const sequence = Math.max((this.#last.get(cardId) ?? 0) + 1, this.#now().getTime() - Number(handle.began) + 1);
    this.#last.set(cardId, sequence);
    const [oldest] = this.#last.keys();
    if (this.#last.size > remembered && oldest) this.#last.delete(oldest);
    try {
      await work(sequence);
    } catch (error) {
      if (!(error instanceof FeishuError)) throw error;
      if (error.code === closed) return; // an update that came after the end
      if (error.code !== outOfSequence) throw error;
      this.#last.set(cardId, sequence + 1000);
      throw new FeishuError(error.code, [], { reason: 'server_error', recoverable: true });
    }
  }
}

const shown = (text: string): string => truncated(escaped(text), longest);

/** Words as a card, which streams or has ended. */
function drawn(text: string, streaming: boolean): object {
  return {
    schema: '2.0',
    config: {
      update_multi: true,
      streaming_mode: streaming,
      summary: { content: streaming ? phrase('channel.writing') : announced(text, 60) },
    },
    body: { elements: [{ tag: 'markdown', content: shown(text), element_id: element }] },
  };
}
