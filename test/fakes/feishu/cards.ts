import { randomUUID } from 'node:crypto';
import { Limit } from '../platform.ts';

export interface Refusal {
  code: number;
  msg: string;
}

const maxBytes = 30 * 1024;
const maxTables = 5;
const gone = new Set(['action', 'note']);

type Element = Record<string, unknown>;

/** Every element of a card, those inside others, too. */
function* elementsOf(value: unknown): Generator<Element> {
  if (Array.isArray(value)) for (const one of value) yield* elementsOf(one);
  else if (value !== null && typeof value === 'object') {
    const element = value as Element;
    if (typeof element.tag === 'string') yield element;
    for (const inner of Object.values(element)) yield* elementsOf(inner);
  }
}

/** What the platform has against a card of JSON 2.0; null when it takes it. */
export function refusalOf(content: string): Refusal | null {
  if (Buffer.byteLength(content) > maxBytes) return { code: 230025, msg: 'message content too long' };
  const card = JSON.parse(content) as { config?: { update_multi?: boolean }; body?: { elements?: Element[] } };
  const elements = [...elementsOf(card.body)];
  const failed = (msg: string): Refusal => ({ code: 230099, msg: `Failed to create card content, ext=${msg}` });
  const tables = elements.filter(({ tag }) => tag === 'table');
  const inMarkdown = elements.flatMap(({ content: text }) => String(text ?? '').match(/^\s*\|[\s:|-]+\|\s*$/gm) ?? []);
  if (tables.length + inMarkdown.length > maxTables) return failed('ErrCode: 11310; card table number over limit');
  if (tables.some((table) => !card.body?.elements?.includes(table))) return failed('table is not at the root');
  if (elements.some(({ tag }) => gone.has(String(tag)))) return failed('unsupported tag');
  const ids = elements.map(({ element_id }) => element_id).filter(Boolean);
  if (new Set(ids).size < ids.length) return { code: 300301, msg: 'duplicate element_id' };
  return null;
}

interface Entity {
  card: string;
  sequence: number;
  streaming: boolean;
  sent: boolean;
  limit: Limit | null;
}

/** Card entities: sent once, changed under a sequence that only grows, written into while they stream. */
export class CardKit {
  readonly #entities = new Map<string, Entity>();
  /** What stands in an element: `card_id/element_id` → text. */
  readonly texts = new Map<string, string>();

  create(data: string, second: number | null): { refusal: Refusal } | { cardId: string } {
    const refusal = refusalOf(data);
    if (refusal) return { refusal };
    const cardId = randomUUID();
    const { config } = JSON.parse(data) as { config?: { streaming_mode?: boolean } };
    const limit = second ? new Limit(10, second) : null;
    this.#entities.set(cardId, {
      card: data,
      sequence: 0,
      streaming: config?.streaming_mode === true,
      sent: false,
      limit,
    });
    return { cardId };
  }

  send(cardId: string): Refusal | null {
    const entity = this.#entities.get(cardId);
    if (!entity || entity.sent) return { code: 230099, msg: 'card entity is unknown or was sent' };
    entity.sent = true;
    return null;
  }

  /** A call on an entity: `rest` is what stands behind its id in the path. */
  change(cardId: string, rest: string, body: Record<string, unknown>): Refusal | null {
    const entity = this.#entities.get(cardId);
    if (!entity) return { code: 300305, msg: 'card not found' };
    if (entity.limit && !entity.limit.allows()) return { code: 99991400, msg: 'request trigger frequency limit' };
    const sequence = Number(body.sequence);
    if (!Number.isInteger(sequence) || sequence <= entity.sequence)
      return { code: 300317, msg: 'sequence number compare failed' };
    entity.sequence = sequence;
    const element = /^elements\/([^/]+)\/content$/.exec(rest)?.[1];
    if (element) {
      if (!entity.streaming) return { code: 300309, msg: 'streaming mode is closed' };
      if (!entity.card.includes(`"element_id":"${element}"`)) return { code: 300313, msg: 'element not found' };
      this.texts.set(`${cardId}/${element}`, String(body.content));
    }
    if (rest === 'settings') {
      const { config } = JSON.parse(String(body.settings)) as { config?: { streaming_mode?: boolean } };
      entity.streaming = config?.streaming_mode ?? entity.streaming;
    }
    if (rest === '') {
      const { data } = body.card as { data: string };
      const refusal = refusalOf(data);
      if (refusal) return refusal;
      entity.card = data;
    }
    return null;
  }
}
