import type { Card, Message, Reply } from './message.ts';

export type ChannelName = 'dingtalk' | 'feishu';

/** What a channel needs to answer one message: addresses and ids of its platform, as JSON. */
export type Handle = Readonly<Record<string, unknown>>;

/** A message as a channel hands it in. `id` is the platform's own, the same at every redelivery. */
export interface Incoming {
  id: string;
  message: Message;
  handle: Handle;
}

/** A file for a conversation. `link`: where else it can be had, for channels that take no files. */
export interface Attachment {
  /** With its extension; `.png` is shown as a picture. */
  name: string;
  bytes: Buffer;
  link?: string;
}

/** Says whether trying again may help, as every sender of a channel does. */
export class SendError extends Error {
  readonly recoverable: boolean;
  readonly retryAfterMs: number | undefined;
  constructor(reason: string, options: { recoverable: boolean; retryAfterMs?: number }) {
    super(reason);
    this.recoverable = options.recoverable;
    this.retryAfterMs = options.retryAfterMs;
  }
}

/**
 * A chat platform. It receives on its own connection and hands in what is addressed to 小青; it sends what it is given, and throws
 * `SendError` where it cannot. Everything a platform may lack is optional.
 */
export interface Channel {
  readonly name: ChannelName;
  /** Never throws: a channel that cannot connect goes on trying. */
  start(accept: (incoming: Incoming) => Promise<void>): Promise<void>;
  stop(): Promise<void>;
  /** Sends a reply; the handle of a card that can be moved later, or null. `key` makes a repeated send the same where the platform knows how. */
  send(
    conversation: string,
    reply: Reply,
    options: { handle?: Handle; at?: string; key: string },
  ): Promise<Handle | null>;
  move?(handle: Handle, card: Card): Promise<void>;
  /** Sends a file, a picture as a picture. */
  sendFile?(
    conversation: string,
    file: Pick<Attachment, 'name' | 'bytes'>,
    options: { handle?: Handle; key: string },
  ): Promise<void>;
  /** A sign of life before the answer. */
  acknowledge?(handle: Handle): Promise<void>;
  /** One cheap call that shows whether key and permission are right; throws `SendError`. */
  check(): Promise<void>;
  /** Whether it can receive now; and whether it ever could. */
  status(): { up: boolean; everUp: boolean };
}
