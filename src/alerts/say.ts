import { channelOf, type Outbox, type Outgoing } from '../channels/outbox.ts';
import type { Sql } from '../store/sql.ts';
import { type Alert, alertReport } from './alert.ts';
import { type CardFrame, cardOf, newCardId } from './card.ts';
import { type Delivery, page } from './route.ts';
import { robotPrefix } from './rules.ts';
import type { Saying } from './stages.ts';

/**
 * Says something to a receiver: written down as said and put into the outbox in one transaction. Two nodes say it once; what a node
 * that died has not sent, another sends.
 */
export async function say(
  { sql, outbox, now, frame }: { sql: Sql; outbox: Outbox; now: Date; frame: CardFrame },
  { receiver, deliveries }: Saying,
): Promise<void> {
  const id = newCardId(deliveries.length);
  const inOrder = deliveries.toSorted((a, b) => a.alert.fingerprint.localeCompare(b.alert.fingerprint));
  await sql.transaction(async (tx) => {
    const claimed: Delivery[] = [];
    for (const one of inOrder) if (await note(tx, one, id, now)) claimed.push(one);
    if (claimed.length === 0 || receiver === page) return;
    const alerts = claimed.map(({ alert }) => alert);
    const card = cardOf(id, alerts, { ...frame, escalated: claimed.some(({ kind }) => kind === 'escalation') });
    await outbox.enqueue(tx, receiver, {
      reply: { text: card.title, card },
      ...mentioned(receiver, claimed),
      ...(receiver.startsWith(robotPrefix) ? { handle: { alerts: alerts.map(alertReport) } } : {}),
    });
  });
}

/** Writes down that it is said; false when another node has done so. */
async function note(tx: Sql, { alert, receiver, kind }: Delivery, cardId: string, now: Date): Promise<boolean> {
  const round = alert.said.filter((said) => said.receiver === receiver && said.kind === kind).length;
  const { fingerprint, episode, severity, count } = alert;
  const rows = await tx.query(
    `insert into notifications (fingerprint, episode, receiver, kind, round, card_id, severity, count, at)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9) on conflict do nothing returning round`,
    [fingerprint, episode, receiver, kind, round, cardId, severity, count, now],
  );
  return rows.length > 0;
}

/** A card that somebody had shown: it moves from now on like one that was sent. */
export async function noteAsked(
  sql: Sql,
  alerts: readonly Alert[],
  conversation: string,
  cardId: string,
  now: Date,
): Promise<void> {
  for (const { fingerprint, episode, severity, count } of alerts)
    await sql.query(
      `insert into notifications (fingerprint, episode, receiver, kind, round, card_id, severity, count, at)
       select $1, $2, $3, 'asked', coalesce(max(round), 0) + 1, $4, $5, $6, $7 from notifications
       where fingerprint = $1 and episode = $2 and receiver = $3 and kind = 'asked' on conflict do nothing`,
      [fingerprint, episode, conversation, cardId, severity, count, now],
    );
}

/** The first of the people named who is on the receiver's platform. */
function mentioned(receiver: string, deliveries: readonly Delivery[]): Pick<Outgoing, 'at'> {
  const people = deliveries.flatMap(({ mention }) => mention);
  const at = people.find((person) => channelOf(person) === channelOf(receiver));
  return at ? { at } : {};
}
