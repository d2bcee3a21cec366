import type { Card } from '../message.ts';

export interface StoredMessage {
  from: 'me' | 'xiaoqing';
  at: string;
  text: string;
  card?: Card;
}

/** `text` = an answer that is still growing. */
export type WebEvent =
  | { event: 'card'; data: Card }
  | { event: 'said'; data: { text: string; card: Card } }
  | { event: 'text'; data: { text: string } };

const kept = 200;
const keptConversations = 1000;
/** An address of ours alone; see `conversationNamed`. */
const everybody = 'web:*';

/** The conversation that somebody outside calls so: a name is a name, whatever signs are in it, and never the address of everybody. */
export const conversationNamed = (name: string): string => name.replaceAll('%', '%25').replaceAll('*', '%2A');

/** The page's conversations: who listens, and what was said in the latest of them since the service started. The runs are in the ledger. */
export class WebHub {
  readonly #listeners = new Map<string, Set<(event: WebEvent) => void>>();
  readonly #messages = new Map<string, StoredMessage[]>();

  subscribe(conversation: string, listener: (event: WebEvent) => void): () => void {
    const listeners = this.#listeners.get(conversation) ?? new Set();
    listeners.add(listener);
    this.#listeners.set(conversation, listeners);
    return () => {
      listeners.delete(listener);
      if (listeners.size === 0) this.#listeners.delete(conversation);
    };
  }

  remember(conversation: string, message: StoredMessage): void {
    const messages = [...this.messages(conversation), message].slice(-kept);
    this.#messages.delete(conversation); // the one that was spoken in last stands last
    this.#messages.set(conversation, messages);
    const [oldest] = this.#messages.keys();
    if (this.#messages.size > keptConversations && oldest !== undefined) this.#messages.delete(oldest);
  }

  messages(conversation: string): readonly StoredMessage[] {
    return this.#messages.get(conversation) ?? [];
  }

  /** Moves a card: to those who look now, and in what is read again later. */
  update(conversation: string, card: Card): void {
    if (conversation === everybody) this.#tellAll(card);
    else this.#move(conversation, card);
  }

  #move(conversation: string, card: Card): void {
    for (const message of this.#messages.get(conversation) ?? []) if (message.card?.id === card.id) message.card = card;
    for (const listener of this.#listeners.get(conversation) ?? []) listener({ event: 'card', data: card });
  }

  /** A card for everybody who looks: moved where it stands, new where it does not. */
  #tellAll(card: Card): void {
    for (const conversation of new Set([...this.#listeners.keys(), ...this.#messages.keys()])) {
      const known = this.messages(conversation).some((message) => message.card?.id === card.id);
      if (!known && card.tone !== 'good') {
        this.remember(conversation, { from: 'xiaoqing', at: new Date().toISOString(), text: card.title, card });
        for (const listener of this.#listeners.get(conversation) ?? [])
          listener({ event: 'said', data: { text: card.title, card } });
      } else this.#move(conversation, card);
    }
  }

  grow(conversation: string, text: string): void {
    for (const listener of this.#listeners.get(conversation) ?? []) listener({ event: 'text', data: { text } });
  }
}
