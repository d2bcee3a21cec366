import type { KingdeeSettings } from '../../config.ts';
import { AppError } from '../../errors.ts';
import { stringifyExact } from '../../json.ts';
import { type HttpAnswer, post } from '../http.ts';
import { loginRefused, messageIn, objectIn, saysSessionLost } from './errors.ts';
import { withoutSecrets } from './said.ts';
import { loginSign, signedHeaders } from './signature.ts';

const service = 'Kingdee.BOS.WebApi.ServicesStub';

/** Takes a refusal of 金蝶, its own words in the cause, and the operation that was refused. */
export type Log = (error: AppError, where: string) => void;

/** Sends calls as one integration user: signed headers, or a login whose cookies are replayed and renewed when they are lost. */
export class Session {
  readonly log: Log;
  readonly #settings: KingdeeSettings;
  readonly #timeoutMs: number;
  readonly #now: () => Date;
  readonly #base: string;
  #cookies = new Map<string, string>();
  #login: Promise<void> | null = null;
  #generation = 0;

  constructor(settings: KingdeeSettings, timeoutMs: number, now: () => Date, log: Log = () => undefined) {
    this.log = log;
    this.#settings = settings;
    this.#timeoutMs = timeoutMs;
    this.#now = now;
    this.#base = `${settings.baseUrl.replace(/\/+$/, '')}/`;
  }

  /** One call, logged in. `name` is the part before `.common.kdsvc`; `session` names the login it went out with. */
  async send(name: string, body: object, effect: boolean): Promise<{ text: string; session: number }> {
    if (this.#settings.auth !== 'signature' && this.#cookies.size === 0) await this.#loginOnce();
    const session = this.#generation;
    const { text } = await this.#post(`${service}.DynamicFormService.${name}`, body, effect);
    return { text, session };
  }

  /** Forgets a session that is lost, so that the next call begins a new one; one that was renewed meanwhile stays. */
  drop(session: number): void {
    if (session !== this.#generation) return;
    this.#generation += 1;
    this.#cookies = new Map();
  }

  /** A sentence of the server without what only we and it may know. */
  clean(text: string): string {
    const { password, appId, appSecret } = this.#settings;
    return withoutSecrets(text, [password, appSecret, appId, ...this.#cookies.values()]);
  }

  async #post(name: string, body: object, effect: boolean): Promise<HttpAnswer> {
    const url = `${this.#base}${name}.common.kdsvc`;
    const seconds = String(Math.floor(this.#now().getTime() / 1000));
    const headers: Record<string, string> = { 'content-type': 'application/json', accept: 'application/json' };
    if (this.#settings.auth === 'signature') Object.assign(headers, signedHeaders(this.#settings, url, seconds));
    if (this.#cookies.size > 0) {
      headers.cookie = [...this.#cookies].map(([key, value]) => `${key}=${value}`).join('; ');
      const id = this.#cookies.get('kdservice-sessionid');
      if (id) headers['kdservice-sessionid'] = id;
    }
    const answer = await post({
      url,
      headers,
      body: stringifyExact(body),
      timeoutMs: this.#timeoutMs,
      effect,
      readRefusal: saysSessionLost,
    });
    for (const cookie of answer.headers.getSetCookie()) {
      const match = /^([^=;]+)=([^;]*)/.exec(cookie);
      if (match?.[1]) this.#cookies.set(match[1].trim(), match[2] ?? '');
    }
    return answer;
  }

  /** However many calls find no session, one login is sent. */
  async #loginOnce(): Promise<void> {
    this.#login ??= this.#authenticate().finally(() => {
      this.#login = null;
    });
    await this.#login;
  }

  async #authenticate(): Promise<void> {
    const { auth, acctId, username, password = '', appId = '', appSecret = '', lcid } = this.#settings;
    const seconds = String(Math.floor(this.#now().getTime() / 1000));
    const [operation, parameters] =
      auth === 'password'
        ? ['ValidateUser', [acctId, username, password, lcid]]
        : auth === 'app-secret'
          ? ['LoginByAppSecret', [acctId, username, appId, appSecret, lcid]]
          : [
              'LoginBySign',
              [acctId, username, appId, seconds, loginSign([acctId, username, appId, appSecret, seconds]), lcid],
            ];
    const { text } = await this.#post(`${service}.AuthService.${operation}`, { parameters }, false);
    const reply = objectIn(text);
    if (reply?.LoginResultType !== 1 && reply?.IsSuccessByAPI !== true) {
      const said = this.clean(messageIn(text));
      this.drop(this.#generation);
      // A page instead of an answer: nobody there was asked to let us in.
      if (!reply && !/^"?\s*response_error:/i.test(text) && !saysSessionLost(text))
        throw new AppError('kingdee.malformed', 'transient', { category: 'transport' });
      const error = loginRefused(said, String(reply?.LoginResultType ?? '?'));
      this.log(error, `kingdee.${operation}`);
      throw error;
    }
    const id = reply.KDSVCSessionId;
    if (this.#cookies.size === 0 && typeof id === 'string') this.#cookies.set('kdservice-sessionid', id);
    this.#generation += 1;
  }
}
