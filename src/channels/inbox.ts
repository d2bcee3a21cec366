import type { Sql } from '../store/sql.ts';
import type { ChannelName, Handle, Incoming } from './channel.ts';
import type { Message } from './message.ts';

export interface InboxRow {
  seq: number;
  channel: ChannelName;
  messageId: string;
  message: Message;
  handle: Handle;
}

const groupMs = 5;
const leaseMs = 120_000;
const keepMs = 24 * 3_600_000;

/**
 * Every message once, whoever delivers it and however often: a row, unique by platform and message id, is committed before the
 * platform gets its acknowledgement. Inserts that come within 5 ms share one statement.
 */
export class Inbox {
  readonly #sql: Sql;
  readonly #now: () => Date;
  #waiting: { channel: ChannelName; incoming: Incoming; settle: (error?: unknown) => void }[] = [];

  constructor(sql: Sql, now: () => Date) {
    this.#sql = sql;
    this.#now = now;
  }

  /** Resolves when the message is kept; a second time it changes nothing. */
  async accept(channel: ChannelName, incoming: Incoming): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      const settle = (error?: unknown): void => (error === undefined ? resolve() : reject(error));
      this.#waiting.push({ channel, incoming, settle });
      if (this.#waiting.length === 1) setTimeout(() => void this.#flush(), groupMs);
    });
  }

  async #flush(): Promise<void> {
    const batch = this.#waiting;
    this.#waiting = [];
    const rows = batch.map(({ channel, incoming: { id, message, handle } }) => ({
      channel,
      message_id: id,
      conversation: message.conversation,
      content: { message, handle },
    }));
    try {
      await this.#sql.query(
        `insert into inbox (channel, message_id, conversation, content, received_at)
         select r.channel, r.message_id, r.conversation, r.content, $2 from jsonb_to_recordset($1::jsonb)
           as r(channel text, message_id text, conversation text, content jsonb)
         on conflict (channel, message_id) do nothing`,
        [JSON.stringify(rows), this.#now()],
      );
      for (const { settle } of batch) settle();
    } catch (error) {
      for (const { settle } of batch) settle(error);
    }
  }

  /** The first open message of a conversation nobody works on; null when there is none. One at a time in each conversation. */
  async claim(): Promise<InboxRow | null> {
    const now = this.#now();
    const rows = await this.#sql.query<{
      seq: number;
      channel: ChannelName;
      message_id: string;
      content: { message: Message; handle: Handle };
    }>(
      `update inbox set lease_until = $2 where seq = (
         select i.seq from inbox i where i.done_at is null and (i.lease_until is null or i.lease_until <= $1)
           and not exists (select 1 from inbox e where e.conversation = i.conversation and e.done_at is null and e.seq < i.seq)
         order by i.seq limit 1 for update skip locked)
       returning seq, channel, message_id, content`,
      [now, new Date(now.getTime() + leaseMs)],
    );
    const row = rows[0];
    return row ? { seq: row.seq, channel: row.channel, messageId: row.message_id, ...row.content } : null;
  }

  async done(seq: number): Promise<void> {
    await this.#sql.query('update inbox set done_at = $2 where seq = $1', [seq, this.#now()]);
  }

  /** At the start of the only process: what a dead one held is free again. */
  async release(): Promise<void> {
    await this.#sql.query('update inbox set lease_until = null where done_at is null');
  }

  async forgetOld(): Promise<void> {
    await this.#sql.query('delete from inbox where done_at < $1', [new Date(this.#now().getTime() - keepMs)]);
  }
}
