import { stringifyStored } from '../json.ts';
import type { Sql } from '../store/sql.ts';
import { type Channel, type ChannelName, type Handle, refused, SendError } from './channel.ts';
import { Limits } from './limits.ts';
import type { Card } from './message.ts';
import { channelOf, type Outgoing, waitAfter } from './outbox.ts';

/** What is said to somebody besides when a card shows its last state. */
export interface Tell {
  person: string;
  text: string;
}

/** What a card shall show; `said` = it went as words meanwhile. */
interface Wanted {
  card: Card;
  tell?: Tell;
  said?: true;
}

interface CardRow {
  handle: Handle;
  older: Handle[];
  wanted: Wanted;
  attempts: number;
}

const moveEveryMs = 2000;
const leaseMs = 60_000;
/** Tries before a last state goes as words, and before a card is left as it is. */
const triesAsCard = 5;
const mostTries = 30;
/** So many of a card's earlier copies move with it. */
const olderCards = 3;
const keepMs = 30 * 24 * 3_600_000;

const thisCard = 'channel = $1 and conversation = $2 and card_id = $3';

export interface SentCardsParts {
  sql: Sql;
  now: () => Date;
  channels: ReadonlyMap<ChannelName, Channel>;
  /** Scales the two seconds: 1 = as they are. */
  pace: number;
  enqueue: (tx: Sql, conversation: string, content: Outgoing) => Promise<void>;
  /** What was put into the outbox may go. */
  wake: () => void;
  onError: (error: unknown, where: string) => void;
}

/**
 * Cards that were sent: what they show, whose buttons they bear, and what they shall show next. What is wanted is a row at once, so
 * the last state arrives whatever dies in between; it is shown at most every 2 seconds, and tried again with back-off.
 */
export class SentCards {
  readonly #parts: SentCardsParts;
  readonly #limits: Limits;
  /** Cards that wait for their moment, and what is being shown. */
  readonly #waiting = new Map<string, () => void>();
  readonly #showing = new Map<string, { conversation: string; cardId: string; shown: Promise<void> }>();
  /** States that are not written down yet. */
  readonly #newest = new Map<string, { conversation: string; wanted: Wanted }>();
  #noted: Promise<void> = Promise.resolve();

  constructor(parts: SentCardsParts) {
    this.#parts = parts;
    this.#limits = new Limits(parts.pace);
  }

  /** A card went out; `handle` = {} where it went as words. */
  async keep(tx: Sql, conversation: string, handle: Handle, card: Card): Promise<void> {
    await tx.query(
      `insert into sent_cards (channel, conversation, card_id, handle, card, at, next_at) values ($1, $2, $3, $4::jsonb, $5::jsonb, $6, $6)
       on conflict (channel, conversation, card_id) do update
         set older = case when sent_cards.handle is null or sent_cards.handle = '{}' then sent_cards.older
               else jsonb_path_query_array(sent_cards.older || sent_cards.handle, '$[last - ${olderCards - 1} to last]') end,
             handle = excluded.handle, card = excluded.card, at = excluded.at, next_at = excluded.next_at, attempts = 0`,
      [
        channelOf(conversation),
        conversation,
        card.id,
        stringifyStored(handle),
        stringifyStored(card),
        this.#parts.now(),
      ],
    );
  }

  /** The card somebody pressed a button of, by its id or by what its handle calls it, as it was last sent. */
  async find(conversation: string, name: string): Promise<Card | null> {
    const rows = await this.#parts.sql.query<{ card: Card }>(
      `select card from sent_cards where channel = $1 and conversation = $2 and handle is not null
         and (card_id = $3 or handle ->> 'id' = $3) limit 1`,
      [channelOf(conversation), conversation, name],
    );
    return rows[0]?.card ?? null;
  }

  /** The card that somebody quotes, by what the platform calls its message: as it is, or is about to be. */
  async quoted(conversation: string, ref: string): Promise<Card | null> {
    const rows = await this.#parts.sql.query<{ card: Card }>(
      `select coalesce(wanted -> 'card', card) as card from sent_cards where channel = $1 and conversation = $2 and handle is not null
         and exists (select 1 from jsonb_array_elements(older || handle) sent
           where sent ->> 'messageId' = $3 or sent ->> 'quotedAs' = $3) limit 1`,
      [channelOf(conversation), conversation, ref],
    );
    return rows[0]?.card ?? null;
  }

  /** Shows a card's newest state where it was sent, or where it is about to be; with its last state `tell` is said. */
  move(conversation: string, card: Card, tell?: Tell): void {
    const key = `${conversation} ${card.id}`;
    const asked = this.#newest.has(key);
    this.#newest.set(key, { conversation, wanted: { card, ...(tell ? { tell } : {}) } });
    if (!asked) this.#noteSoon(key); // thousands of states in a moment are one row
  }

  /** One after another: an older state never overwrites a newer one. */
  #noteSoon(key: string): void {
    this.#noted = this.#noted
      .then(() => this.#noteNewest(key))
      .catch((error: unknown) => this.#parts.onError(error, 'cards'));
  }

  async #noteNewest(key: string): Promise<void> {
    const newest = this.#newest.get(key);
    if (!newest) return;
    const { conversation, wanted } = newest;
    this.#newest.delete(key);
    try {
      await this.#note(conversation, wanted);
    } catch (error) {
      if (!this.#newest.has(key)) this.#newest.set(key, newest); // noted with the next look
      throw error;
    }
    this.#schedule(conversation, wanted.card.id);
  }

  async #note(conversation: string, wanted: Wanted): Promise<void> {
    const { card } = wanted;
    await this.#parts.sql.query(
      `insert into sent_cards (channel, conversation, card_id, card, wanted, at, next_at) values ($1, $2, $3, $4::jsonb, $5::jsonb, $6, $6)
       on conflict (channel, conversation, card_id) do update
         set wanted = case when sent_cards.handle is not null and sent_cards.card = excluded.card then null
               when sent_cards.wanted -> 'card' = excluded.card then sent_cards.wanted else excluded.wanted end`,
      [
        channelOf(conversation),
        conversation,
        card.id,
        stringifyStored(card),
        stringifyStored(wanted),
        this.#parts.now(),
      ],
    );
  }

  /** At the start of the only process: what a dead one was showing is free again. */
  async release(): Promise<void> {
    await this.#parts.sql.query('update sent_cards set lease_until = null where wanted is not null');
  }

  /** What waits for its turn at the platform stays ours: nobody else shows a newer state that ours would take back. */
  async renew(): Promise<void> {
    if (this.#showing.size === 0) return;
    const held = [...this.#showing.values()].map(({ conversation, cardId }) => ({
      channel: channelOf(conversation),
      conversation,
      card_id: cardId,
    }));
    await this.#parts.sql.query(
      `update sent_cards c set lease_until = $2
       from jsonb_to_recordset($1::jsonb) as h(channel text, conversation text, card_id text)
       where (c.channel, c.conversation, c.card_id) = (h.channel, h.conversation, h.card_id) and c.lease_until is not null`,
      [JSON.stringify(held), new Date(this.#parts.now().getTime() + leaseMs)],
    );
  }

  /** Everything that is due: what failed, and what another process has left. */
  async wake(): Promise<void> {
    for (const key of this.#newest.keys()) this.#noteSoon(key);
    const now = this.#parts.now();
    const rows = await this.#parts.sql.query<{ conversation: string; card_id: string }>(
      `select conversation, card_id from sent_cards
       where wanted is not null and handle is not null and next_at <= $1 and (lease_until is null or lease_until <= $1) limit 200`,
      [now],
    );
    for (const { conversation, card_id } of rows) this.#schedule(conversation, card_id);
  }

  #schedule(conversation: string, cardId: string): void {
    const key = `${conversation} ${cardId}`;
    // What is being shown asks afterwards whether there is more.
    if (this.#waiting.has(key) || this.#showing.has(key)) return;
    const begin = (): void => {
      this.#waiting.delete(key); // a newer state asks for a moment of its own
      const shown = this.#show(conversation, cardId)
        .catch((error: unknown) => {
          this.#parts.onError(error, 'cards');
          return false;
        })
        .then((more) => {
          this.#showing.delete(key);
          if (more) this.#schedule(conversation, cardId);
        });
      this.#showing.set(key, { conversation, cardId, shown });
    };
    this.#waiting.set(key, begin);
    void this.#limits.slot([{ key, count: 1, withinMs: moveEveryMs }]).then(begin);
  }

  /** Whether something newer is wanted by now. */
  async #show(conversation: string, cardId: string): Promise<boolean> {
    const { sql, now, channels, onError } = this.#parts;
    const name = channelOf(conversation);
    const at = now();
    const [row] = await sql.query<CardRow>(
      `update sent_cards set lease_until = $5 where ${thisCard} and wanted is not null and handle is not null
         and next_at <= $4 and (lease_until is null or lease_until <= $4) returning handle, older, wanted, attempts`,
      [name, conversation, cardId, at, new Date(at.getTime() + leaseMs)],
    );
    if (!row) return false;
    let failure: unknown = null;
    try {
      const channel = channels.get(name);
      if (!channel?.move || Object.keys(row.handle).length === 0)
        throw new SendError('no card to move', { reason: 'client_error', recoverable: false });
      await channel.move(row.handle, row.wanted.card);
      for (const handle of row.older)
        await channel.move(handle, row.wanted.card).catch((error: unknown) => onError(error, `cards.${name}`));
    } catch (error) {
      failure = error;
      onError(error, `cards.${name}`);
    }
    const more = await sql.transaction((tx) => this.#record(tx, conversation, row, failure));
    this.#parts.wake();
    return more;
  }

  async #record(tx: Sql, conversation: string, row: CardRow, failure: unknown): Promise<boolean> {
    const { now, enqueue } = this.#parts;
    const { wanted, attempts } = row;
    const { card, tell, said } = wanted;
    const hopeless = refused(failure) || attempts >= mostTries;
    const asWords = card.ended && !said && failure !== null && (hopeless || attempts + 1 >= triesAsCard);
    if (asWords)
      await enqueue(tx, conversation, {
        reply: { text: card.title, card },
        plain: true,
        ...(tell ? { at: tell.person } : {}),
      });
    else if (tell && !said && failure === null)
      await enqueue(tx, conversation, { reply: { text: tell.text }, at: tell.person });
    const over = failure === null || hopeless; // nothing more to try
    const [kept] = await tx.query<{ more: boolean }>(
      `update sent_cards set lease_until = null, at = $4, attempts = $5, next_at = $6,
         card = case when $7 then $8::jsonb else card end,
         wanted = case when wanted is distinct from $9::jsonb then wanted when $7 then null else $10::jsonb end
       where ${thisCard} returning wanted is not null and next_at <= $4 as more`,
      [
        channelOf(conversation),
        conversation,
        card.id,
        now(),
        over ? 0 : attempts + 1,
        new Date(now().getTime() + (over ? 0 : waitAfter(failure, attempts))),
        over,
        stringifyStored(card),
        stringifyStored(wanted),
        stringifyStored({ ...wanted, ...(asWords ? { said: true } : {}) }),
      ],
    );
    return kept?.more ?? false;
  }

  /** Cards nobody can press or move any more. */
  async forgetOld(): Promise<void> {
    const old = new Date(this.#parts.now().getTime() - keepMs);
    await this.#parts.sql.query('delete from sent_cards where at < $1', [old]);
  }

  /** Shows what waits for its moment, and lets go of it. */
  async stop(): Promise<void> {
    await this.#noted;
    this.#limits.stop();
    for (const begin of this.#waiting.values()) begin();
    await Promise.allSettled([...this.#showing.values()].map(({ shown }) => shown));
    this.#waiting.clear();
  }
}
