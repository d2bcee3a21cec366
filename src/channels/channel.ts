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

/** What the doctor found: in words, with what to do about it. */
export interface Finding {
  message: string;
  next: string;
}

/** Why something was not sent. Closed list. */
export type SendReason = 'client_error' | 'server_error' | 'auth' | 'rate_limited' | 'unreachable';

export interface SendFailure {
  reason: SendReason;
  /** Whether trying again may help. */
  recoverable: boolean;
  retryAfterMs?: number;
}

/** Says why, and whether trying again may help, as every sender does. */
export class SendError extends Error {
  readonly reason: SendReason;
  readonly recoverable: boolean;
  readonly retryAfterMs: number | undefined;
  constructor(message: string, options: SendFailure) {
    super(message);
    this.reason = options.reason;
    this.recoverable = options.recoverable;
    this.retryAfterMs = options.retryAfterMs;
  }
}

/** Whether trying again cannot help. */
export function refused(error: unknown): boolean {
  return error instanceof SendError && !error.recoverable;
}

const triesAsCard = 5;

/** Whether the words of a card are tried instead of it: it was refused, or has failed too often. */
export function noCard(error: unknown, attempts = 0): boolean {
  return refused(error) || attempts >= triesAsCard;
}

export interface SendOptions {
  /** Of the message that is answered; none for what is said unasked. */
  handle?: Handle;
  /** What the last message of the conversation brought: it may tell where a private conversation is. */
  last?: Handle;
  /** Makes a repeated send the same where the platform knows how. */
  key: string;
  /** How often it was tried in vain. */
  attempts?: number;
}

/** An answer that grows on one card: opened, filled, ended. Every one throws `SendError`. */
export interface Growing {
  /** Prepares the card; nobody sees it before it grows. Its handle holds all that another process needs to go on. */
  open(conversation: string, options: SendOptions): Promise<Handle>;
  /** Shows the text so far, at the platform's pace. */
  grow(growing: Handle, text: string): Promise<void>;
  /** The same card with the whole answer; the handle of the card that it is now. Repeatable. `growing.shown`: people have seen it. */
  end(growing: Handle, reply: Reply): Promise<Handle>;
}

/**
 * A chat platform. It receives on its own connection and hands in what is addressed to 小青; it sends what it is given, within the
 * platform's limits, and throws `SendError` where it cannot. Everything a platform may lack is optional.
 */
export interface Channel {
  readonly name: ChannelName;
  /** Never throws: a channel that cannot connect goes on trying. */
  start(accept: (incoming: Incoming) => Promise<void>): Promise<void>;
  stop(): Promise<void>;
  /** Sends a reply, with `at` mentioned; the handle of a card that can be moved later, or null. `plain`: in words, whatever card there is. */
  send(
    conversation: string,
    reply: Reply,
    options: SendOptions & { at?: string; plain?: boolean },
  ): Promise<Handle | null>;
  move?(handle: Handle, card: Card): Promise<void>;
  /** Sends a file, a picture as a picture. */
  sendFile?(conversation: string, file: Pick<Attachment, 'name' | 'bytes'>, options: SendOptions): Promise<void>;
  growing?: Growing;
  /** The words of a message that is quoted; '' where they cannot be had. */
  quotedText?(ref: string): Promise<string>;
  /** A sign of life before the answer. */
  acknowledge?(handle: Handle): Promise<void>;
  /** Cheap calls without effect that show whether key and permissions are right: what is wrong, each in a sentence. */
  check(): Promise<Finding[]>;
  /** Whether it can receive now; and whether it ever could. */
  status(): { up: boolean; everUp: boolean };
}

/** What the outbox sends by: a chat platform, or something that only hears. */
export type Sender = Pick<Channel, 'send'> & Partial<Channel>;
