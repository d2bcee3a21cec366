import type { DingtalkSettings } from '../../config.ts';
import { type Answered, call } from '../call.ts';
import { SendError } from '../channel.ts';
import { type Limit, Limits } from '../limits.ts';
import { refusal } from '../refusal.ts';

const earlyMs = 300_000;
/** Of the old API: token invalid or expired. */
const staleToken = new Set([40001, 40014, 42001]);
const deniedCode = 'Forbidden.AccessDenied.AccessTokenPermissionDenied';
const holdMs = 1500;

/** The app lacks permissions; `scopes` are their names on the console. */
export class PermissionError extends SendError {
  readonly scopes: readonly string[];
  constructor(scopes: readonly string[]) {
    super(`no permission: ${scopes.join(', ')}`, { reason: 'auth', recoverable: false });
    this.scopes = scopes;
  }
}

/**
 * DingTalk's OpenAPI within its limits: one token for all, asked for once at a time, renewed before it ends and when it is refused;
 * so many calls a second an app, and one a second a card.
 */
export class DingtalkApi {
  readonly #settings: DingtalkSettings;
  readonly #now: () => Date;
  readonly #limits: Limits;
  #token: { value: string; until: number } | null = null;
  #renewing: Promise<string> | null = null;

  constructor(settings: DingtalkSettings, now: () => Date, pace: number) {
    this.#settings = settings;
    this.#now = now;
    this.#limits = new Limits(pace);
  }

  /** A moment at which the app may call, and, where it is about one, the card. */
  async #slot(card?: string): Promise<void> {
    const limits: Limit[] = [{ key: 'app', count: this.#settings.qps, withinMs: 1000 }];
    if (card) limits.push({ key: card, count: 1, withinMs: 1000 });
    await this.#limits.slot(limits);
  }

  async #accessToken(): Promise<string> {
    if (this.#token && this.#token.until > this.#now().getTime()) return this.#token.value;
    this.#renewing ??= this.#renew().finally(() => {
      this.#renewing = null;
    });
    return await this.#renewing;
  }

  async #renew(): Promise<string> {
    const { apiBase, clientId, clientSecret } = this.#settings;
    const { status, body } = await call(`${apiBase}/v1.0/oauth2/accessToken`, {
      body: { appKey: clientId, appSecret: clientSecret },
    });
    if (typeof body.accessToken !== 'string')
      throw new SendError(`no access token (${status})`, { reason: 'auth', recoverable: true, retryAfterMs: 10_000 });
    const seconds = Number(body.expireIn ?? 7200);
    this.#token = { value: body.accessToken, until: this.#now().getTime() + Math.max(1000, seconds * 1000 - earlyMs) };
    return body.accessToken;
  }

  /** Asks for a token, whatever is cached. */
  async renewToken(): Promise<void> {
    await this.#renew();
  }

  /** A call with the token; refused ones (401) get a new token once. Limits are said with 403 or 429. `card`: the one it moves. */
  async call(
    method: 'POST' | 'PUT',
    path: string,
    body: object,
    { card }: { card?: string } = {},
  ): Promise<Record<string, unknown>> {
    await this.#slot(card);
    const attempt = async (): Promise<Answered> =>
      await call(`${this.#settings.apiBase}${path}`, {
        method,
        body,
        headers: { 'x-acs-dingtalk-access-token': await this.#accessToken() },
      });
    let answer = await attempt();
    if (answer.status === 401) {
      this.#token = null;
      answer = await attempt();
    }
    if (answer.status < 300) return answer.body;
    const code = String(answer.body.code ?? answer.status);
    if (code === deniedCode) throw new PermissionError(scopesOf(answer.body));
    const error = refusal({ status: answer.status, code, retryAfterMs: holdMs });
    if (error.reason === 'rate_limited') this.#limits.hold('app', holdMs);
    throw error;
  }

  /** Uploads a file; its `media_id`. The old API: token in the address, and `errcode` in HTTP 200. */
  async upload(type: 'image' | 'file', { name, bytes }: { name: string; bytes: Buffer }): Promise<string> {
    await this.#slot();
    const form = new FormData();
    form.set('media', new Blob([new Uint8Array(bytes)]), name);
    const { oapiBase } = this.#settings;
    const token = encodeURIComponent(await this.#accessToken());
    const address = `${oapiBase}/media/upload?access_token=${token}&type=${type}`;
    const { status, body } = await call(address, { body: form, timeoutMs: 60_000 });
    if (typeof body.media_id === 'string') return body.media_id;
    const code = Number(body.errcode ?? status);
    if (staleToken.has(code)) this.#token = null;
    throw refusal({ status, code });
  }

  /** Answers in a session. HTTP 200 says nothing: `errcode` does. */
  async reply(webhook: string, body: object): Promise<void> {
    await this.#slot();
    const { status, body: answer } = await call(webhook, { body });
    const code = Number(answer.errcode ?? (status < 300 ? 0 : status));
    if (code !== 0) throw refusal({ status, code });
  }

  /** Lets go of the timer. */
  stop(): void {
    this.#limits.stop();
  }
}

function scopesOf(body: Record<string, unknown>): string[] {
  const { requiredScopes } = (body.accessdenieddetail ?? {}) as { requiredScopes?: unknown };
  return Array.isArray(requiredScopes) ? requiredScopes.map(String) : [];
}
