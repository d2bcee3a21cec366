import { randomUUID } from 'node:crypto';
import { type Answer, Limit, Platform, type PlatformCall } from '../platform.ts';

const inputing = '2';

/** DingTalk's OpenAPI, session webhooks and custom robots, with the rules a bot runs into. */
export abstract class DingtalkApi extends Platform {
  /** What cards are refused with; changed by tests. */
  refuseCards: { status: number; code: string } | null = null;
  refuseTokens = false;
  /** Down: it answers nothing but this status. */
  down: number | null = null;
  /** The `errcode` of session webhooks, which is said over HTTP 200. */
  sessionError = 0;
  refuseUploads = false;
  /** Permissions the app lacks. */
  readonly lacks = new Set<string>();
  tokenSeconds = 7200;
  /** So many ms are a second to its limits; null = no limits. */
  second: number | null = null;
  #cards: Limit | null = null;
  #robots: Limit | null = null;
  #tokens = new Map<string, number>();
  /** The state of AI cards by `outTrackId`: `flowStatus`. */
  readonly #flow = new Map<string, string>();

  protected api(call: PlatformCall): Answer {
    const { path, headers } = call;
    if (this.down) return [this.down, {}];
    if (path === '/v1.0/oauth2/accessToken') return this.#token();
    if (path === '/robot/sendBySession') return this.#session(call);
    if (path === '/robot/send') return this.#robot(call);
    if (path === '/media/upload') return this.#upload(call);
    const token = String(headers['x-acs-dingtalk-access-token'] ?? call.query.get('access_token') ?? '');
    if ((this.#tokens.get(token) ?? 0) <= Date.now()) return [401, { code: 'InvalidAuthentication' }];
    const refused = this.#denied(path) ?? (path.startsWith('/v1.0/card') ? this.#card(call) : null);
    if (refused) return this.reply(call, refused, true);
    if (path.endsWith('/createAndDeliver')) return this.reply(call, [200, { success: true, result: delivered(call) }]);
    return this.reply(call, [200, { processQueryKey: 'q', result: true, success: true }]);
  }

  #token(): Answer {
    if (this.refuseTokens) return [500, {}];
    const accessToken = `token-${randomUUID()}`;
    this.#tokens.set(accessToken, Date.now() + this.tokenSeconds * 1000);
    return [200, { accessToken, expireIn: this.tokenSeconds }];
  }

  /** Every token given out so far is refused from now on. */
  expireToken(): void {
    this.#tokens.clear();
  }

  #session(call: PlatformCall): Answer {
    const code = Number(call.query.get('until')) <= Date.now() ? 300001 : this.sessionError;
    return this.reply(call, [200, { errcode: code, errmsg: code ? 'no' : 'ok' }], code !== 0);
  }

  /** The old API: token in the address, and what is wrong in HTTP 200. */
  #upload(call: PlatformCall): Answer {
    if ((this.#tokens.get(call.query.get('access_token') ?? '') ?? 0) <= Date.now())
      return this.reply(call, [200, { errcode: 40014, errmsg: 'invalid access_token' }], true);
    if (this.refuseUploads) return this.reply(call, [200, { errcode: 40004, errmsg: 'no' }], true);
    return this.reply(call, [200, { errcode: 0, media_id: '@media1' }]);
  }

  /** The permission a call needs, when the app lacks it. */
  #denied(path: string): Answer {
    const scope = path.startsWith('/v1.0/card/streaming')
      ? 'Card.Streaming.Write'
      : path.startsWith('/v1.0/card')
        ? 'Card.Instance.Write'
        : 'qyapi_robot_sendmsg';
    const code = 'Forbidden.AccessDenied.AccessTokenPermissionDenied';
    return this.lacks.has(scope) ? [403, { code, accessdenieddetail: { requiredScopes: [scope] } }] : null;
  }

  #robot(call: PlatformCall): Answer {
    if (this.second) this.#robots ??= new Limit(20, 60 * this.second);
    if (this.#robots && !this.#robots.allows(call.query.get('access_token') ?? ''))
      return this.reply(call, [200, { errcode: 130101, errmsg: 'send too fast, exceed 20 times per minute' }], true);
    return this.reply(call, [200, { errcode: 0, errmsg: 'ok' }]);
  }

  #card({ path, body }: PlatformCall): Answer {
    if (this.refuseCards) return [this.refuseCards.status, { code: this.refuseCards.code }];
    if (this.second) this.#cards ??= new Limit(20, this.second);
    if (this.#cards && !this.#cards.allows()) return [403, { code: 'Forbidden.AccessDenied.QpsLimitForApi' }];
    const id = String(body.outTrackId ?? '');
    const params = (body.cardData as { cardParamMap?: Record<string, unknown> } | undefined)?.cardParamMap ?? {};
    if (Object.values(params).some((value) => typeof value !== 'string')) return [400, { code: 'param.error' }];
    if (path === '/v1.0/card/streaming' && this.#flow.get(id) !== inputing) return [500, { code: 'unknownError' }];
    if (typeof params.flowStatus === 'string') this.#flow.set(id, params.flowStatus);
    return null;
  }
}

/** What somebody who quotes a card names it by. */
export const carrierOf = (outTrackId: string): string => `carrier-${outTrackId}`;

const delivered = ({ body }: PlatformCall): object => ({
  outTrackId: body.outTrackId,
  deliverResults: [{ success: true, carrierId: carrierOf(String(body.outTrackId)) }],
});
