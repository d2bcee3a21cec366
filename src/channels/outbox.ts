import { phrase } from '../phrases.ts';
import type { Sql } from '../store/sql.ts';
import type { Attachment, Channel, ChannelName, Handle } from './channel.ts';
import { SendError } from './channel.ts';
import type { Card, Reply } from './message.ts';

export interface Outgoing {
  reply: Reply;
  handle?: Handle;
  /** Whom to @. */
  at?: string;
}

const leaseMs = 60_000;
const giveUpMs = 24 * 3_600_000;
const moveEveryMs = 2000;

/**
 * What must arrive: written down first, then sent, tried again with back-off or the platform's own hint until it is through. Cards
 * that move are coalesced: at most one update in 2 seconds each, and the last state always arrives.
 */
export class Outbox {
  readonly #sql: Sql;
  readonly #now: () => Date;
  readonly #channels: ReadonlyMap<ChannelName, Channel>;
  readonly #onError: (error: unknown, where: string) => void;
  readonly #due = new Map<string, { conversation: string; card: Card }>();
  readonly #moved = new Map<string, number>();
  #timer: NodeJS.Timeout | null = null;

  constructor(parts: {
    sql: Sql;
    now: () => Date;
    channels: ReadonlyMap<ChannelName, Channel>;
    onError: (error: unknown, where: string) => void;
  }) {
    this.#sql = parts.sql;
    this.#now = parts.now;
    this.#channels = parts.channels;
    this.#onError = parts.onError;
  }

  /** Keeps it as part of somebody's transaction; it goes out with the next flush. */
  async enqueue(tx: Sql, conversation: string, content: Outgoing): Promise<void> {
    const now = this.#now();
    await tx.query(
      'insert into outbox (channel, conversation, content, next_at, created_at) values ($1, $2, $3::jsonb, $4, $4)',
      [channelOf(conversation), conversation, JSON.stringify(content), now],
    );
  }

  /** Keeps it and tries at once; what cannot be sent now goes out later. */
  async put(conversation: string, content: Outgoing): Promise<void> {
    const channel = channelOf(conversation);
    const now = this.#now();
    const [row] = await this.#sql.query<{ id: number }>(
      // Leased from the first: nobody's flush sends what is being sent here.
      `insert into outbox (channel, conversation, content, next_at, created_at, lease_until) values ($1, $2, $3::jsonb, $4, $4, $5) returning id`,
      [channel, conversation, JSON.stringify(content), now, new Date(now.getTime() + leaseMs)],
    );
    await this.#send(row?.id ?? 0, channel, conversation, content, 0);
  }

  /** Keeps a file; it goes out with the next flush. Where the channel takes none, words and its link go instead. */
  async file(conversation: string, file: Attachment, options: { handle?: Handle } = {}): Promise<void> {
    const { name, bytes, link } = file;
    const text = link ? phrase('channel.file_link', { name, link }) : phrase('channel.file_not_sent', { name });
    await this.#sql.query(
      `with row as (
         insert into outbox (channel, conversation, content, next_at, created_at) values ($1, $2, $3::jsonb, $4, $4) returning id)
       insert into outbox_files (outbox_id, name, bytes) select id, $5, decode($6, 'base64') from row`,
      [
        channelOf(conversation),
        conversation,
        JSON.stringify({ reply: { text }, ...options }),
        this.#now(),
        name,
        bytes.toString('base64'),
      ],
    );
  }

  /** Whether there was a file, and it went; false = words go. */
  async #sendFile(
    id: number,
    channel: Channel,
    conversation: string,
    options: { handle?: Handle; key: string },
  ): Promise<boolean> {
    const [row] = await this.#sql.query<{ name: string; bytes: string }>(
      `select name, encode(bytes, 'base64') as bytes from outbox_files where outbox_id = $1`,
      [id],
    );
    if (!row || !channel.sendFile) return false;
    try {
      await channel.sendFile(conversation, { name: row.name, bytes: Buffer.from(row.bytes, 'base64') }, options);
      return true;
    } catch (error) {
      if (error instanceof SendError && !error.recoverable) return false;
      throw error;
    }
  }

  /** Sends what is due again; returns how many were tried. */
  async flush(): Promise<number> {
    const now = this.#now();
    const rows = await this.#sql.query<{
      id: number;
      channel: ChannelName;
      conversation: string;
      content: Outgoing;
      attempts: number;
    }>(
      `update outbox set lease_until = $2 where id in (
         select id from outbox where done_at is null and next_at <= $1 and (lease_until is null or lease_until <= $1) order by id limit 20 for update skip locked)
       returning id, channel, conversation, content, attempts`,
      [now, new Date(now.getTime() + leaseMs)],
    );
    for (const row of rows.sort((a, b) => a.id - b.id))
      await this.#send(row.id, row.channel, row.conversation, row.content, row.attempts);
    return rows.length;
  }

  async #send(
    id: number,
    name: ChannelName,
    conversation: string,
    { reply, handle, at }: Outgoing,
    attempts: number,
  ): Promise<void> {
    const channel = this.#channels.get(name);
    try {
      if (!channel) throw new SendError('no such channel', { recoverable: true });
      const options = { key: `xq-${id}`, ...(handle ? { handle } : {}) };
      const sent = (await this.#sendFile(id, channel, conversation, options))
        ? null
        : await channel.send(conversation, reply, { ...options, ...(at ? { at } : {}) });
      await this.#sql.query(
        `with file as (delete from outbox_files where outbox_id = $1) update outbox set done_at = $2 where id = $1`,
        [id, this.#now()],
      );
      if (sent && reply.card) await this.#keepCard(name, conversation, sent, reply.card);
    } catch (error) {
      const known = error instanceof SendError ? error : new SendError('unknown', { recoverable: true });
      const wait = known.retryAfterMs ?? Math.min(300_000, 1000 * 2 ** attempts);
      await this.#sql.query(
        `update outbox set attempts = attempts + 1, lease_until = null, next_at = $2,
           done_at = case when $3::boolean or created_at < $4::timestamptz then $5::timestamptz else null end where id = $1`,
        [
          id,
          new Date(this.#now().getTime() + wait),
          !known.recoverable,
          new Date(this.#now().getTime() - giveUpMs),
          this.#now(),
        ],
      );
      this.#onError(error, `outbox.${name}`);
    }
  }

  async #keepCard(channel: ChannelName, conversation: string, handle: Handle, card: Card): Promise<void> {
    await this.#sql.query(
      `insert into sent_cards (channel, conversation, card_id, handle, card, at) values ($1, $2, $3, $4::jsonb, $5::jsonb, $6)
       on conflict (channel, conversation, card_id) do update set handle = excluded.handle, card = excluded.card, at = excluded.at`,
      [channel, conversation, card.id, JSON.stringify(handle), JSON.stringify(card), this.#now()],
    );
  }

  /** The card somebody pressed a button of, as it was last sent. */
  async card(
    channel: ChannelName,
    where: { conversation?: string; cardId: string },
  ): Promise<{ conversation: string; card: Card } | null> {
    const rows = await this.#sql.query<{ conversation: string; card: Card }>(
      `select conversation, card from sent_cards where channel = $1 and card_id = $2 and ($3::text is null or conversation = $3) limit 1`,
      [channel, where.cardId, where.conversation ?? null],
    );
    return rows[0] ?? null;
  }

  /** Shows a card's newest state where it was sent. */
  move(conversation: string, card: Card): void {
    const key = `${conversation} ${card.id}`;
    this.#due.set(key, { conversation, card });
    this.#arm();
  }

  #arm(): void {
    if (this.#timer !== null || this.#due.size === 0) return;
    const now = Date.now();
    const next = Math.min(...[...this.#due.keys()].map((key) => (this.#moved.get(key) ?? 0) + moveEveryMs));
    this.#timer = setTimeout(
      () => {
        this.#timer = null;
        void this.#moveDue().finally(() => this.#arm());
      },
      Math.max(50, next - now),
    );
  }

  async #moveDue(): Promise<void> {
    const now = Date.now();
    for (const [key, { conversation, card }] of [...this.#due]) {
      if ((this.#moved.get(key) ?? 0) + moveEveryMs > now) continue;
      this.#due.delete(key);
      this.#moved.set(key, now);
      await this.#moveOne(conversation, card).catch((error: unknown) => {
        this.#onError(error, 'outbox.move');
        if (!this.#due.has(key) && !(error instanceof SendError && !error.recoverable))
          this.#due.set(key, { conversation, card });
      });
    }
    if (this.#moved.size > 5000) this.#moved.clear();
  }

  async #moveOne(conversation: string, card: Card): Promise<void> {
    const name = channelOf(conversation);
    const rows = await this.#sql.query<{ handle: Handle }>(
      'select handle from sent_cards where channel = $1 and conversation = $2 and card_id = $3',
      [name, conversation, card.id],
    );
    const channel = this.#channels.get(name);
    if (!rows[0] || !channel?.move) return;
    await channel.move(rows[0].handle, card);
    await this.#keepCard(name, conversation, rows[0].handle, card);
  }

  /** Sends what still moves, and lets go of the timer. */
  async stop(): Promise<void> {
    if (this.#timer) clearTimeout(this.#timer);
    this.#timer = null;
    this.#moved.clear();
    await this.#moveDue();
    this.#due.clear();
  }
}

export const channelOf = (conversation: string): ChannelName => conversation.split(':', 1)[0] as ChannelName;
