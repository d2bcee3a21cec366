import type { Channel, Growing, Handle, Incoming } from '../../src/channels/channel.ts';
import { SendError } from '../../src/channels/channel.ts';

/** What a channel was asked to do, in order. */
export type Done = { what: 'send' | 'move' | 'grow' | 'end'; to: string; text: string; at?: string; plain?: true };

/** A channel that writes down what it is given, and fails as it is told: by what, null = not at all. */
export class ScriptedChannel implements Channel {
  readonly name = 'feishu';
  readonly done: Done[] = [];
  fails: (what: Done) => Error | null = () => null;
  /** What sending waits for. */
  slow: (conversation: string) => Promise<void> = async () => undefined;
  /** Hands in what somebody said or pressed. */
  accept: (incoming: Incoming) => Promise<void> = async () => undefined;
  /** Whether cards go as cards, or as words. */
  takesCards = true;
  #handles = 0;

  readonly growing: Growing = {
    open: async (conversation) => ({ grows: conversation }),
    grow: async ({ grows }, text) => void (await this.#do({ what: 'grow', to: String(grows), text })),
    end: async ({ grows }, { text, card }) => {
      await this.#do({ what: 'end', to: String(grows), text: card?.title ?? text });
      return { id: String(grows) };
    },
  };

  async #do(asked: Done): Promise<void> {
    const failure = this.fails(asked);
    if (failure) throw failure;
    this.done.push(asked);
  }

  async send(...[to, { text, card }, { at, plain }]: Parameters<Channel['send']>): Promise<Handle | null> {
    await this.slow(to);
    await this.#do({ what: 'send', to, text: card?.title ?? text, ...(at ? { at } : {}), ...(plain ? { plain } : {}) });
    this.#handles += 1;
    return card && !plain && this.takesCards ? { messageId: `om_${this.#handles}` } : null;
  }

  async move(handle: Handle, { title }: { title: string }): Promise<void> {
    await this.#do({ what: 'move', to: String(handle.messageId ?? handle.id), text: title });
  }

  async start(accept: (incoming: Incoming) => Promise<void>): Promise<void> {
    this.accept = accept;
  }
  async stop(): Promise<void> {}
  async check(): Promise<[]> {
    return [];
  }
  status(): { up: boolean; everUp: boolean } {
    return { up: true, everUp: true };
  }
}

export const down = (): SendError => new SendError('down', { reason: 'server_error', recoverable: true });
export const never = (): SendError => new SendError('no', { reason: 'client_error', recoverable: false });
