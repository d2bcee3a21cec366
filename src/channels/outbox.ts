import { stringifyStored } from '../json.ts';
import { phrase } from '../phrases.ts';
import type { Sql } from '../store/sql.ts';
import type { Attachment, ChannelName, Handle, Sender, SendOptions } from './channel.ts';
import { refused, SendError } from './channel.ts';
import { lastHandle } from './inbox.ts';
import type { Card, Reply } from './message.ts';
import { Workers } from './workers.ts';

export interface Outgoing {
  reply: Reply;
  handle?: Handle;
  /** Whom to @. */
  at?: string;
  /** In words, though there is a card: it could not be moved. */
  plain?: true;
  /** The card on which this answer has been growing. */
  growing?: Handle;
}

interface OutboxRow {
  id: number;
  channel: ChannelName;
  conversation: string;
  content: Outgoing;
  attempts: number;
  createdAt: Date;
  last: Handle | null;
}

const senders = 32;
const leaseMs = 60_000;
const giveUpMs = 24 * 3_600_000;
const keepMs = 24 * 3_600_000;
const longestWaitMs = 300_000;
/** Tries of a growing card before its answer is sent anew, and of what fails for a reason of our own before it is given up. */
const mostTries = 5;

export interface OutboxParts {
  sql: Sql;
  now: () => Date;
  channels: ReadonlyMap<string, Sender>;
  /** A card went out; `handle` = {} where it went as words. Part of the transaction that says so. */
  onSent: (tx: Sql, conversation: string, handle: Handle, card: Card) => Promise<void>;
  onError: (error: unknown, where: string) => void;
}

/**
 * What must arrive: written down first, then sent, tried again with back-off or the platform's own hint until it is through or given
 * up. In order within a conversation, the conversations side by side: one that is slow or refused delays no other.
 */
export class Outbox {
  readonly #parts: OutboxParts;
  readonly #workers: Workers;
  /** Ids of what this process is sending: a lease that ends meanwhile is no reason to send it twice. */
  readonly #inHand = new Set<number>();
  /** What went out and is not written down yet: a store that fails is no reason to send it twice. */
  readonly #unwritten = new Map<number, Handle | null>();

  constructor(parts: OutboxParts) {
    this.#parts = parts;
    this.#workers = new Workers(
      senders,
      async () => {
        const row = await this.#claim();
        return row ? () => this.#send(row) : null;
      },
      (error) => parts.onError(error, 'outbox'),
    );
  }

  /** Keeps it as part of somebody's transaction; it goes out with the next wake. */
  async enqueue(tx: Sql, conversation: string, content: Outgoing): Promise<void> {
    await tx.query(
      'insert into outbox (channel, conversation, content, next_at, created_at) values ($1, $2, $3::jsonb, $4, $4)',
      [channelOf(conversation), conversation, stringifyStored(content), this.#parts.now()],
    );
  }

  /** Keeps it; it goes out at once. `also` is part of the same transaction: where it says false, nothing is kept. */
  async put(conversation: string, content: Outgoing, also?: (tx: Sql) => Promise<boolean>): Promise<void> {
    await this.#parts.sql.transaction(async (tx) => {
      if (!also || (await also(tx))) await this.enqueue(tx, conversation, content);
    });
    this.wake();
  }

  /** Keeps a file; it goes out at once. Where the channel takes none, words and its link go instead. */
  async file(conversation: string, file: Attachment, options: { handle?: Handle } = {}): Promise<void> {
    const { name, bytes, link } = file;
    const reply = link ? linkedFile(name, link) : { text: phrase('channel.file_not_sent', { name }) };
    await this.#parts.sql.query(
      `with row as (
         insert into outbox (channel, conversation, content, next_at, created_at) values ($1, $2, $3::jsonb, $4, $4) returning id)
       insert into outbox_files (outbox_id, name, bytes) select id, $5, decode($6, 'base64') from row`,
      [
        channelOf(conversation),
        conversation,
        stringifyStored({ reply, plain: true, ...options }),
        this.#parts.now(),
        name,
        bytes.toString('base64'),
      ],
    );
    this.wake();
  }

  /** There may be something to send. */
  wake(): void {
    this.#workers.wake();
  }

  /** Sends all that is due, to the end. */
  async flush(): Promise<void> {
    this.wake();
    await this.#workers.idle();
  }

  /** What waits for its turn at the platform stays ours. */
  async renew(): Promise<void> {
    if (this.#inHand.size === 0) return;
    const until = new Date(this.#parts.now().getTime() + leaseMs);
    await this.#parts.sql.query('update outbox set lease_until = $2 where id = any($1) and done_at is null', [
      [...this.#inHand],
      until,
    ]);
  }

  /** At the start of the only process: what a dead one was sending is free again. */
  async release(): Promise<void> {
    await this.#parts.sql.query('update outbox set lease_until = null where done_at is null');
  }

  /** The first open row of a conversation, when it is due and nobody sends it; null when there is none. */
  async #claim(): Promise<OutboxRow | null> {
    const now = this.#parts.now();
    const rows = await this.#parts.sql.query<OutboxRow>(
      `update outbox o set lease_until = $2 where id = (
         select id from outbox r where done_at is null and next_at <= $1 and (lease_until is null or lease_until <= $1)
           and not (id = any($3)) and not exists (select 1 from outbox e where e.conversation = r.conversation and e.done_at is null and e.id < r.id)
         order by id limit 1 for update skip locked)
       returning id, channel, conversation, content, attempts, created_at as "createdAt",
         ${lastHandle('o.conversation')} as last`,
      [now, new Date(now.getTime() + leaseMs), [...this.#inHand]],
    );
    return rows[0] ?? null;
  }

  async #send(row: OutboxRow): Promise<void> {
    const { sql, now, channels, onSent, onError } = this.#parts;
    const { id, channel: name, conversation, content } = row;
    this.#inHand.add(id);
    try {
      const channel = channels.get(name);
      if (!channel) throw new SendError('no such channel', { reason: 'unreachable', recoverable: true });
      const sent = this.#unwritten.has(id) ? this.#unwritten.get(id) : await this.#sendBy(channel, row);
      this.#unwritten.set(id, sent ?? null);
      await sql.transaction(async (tx) => {
        if (content.reply.card && !content.plain) await onSent(tx, conversation, sent ?? {}, content.reply.card);
        await tx.query('delete from outbox_files where outbox_id = $1', [id]);
        await tx.query('update outbox set done_at = $2 where id = $1', [id, now()]);
      });
      this.#unwritten.delete(id);
    } catch (error) {
      onError(error, `outbox.${name}`);
      await this.#failed(row, error);
    } finally {
      this.#inHand.delete(id);
    }
  }

  async #sendBy(channel: Sender, { id, conversation, content, attempts, createdAt, last }: OutboxRow) {
    const { reply, handle, at, plain, growing } = content;
    const options: SendOptions = {
      // A database made anew counts from 1 again; the platform remembers keys for an hour.
      key: `xq-${id}-${createdAt.getTime().toString(36)}`,
      attempts,
      ...(handle ? { handle } : {}),
      ...(last ? { last } : {}),
    };
    if (growing && channel.growing && attempts < mostTries) {
      try {
        return await channel.growing.end(growing, reply);
      } catch (error) {
        if (!refused(error)) throw error;
      }
    }
    if (await this.#sendFile(id, channel, conversation, options)) return null;
    return await channel.send(conversation, reply, { ...options, ...(at ? { at } : {}), ...(plain ? { plain } : {}) });
  }

  /** Whether there was a file, and it went; false = words go. */
  async #sendFile(id: number, channel: Sender, conversation: string, options: SendOptions): Promise<boolean> {
    const [row] = await this.#parts.sql.query<{ name: string; bytes: string }>(
      `select name, encode(bytes, 'base64') as bytes from outbox_files where outbox_id = $1`,
      [id],
    );
    if (!row || !channel.sendFile) return false;
    try {
      await channel.sendFile(conversation, { name: row.name, bytes: Buffer.from(row.bytes, 'base64') }, options);
      return true;
    } catch (error) {
      if (refused(error)) return false;
      throw error;
    }
  }

  async #failed({ id, attempts, createdAt }: OutboxRow, error: unknown): Promise<void> {
    const now = this.#parts.now().getTime();
    const hopeless =
      refused(error) ||
      createdAt.getTime() < now - giveUpMs ||
      (!(error instanceof SendError) && attempts + 1 >= mostTries);
    if (hopeless) this.#unwritten.delete(id);
    await this.#parts.sql.query(
      'update outbox set attempts = attempts + 1, lease_until = null, next_at = $2, done_at = $3 where id = $1',
      [id, new Date(now + waitAfter(error, attempts)), hopeless ? new Date(now) : null],
    );
  }

  /** What was sent a day ago, with its files. */
  async forgetOld(): Promise<void> {
    const old = new Date(this.#parts.now().getTime() - keepMs);
    await this.#parts.sql.query('delete from outbox where done_at < $1', [old]);
  }

  async stop(): Promise<void> {
    await this.#workers.stop();
  }
}

/** Where a file is to be had, in words: an address of our own is a link, which one in a text is not. */
function linkedFile(name: string, link: string): Reply {
  const text = phrase('channel.file_link', { name });
  const blocks: Card['blocks'] = [{ type: 'link', text: name, path: link }];
  return { text, card: { id: 'file', title: text, tone: 'neutral', blocks, buttons: [] } };
}

/** The platform's own hint, else twice as long every time, ms. */
export function waitAfter(error: unknown, attempts: number): number {
  const hint = error instanceof SendError ? error.retryAfterMs : undefined;
  return hint ?? Math.min(longestWaitMs, 1000 * 2 ** attempts);
}

export const channelOf = (conversation: string): ChannelName => conversation.split(':', 1)[0] as ChannelName;
