import type { DingtalkSettings } from '../../config.ts';
import { type Answered, call } from '../call.ts';
import { SendError } from '../channel.ts';

const earlyMs = 300_000;
/** Of the old API: token invalid or expired. */
const staleToken = new Set([40001, 40014, 42001]);

/** DingTalk's OpenAPI: one token for all, asked for once at a time, renewed before it ends and when it is refused. */
export class DingtalkApi {
  readonly #settings: DingtalkSettings;
  readonly #now: () => Date;
  #token: { value: string; until: number } | null = null;
  #renewing: Promise<string> | null = null;

  constructor(settings: DingtalkSettings, now: () => Date) {
    this.#settings = settings;
    this.#now = now;
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
      throw new SendError(`no access token (${status})`, { recoverable: true, retryAfterMs: 10_000 });
    const seconds = Number(body.expireIn ?? 7200);
    this.#token = { value: body.accessToken, until: this.#now().getTime() + Math.max(1000, seconds * 1000 - earlyMs) };
    return body.accessToken;
  }

  /** Asks for a token, whatever is cached. */
  async check(): Promise<void> {
    await this.#renew();
  }

  /** A call with the token; refused ones (401) get a new token once. Limits are said with 403 or 429. */
  async call(method: 'POST' | 'PUT', path: string, body: object): Promise<Record<string, unknown>> {
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
    const limited = answer.status === 429 || (answer.status === 403 && /qps|throttl|limit/i.test(code));
    throw new SendError(code, {
      recoverable: limited || answer.status >= 500 || answer.status === 401,
      ...(limited ? { retryAfterMs: 1500 } : {}),
    });
  }

  /** Uploads a file; its `media_id`. The old API: token in the address, and `errcode` in HTTP 200. */
  async upload(type: 'image' | 'file', { name, bytes }: { name: string; bytes: Buffer }): Promise<string> {
    const form = new FormData();
    form.set('media', new Blob([new Uint8Array(bytes)]), name);
    const { oapiBase } = this.#settings;
    const token = encodeURIComponent(await this.#accessToken());
    const address = `${oapiBase}/media/upload?access_token=${token}&type=${type}`;
    const { status, body } = await call(address, { body: form, timeoutMs: 60_000 });
    if (typeof body.media_id === 'string') return body.media_id;
    const code = Number(body.errcode ?? status);
    if (staleToken.has(code)) this.#token = null;
    throw new SendError(`errcode ${code}`, { recoverable: staleToken.has(code) || code === -1 || status >= 500 });
  }

  /** Answers in a session. HTTP 200 says nothing: `errcode` does. */
  async reply(webhook: string, body: object): Promise<void> {
    const { status, body: answer } = await call(webhook, { body });
    const code = Number(answer.errcode ?? (status < 300 ? 0 : status));
    if (code === 0) return;
    throw new SendError(`errcode ${code}`, {
      recoverable: [130101, -1, 429].includes(code) || (code >= 500 && code < 600),
    });
  }
}
