import { isDeepStrictEqual } from 'node:util';
import type { Card } from '../channels/message.ts';
import type { Sql } from '../store/sql.ts';
import type { SpokenAlert } from './alert.ts';
import { type CardFrame, cardOf, isSummary, olderCard } from './card.ts';
import { robotPrefix } from './rules.ts';
import type { Silence } from './silences.ts';

interface Place {
  receiver: string;
  cardId: string;
  alerts: SpokenAlert[];
  escalated: boolean;
}

/** Keeps every card of an alert that stands somewhere as it should be now, whoever sent it and whatever was lost on the way. */
export class CardMover {
  readonly #sql: Sql;
  readonly #show: (conversation: string, card: Card) => void;
  /** What this node has asked for last, by place: a platform that refuses is not asked again for the same. */
  #asked = new Map<string, Card>();

  constructor(parts: { sql: Sql; show: (conversation: string, card: Card) => void }) {
    this.#sql = parts.sql;
    this.#show = parts.show;
  }

  async move(alerts: readonly SpokenAlert[], silences: readonly Silence[], frame: CardFrame): Promise<void> {
    const places = placesOf(alerts);
    const standing = await this.#standing([...places.values()].map(({ cardId }) => cardId));
    const asked = new Map<string, Card>();
    for (const [key, place] of places) {
      const card = this.#cardFor(place, silences, frame);
      const onPage = place.receiver.startsWith('web:');
      const before = this.#asked.get(key) ?? (onPage ? undefined : standing.get(key));
      if (onPage || standing.has(key)) asked.set(key, card);
      if ((onPage || standing.has(key)) && !isDeepStrictEqual(before, card)) this.#show(place.receiver, card);
    }
    this.#asked = asked;
  }

  #cardFor({ receiver, cardId, alerts, escalated }: Place, silences: readonly Silence[], frame: CardFrame): Card {
    const [alert] = alerts;
    const newest = alert?.said.findLast((said) => said.receiver === receiver && !isSummary(said.cardId));
    if (alert && !isSummary(cardId) && newest?.cardId !== cardId) return olderCard(cardId, alert);
    return cardOf(cardId, alerts, { ...frame, escalated, silences });
  }

  async #standing(ids: readonly string[]): Promise<ReadonlyMap<string, Card>> {
    if (ids.length === 0) return new Map();
    const rows = await this.#sql.query<{ conversation: string; card: Card }>(
      'select conversation, card from sent_cards where card_id = any($1)',
      [[...new Set(ids)]],
    );
    return new Map(rows.map(({ conversation, card }) => [keyOf(conversation, card.id), card]));
  }
}

const keyOf = (conversation: string, cardId: string): string => `${conversation} ${cardId}`;

/** Where cards of these alerts stand; robots only hear. */
function placesOf(alerts: readonly SpokenAlert[]): Map<string, Place> {
  const places = new Map<string, Place>();
  for (const alert of alerts)
    for (const { receiver, cardId, kind } of alert.said) {
      if (receiver.startsWith(robotPrefix)) continue;
      const key = keyOf(receiver, cardId);
      const place = places.get(key) ?? { receiver, cardId, alerts: [], escalated: kind === 'escalation' };
      if (!place.alerts.includes(alert)) place.alerts.push(alert);
      places.set(key, place);
    }
  return places;
}
