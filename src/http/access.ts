import { randomBytes, timingSafeEqual } from 'node:crypto';
import type { Context } from 'koa';
import { type Logins, sessionMs } from '../assistant/policy/logins.ts';
import { AppError } from '../errors.ts';

const cookie = 'xiaoqing';
const loopback = /^(?:::1|(?:::ffff:)?127(?:\.\d+){3})$/;
const loopbackHost = /^(?:localhost|127(?:\.\d+){3}|\[::1\])$/;
/** What proxies, and nobody else, say of where a call comes from. */
const forwarding = /^(?:x-forwarded-.+|forwarded|via|x-real-ip|x-original-.+|x-client-ip|true-client-ip|cf-.+)$/;

/** Who makes a call, and as whom: a session of the page, or the bearer of API_TOKEN, which is a command line. */
export interface Visitor {
  by: 'page' | 'token';
  person: string;
  conversation: string;
}

const atThisMachine: Visitor = { by: 'page', person: 'web:page', conversation: 'web:page' };
const commandLine: Visitor = { by: 'token', person: 'terminal:cli', conversation: 'terminal:cli' };

/**
 * Who may speak to the API: the bearer of API_TOKEN, and the page by a session. At this machine the page has one by itself: on a
 * loopback address, asked for by a loopback name (a foreign name that resolves here is somebody else's page), with nothing between
 * (a proxy makes the whole world a loopback address, whether it says so or only PUBLIC_URL does). Everybody else logs in by a link.
 */
export class Access {
  readonly #own = randomBytes(24).toString('base64url');
  readonly #apiToken: string;
  readonly #logins: Logins;
  readonly #publicUrl: string | undefined;

  constructor({ apiToken, logins, publicUrl }: { apiToken: string; logins: Logins; publicUrl?: string | undefined }) {
    this.#apiToken = apiToken;
    this.#logins = logins;
    this.#publicUrl = publicUrl;
  }

  /** Whether the page may be shown; at this machine it gets its session. */
  async admit(ctx: Context): Promise<boolean> {
    if ((await this.#session(ctx)) !== null) return true;
    if (!this.#atThisMachine(ctx)) return false;
    ctx.cookies.set(cookie, this.#own, { httpOnly: true, sameSite: 'strict' });
    return true;
  }

  /** A link is used up for a session; false where it does not hold. What only looks ahead at it uses nothing up. */
  async login(ctx: Context, link: string): Promise<boolean> {
    if (ctx.method !== 'GET' || /prefetch|preview/.test(ctx.get('sec-purpose') + ctx.get('purpose'))) return false;
    const session = await this.#logins.redeem(link);
    if (session === null) return false;
    const secure = this.#overHttps(ctx);
    ctx.cookies.secure = secure;
    // Lax: the first call of the page comes from the chat the link stood in.
    ctx.cookies.set(cookie, session, { httpOnly: true, sameSite: 'lax', secure, maxAge: sessionMs });
    return true;
  }

  async visitor(ctx: Context): Promise<Visitor | null> {
    if (this.#hasToken(ctx)) return commandLine;
    return ['', 'same-origin', 'none'].includes(ctx.get('sec-fetch-site')) ? await this.#session(ctx) : null;
  }

  async #session(ctx: Context): Promise<Visitor | null> {
    const secret = ctx.cookies.get(cookie) ?? '';
    if (same(secret, this.#own)) return this.#atThisMachine(ctx) ? atThisMachine : null;
    const person = secret === '' ? null : await this.#logins.session(secret);
    return person === null ? null : { by: 'page', person, conversation: 'web:page' };
  }

  #atThisMachine(ctx: Context): boolean {
    return (
      this.#publicUrl === undefined &&
      loopback.test(ctx.req.socket.remoteAddress ?? '') &&
      loopbackHost.test(ctx.get('host').replace(/:\d+$/, '')) &&
      !Object.keys(ctx.headers).some((name) => forwarding.test(name))
    );
  }

  /**
   * Whether a call that changes something comes from our own page: a form of another page, or of another port of this host, has the
   * cookie as well, but neither this content type nor this origin. Codes: `api.not_json`, `api.foreign_origin`.
   */
  demandOwnPage(ctx: Context): void {
    if (!ctx.is('application/json')) throw new AppError('api.not_json', 'data');
    const origin = ctx.get('origin');
    const given = URL.canParse(origin) ? new URL(origin) : null;
    const ours = this.#publicUrl ? new URL(this.#publicUrl).origin : null;
    if (!given || (given.origin !== ours && given.host !== ctx.get('host')))
      throw new AppError('api.foreign_origin', 'auth');
  }

  /** Whether this machine asks, with nothing between, or somebody with the token. */
  mayScrape(ctx: Context): boolean {
    return this.#atThisMachine(ctx) || this.#hasToken(ctx);
  }

  #hasToken(ctx: Context): boolean {
    const bearer = /^Bearer (.+)$/.exec(ctx.get('authorization'))?.[1] ?? '';
    return same(bearer.trim(), this.#apiToken);
  }

  #overHttps(ctx: Context): boolean {
    return this.#publicUrl?.startsWith('https:') || /^https\b/.test(ctx.get('x-forwarded-proto'));
  }
}

function same(given: string, expected: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(expected)];
  return expected !== '' && a.length === b.length && timingSafeEqual(a, b);
}
