import type { Channel, Handle, SendOptions } from './channel.ts';

interface GrowingParts {
  channel: Channel | undefined;
  conversation: string;
  options: SendOptions;
  /** The card a process that has died began for this answer. */
  begun: Handle | null;
  /** Remembers the card before anybody sees it. */
  keep: (card: Handle) => Promise<void>;
  onError: (error: unknown) => void;
}

/**
 * Shows an answer while it is being written: nothing until there are words, then one card, always with the newest of them. When
 * showing fails it stops; the whole answer is sent in any case.
 */
export class GrowingAnswer {
  readonly #parts: GrowingParts;
  #card: Handle | null;
  #text = '';
  #over = false;
  #showing: Promise<void> | null = null;

  constructor(parts: GrowingParts) {
    this.#parts = parts;
    this.#card = parts.begun;
  }

  show(text: string): void {
    this.#text = text;
    if (this.#over) return;
    this.#showing ??= this.#follow()
      .catch((error: unknown) => {
        this.#over = true;
        this.#parts.onError(error);
      })
      .finally(() => {
        this.#showing = null;
      });
  }

  async #follow(): Promise<void> {
    const { channel, conversation, options, keep } = this.#parts;
    if (!channel?.growing) return;
    if (!this.#card) {
      const card = await channel.growing.open(conversation, options);
      await keep(card);
      this.#card = card;
    }
    for (let shown = ''; shown !== this.#text && !this.#over; ) {
      shown = this.#text;
      await channel.growing.grow(this.#card, shown);
      if (this.#card.shown) continue;
      this.#card = { ...this.#card, shown: true };
      await keep(this.#card);
    }
  }

  /** No more words; the card that has grown, to be ended with the whole answer. */
  async end(): Promise<Handle | null> {
    this.#over = true;
    await this.#showing;
    return this.#card;
  }
}
