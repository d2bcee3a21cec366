import { randomUUID } from 'node:crypto';
import { type Answer, Limit, Platform, type PlatformCall } from '../platform.ts';
import { CardKit, type Refusal, refusalOf } from './cards.ts';

export const bot = 'ou_bot';

const base = '/open-apis/im/v1/messages';
const done = { code: 0, msg: 'ok' };

interface Press {
  message: string;
  uses: number;
  /** What was shown before it was changed though the press was not answered yet. */
  early: string | null;
  answered: boolean;
}

/** Feishu's open API: tokens, messages and cards, with the rules a bot runs into. */
export abstract class FeishuApi extends Platform {
  /** Refuses the next sends: a business code in HTTP 200, or with 429. */
  refuse: { code: number; times: number; status?: number } | null = null;
  /** So many ms are a second to its limits; null = no limits. */
  second: number | null = null;
  /** Permissions the app lacks, by how the path of a call that needs them begins. */
  readonly lacks = new Map<string, string>();
  refuseTokens = false;
  /** What every card is refused with. */
  refuseCards: { status: number; code: number } | null = null;
  /** Down: it answers nothing but this status. */
  down: number | null = null;
  tokenSeconds = 7200;
  /** What people see now: message id → content. */
  readonly shown = new Map<string, string>();
  readonly cardkit = new CardKit();
  readonly #uuids = new Map<string, string>();
  readonly #chats = new Map<string, string>();
  /** What people have said, by message. */
  readonly #words = new Map<string, string>();
  readonly #presses = new Map<string, Press>();
  readonly #tokens = new Map<string, number>();
  #limits: { app: Limit; minute: Limit; chat: Limit; message: Limit } | null = null;
  #last = 0;

  protected api(call: PlatformCall): Answer {
    const { path, headers, body } = call;
    if (this.down) return [this.down, {}];
    if (path.endsWith('/tenant_access_token/internal')) return this.#token();
    const token = String(headers.authorization).replace('Bearer ', '');
    if ((this.#tokens.get(token) ?? 0) <= Date.now()) return [400, { code: 99991663, msg: 'invalid token' }];
    if (path === '/open-apis/bot/v3/info') return [200, { ...done, bot: { open_id: bot, app_name: '小青' } }];
    const lacking = [...this.lacks].find(([begin]) => path.startsWith(begin))?.[1];
    if (lacking)
      return [400, { code: 99991672, msg: `Access denied. One of the following scopes is required: [${lacking}].` }];
    if (this.refuse && this.refuse.times > 0) {
      this.refuse.times -= 1;
      return this.reply(call, [this.refuse.status ?? 200, { code: this.refuse.code, msg: 'no' }], true);
    }
    const uuid = typeof body.uuid === 'string' ? this.#uuids.get(body.uuid) : undefined;
    if (uuid) return [200, { ...done, data: { message_id: uuid } }];
    if (
      this.refuseCards &&
      (body.msg_type === 'interactive' || call.method === 'PATCH' || path.includes('/cardkit/'))
    ) {
      const { status, code } = this.refuseCards;
      return this.reply(call, [status, { code, msg: 'no' }], true);
    }
    const refused = this.#limited(call) ?? this.#take(call);
    if (refused) return this.reply(call, refused.answer, refused.refused);
    this.#last += 1;
    return this.reply(call, [
      200,
      { ...done, data: { image_key: `img_${this.#last}`, file_key: `file_${this.#last}` } },
    ]);
  }

  #token(): Answer {
    if (this.refuseTokens) return [500, {}];
    const token = `t-${randomUUID()}`;
    this.#tokens.set(token, Date.now() + this.tokenSeconds * 1000);
    return [200, { ...done, tenant_access_token: token, expire: this.tokenSeconds }];
  }

  expireToken(): void {
    this.#tokens.clear();
  }

  /** Where a message stands, so that answers to it count for its chat. */
  protected know(message: string, chat: string, content?: string): void {
    this.#chats.set(message, chat);
    if (content) this.#words.set(message, content);
  }

  #chatOf({ path, body }: PlatformCall): string {
    return typeof body.receive_id === 'string' ? body.receive_id : (this.#chats.get(path.split('/')[5] ?? '') ?? '');
  }

  /** 50 a second and 1000 a minute of each call, 5 a second of a chat, 5 a second of a message that is changed. */
  #limited(call: PlatformCall): { answer: Answer; refused: true } | null {
    const { second } = this;
    if (!second || !call.path.startsWith(base)) return null;
    this.#limits ??= {
      app: new Limit(50, second),
      minute: new Limit(1000, 60 * second),
      chat: new Limit(5, second),
      message: new Limit(5, second),
    };
    const { app, minute, chat, message } = this.#limits;
    const api = `${call.method} ${call.path.replace(/om_[^/]+/, ':id')}`;
    if (!minute.allows(api) || !app.allows(api)) {
      const reset = Math.ceil(Math.max(minute.resetMs(api), app.resetMs(api)) / second);
      return {
        answer: [429, { code: 99991400, msg: 'limit' }, { 'x-ogw-ratelimit-reset': String(reset) }],
        refused: true,
      };
    }
    if (call.method === 'POST' && /\/messages(\/[^/]+\/reply)?$/.test(call.path) && !chat.allows(this.#chatOf(call)))
      return { answer: [400, { code: 230020, msg: 'chat frequency limit' }], refused: true };
    if (call.method !== 'POST' && !message.allows(call.path))
      return { answer: [400, { code: 230020, msg: 'message frequency limit' }], refused: true };
    return null;
  }

  #take(call: PlatformCall): { answer: Answer; refused: boolean } | null {
    const { method, path, body } = call;
    const answered = (refusal: Refusal | null, data: object = {}): { answer: Answer; refused: boolean } => ({
      answer: refusal ? [400, refusal] : [200, { ...done, data }],
      refused: refusal !== null,
    });
    const entity = /^\/open-apis\/cardkit\/v1\/cards(?:\/([^/]+)\/?(.*))?$/.exec(path);
    if (entity) {
      const [, cardId, rest = ''] = entity;
      if (cardId) return answered(this.cardkit.change(cardId, rest, body));
      const created = this.cardkit.create(String(body.data), this.second);
      return 'refusal' in created ? answered(created.refusal) : answered(null, { card_id: created.cardId });
    }
    if (path === '/open-apis/interactive/v1/card/update') return answered(this.#updateLater(body));
    if (method === 'POST' && /^\/open-apis\/im\/v1\/messages(\/[^/]+\/reply)?$/.test(path)) {
      const refusal = this.#refusal(body);
      if (refusal) return answered(refusal);
      this.#last += 1;
      const id = typeof body.uuid === 'string' ? `om_${body.uuid}` : `om_sent${this.#last}`;
      if (typeof body.uuid === 'string') this.#uuids.set(body.uuid, id);
      this.know(id, this.#chatOf(call));
      this.shown.set(id, String(body.content));
      return answered(null, { message_id: id });
    }
    const asked = method === 'GET' ? new RegExp(`^${base}/([^/]+)$`).exec(path)?.[1] : undefined;
    if (asked) {
      const content = this.#words.get(asked) ?? this.shown.get(asked);
      if (!content) return answered({ code: 230110, msg: 'the message is gone' });
      return answered(null, { items: [{ message_id: asked, deleted: false, body: { content } }] });
    }
    const patched = method === 'PATCH' ? new RegExp(`^${base}/([^/]+)$`).exec(path)?.[1] : undefined;
    if (patched) return answered(this.#patch(patched, String(body.content)));
    return null;
  }

  #refusal({ msg_type, content }: Record<string, unknown>): Refusal | null {
    const text = String(content);
    if (msg_type !== 'interactive')
      return Buffer.byteLength(text) > 150 * 1024 ? { code: 230025, msg: 'message content too long' } : null;
    const card = JSON.parse(text) as { type?: string; card_id?: string; data?: { card_id?: string } };
    if (card.card_id) return { code: 200621, msg: 'parse card json err' };
    return card.type === 'card' ? this.cardkit.send(card.data?.card_id ?? '') : refusalOf(text);
  }

  #patch(message: string, content: string): Refusal | null {
    const shared = (text: string | undefined): boolean => {
      const card = JSON.parse(text ?? '{}') as { config?: { update_multi?: boolean } };
      return card.config?.update_multi === true;
    };
    if (!shared(this.shown.get(message)) || !shared(content)) return { code: 230001, msg: 'update_multi must be true' };
    const refusal = refusalOf(content);
    if (!refusal) this.shown.set(message, content);
    return refusal;
  }

  /** The token of a press: good for two changes of its card, once the press is answered. */
  protected pressed(message: string): string {
    const token = `c-${randomUUID()}`;
    this.#presses.set(token, { message, uses: 2, early: null, answered: false });
    return token;
  }

  /** A press is answered: what was changed before goes back to what it was. */
  protected answeredPress(token: string): void {
    const press = this.#presses.get(token);
    if (!press) return;
    press.answered = true;
    if (press.early !== null) this.shown.set(press.message, press.early);
  }

  #updateLater({ token, card }: Record<string, unknown>): Refusal | null {
    const press = this.#presses.get(String(token));
    if (!press || press.uses === 0) return { code: 230001, msg: 'token is unknown or used up' };
    press.uses -= 1;
    if (!press.answered) press.early ??= this.shown.get(press.message) ?? '';
    this.shown.set(press.message, JSON.stringify(card));
    return null;
  }
}
