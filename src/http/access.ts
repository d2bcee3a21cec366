import { randomBytes, timingSafeEqual } from 'node:crypto';
import type { Context } from 'koa';

const cookie = 'xiaoqing';
const loopback = /^(?:::1|(?:::ffff:)?127(?:\.\d+){3})$/;
const loopbackHost = /^(?:localhost|127(?:\.\d+){3}|\[::1\])$/;

export type Visitor = 'page' | 'token';

/**
 * Who may speak to the API: the bearer of API_TOKEN, and the page by a session of its own. A session is handed out on a
 * loopback address that was asked for by a loopback name (a foreign name that resolves to this machine is somebody else's
 * page), elsewhere only to `/?token=API_TOKEN`.
 */
export class Access {
  readonly #session = randomBytes(24).toString('base64url');
  readonly #apiToken: string;

  constructor(apiToken: string) {
    this.#apiToken = apiToken;
  }

  /** Opens the page's session where that is allowed. */
  admit(ctx: Context): boolean {
    const local =
      loopback.test(ctx.req.socket.remoteAddress ?? '') &&
      loopbackHost.test(ctx.get('host').replace(/:\d+$/, '')) &&
      ctx.get('x-forwarded-for') === '';
    const { token } = ctx.query;
    if (!local && !same(typeof token === 'string' ? token : '', this.#apiToken)) return this.#ownSession(ctx);
    ctx.cookies.set(cookie, this.#session, { httpOnly: true, sameSite: 'strict' });
    return true;
  }

  visitor(ctx: Context): Visitor | null {
    if (this.#ownSession(ctx) && ['', 'same-origin', 'none'].includes(ctx.get('sec-fetch-site'))) return 'page';
    const bearer = /^Bearer (.+)$/.exec(ctx.get('authorization'))?.[1] ?? '';
    return same(bearer.trim(), this.#apiToken) ? 'token' : null;
  }

  #ownSession(ctx: Context): boolean {
    return same(ctx.cookies.get(cookie) ?? '', this.#session);
  }
}

function same(given: string, expected: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(expected)];
  return expected !== '' && a.length === b.length && timingSafeEqual(a, b);
}
