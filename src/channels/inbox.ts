import { randomUUID } from 'node:crypto';
import { stringifyStored } from '../json.ts';
import type { Sql } from '../store/sql.ts';
import type { ChannelName, Handle, Incoming } from './channel.ts';
import type { Message } from './message.ts';

export interface InboxRow {
  seq: number;
  channel: ChannelName;
  messageId: string;
  message: Message;
  handle: Handle;
  /** What the last message of the conversation brought. */
  last: Handle | null;
  /** The card of its answer that somebody has begun. */
  growing: Handle | null;
  receivedAt: Date;
  /** How many processes came to an end while they worked on it. */
  ended: number;
}

/** As SQL: what the last message of a conversation brought; a pressed button tells less. */
export const lastHandle = (conversation: string): string =>
  `(select l.content -> 'handle' from inbox l where l.conversation = ${conversation}
      and l.content #>> '{message,action,name}' is distinct from 'press' order by l.seq desc limit 1)`;

const groupMs = 5;
const mostNames = 10_000;
const leaseMs = 30_000;
const keepMs = 24 * 3_600_000;

/**
 * Every message once, whoever delivers it and however often: a row, unique by platform and message id, is committed before the
 * platform gets its acknowledgement. Inserts that come within 5 ms share one statement.
 */
export class Inbox {
  readonly #sql: Sql;
  readonly #now: () => Date;
  /** This process, among those that work on messages. */
  readonly #self = randomUUID();
  /** What this process works on now: a lease that ends meanwhile is no reason to answer it twice. */
  readonly #held = new Set<number>();
  /** Names that are kept already. */
  #names = new Map<string, string>();
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
        [stringifyStored(rows), this.#now()],
      );
      await this.#keepNames(batch.map(({ incoming }) => incoming.message));
      for (const { settle } of batch) settle();
    } catch (error) {
      for (const { settle } of batch) settle(error);
    }
  }

  async #keepNames(messages: readonly Message[]): Promise<void> {
    const fresh = new Map(
      messages.flatMap(({ person, name }): [string, string][] =>
        name && this.#names.get(person) !== name ? [[person, name]] : [],
      ),
    );
    if (fresh.size === 0) return;
    await this.#sql.query(
      `insert into people (person, name) select key, value from jsonb_each_text($1::jsonb)
       on conflict (person) do update set name = excluded.name`,
      [stringifyStored(Object.fromEntries(fresh))],
    );
    this.#names = new Map([...this.#names, ...fresh].slice(-mostNames));
  }

  /**
   * The first open message of a conversation nobody works on; null when there is none. It is held until it is let go. Messages that a
   * process came to an end with are taken one at a time: what ends this one, too, is then known.
   */
  async claim(): Promise<InboxRow | null> {
    const now = this.#now();
    const rows = await this.#sql.query<
      Omit<InboxRow, 'message' | 'handle'> & { content: Pick<InboxRow, 'message' | 'handle'> }
    >(
      `update inbox o set lease_until = $2, ended = ended + (holder is distinct from $4 and holder is not null)::int, holder = $4
       where seq = (
         select i.seq from inbox i where i.done_at is null and (i.lease_until is null or i.lease_until <= $1)
           and not (i.seq = any($3)) and not exists (select 1 from inbox e where e.conversation = i.conversation and e.done_at is null
             and (e.seq < i.seq or e.lease_until > $1))
           and ((i.ended = 0 and coalesce(i.holder, $4) = $4)
             or not exists (select 1 from inbox s where s.done_at is null and s.ended > 0 and s.lease_until > $1))
         order by i.seq limit 1 for update skip locked)
       returning seq, channel, message_id as "messageId", content, growing, received_at as "receivedAt", ended,
         ${lastHandle('o.conversation')} as last`,
      [now, new Date(now.getTime() + leaseMs), [...this.#held], this.#self],
    );
    const row = rows[0];
    if (!row) return null;
    this.#held.add(row.seq);
    return { ...row, ...row.content, message: revived(row.content.message, row.receivedAt) };
  }

  /** An answer that takes long stays ours. */
  async renew(): Promise<void> {
    if (this.#held.size === 0) return;
    const until = new Date(this.#now().getTime() + leaseMs);
    await this.#sql.query('update inbox set lease_until = $2 where seq = any($1) and done_at is null', [
      [...this.#held],
      until,
    ]);
  }

  /** A process that is told to stop says so: what it does not finish has not ended it. */
  async leave(): Promise<void> {
    if (this.#held.size > 0)
      await this.#sql.query('update inbox set holder = null where seq = any($1) and done_at is null', [
        [...this.#held],
      ]);
  }

  letGo(seq: number): void {
    this.#held.delete(seq);
  }

  /** Its answer grows on this card. */
  async grows(seq: number, card: Handle): Promise<void> {
    await this.#sql.query('update inbox set growing = $2::jsonb where seq = $1', [seq, stringifyStored(card)]);
  }

  /** Answered, as part of what keeps the answer; false when somebody else has answered it meanwhile. */
  async done(tx: Sql, seq: number): Promise<boolean> {
    const rows = await tx.query('update inbox set done_at = $2 where seq = $1 and done_at is null returning seq', [
      seq,
      this.#now(),
    ]);
    return rows.length > 0;
  }

  /** At the start of the only process: what a dead one held is free again. */
  async release(): Promise<void> {
    await this.#sql.query('update inbox set lease_until = null where done_at is null');
  }

  /** What was answered a day ago; the last message of a conversation stays, since it tells where the conversation is. */
  async forgetOld(): Promise<void> {
    await this.#sql.query(
      `delete from inbox i where done_at < $1
         and exists (select 1 from inbox l where l.conversation = i.conversation and l.seq > i.seq
           and l.content #>> '{message,action,name}' is distinct from 'press')`,
      [new Date(this.#now().getTime() - keepMs)],
    );
  }
}

/** A message as it was kept, its moment a date again. What names none, such as a press, was said when it came in. */
function revived(message: Message, receivedAt: Date): Message {
  return { ...message, saidAt: message.saidAt ? new Date(message.saidAt) : receivedAt };
}
