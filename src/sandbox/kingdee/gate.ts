import { createHash, createHmac, randomUUID, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';

export const account = {
  acctId: 'sandbox-dc',
  username: 'integration',
  password: 'sandbox-password',
  appId: '300001_U2FuZGJveEFwcFNlY3JldFBhcnRBQkNE',
  appSecret: 'sandbox-app-secret',
};

const same = (a: string, b: string): boolean =>
  a.length === b.length && timingSafeEqual(Buffer.from(a), Buffer.from(b));

/** Logins and sessions of the sandbox; a session ends after 20 idle minutes, or when a test says so. */
export class Gate {
  #sessions = new Map<string, number>();
  readonly #now: () => Date;

  constructor(now: () => Date) {
    this.#now = now;
  }

  /** A session id, or null when the login is refused. */
  login(operation: string, parameters: readonly unknown[]): string | null {
    const given = parameters.map(String);
    const { acctId, username, password, appId, appSecret } = account;
    const accepted =
      operation === 'ValidateUser'
        ? given[0] === acctId && given[1] === username && given[2] === password
        : operation === 'LoginByAppSecret'
          ? given[0] === acctId && given[1] === username && given[2] === appId && given[3] === appSecret
          : operation === 'LoginBySign' &&
            given[0] === acctId &&
            given[1] === username &&
            given[2] === appId &&
            this.#signed(given);
    if (!accepted) return null;
    const id = randomUUID();
    this.#sessions.set(id, this.#now().getTime());
    return id;
  }

  #signed(given: readonly string[]): boolean {
    const [acctId = '', username = '', appId = '', seconds = '', sign = ''] = given;
    if (!this.#fresh(seconds)) return false;
    const text = [acctId, username, appId, account.appSecret, seconds]
      .sort((a, b) => (a < b ? -1 : 1))
      .reduce((all, part) => all + part, '');
    return same(sign, createHash('sha256').update(Buffer.from(text)).digest('hex'));
  }

  #fresh(seconds: string): boolean {
    const at = seconds.length > 11 ? Number(seconds) : Number(seconds) * 1000;
    return Math.abs(at - this.#now().getTime()) < 600_000;
  }

  /** Whether a call carries a living session or a right signature of its own. */
  admits(headers: IncomingHttpHeaders, path: string): boolean {
    if (headers['x-kd-signature']) return this.#signedCall(headers, path);
    const id = /kdservice-sessionid=([^;]+)/.exec(headers.cookie ?? '')?.[1] ?? '';
    const last = this.#sessions.get(id);
    if (last === undefined || this.#now().getTime() - last > 1_200_000) return false;
    this.#sessions.set(id, this.#now().getTime());
    return true;
  }

  #signedCall(headers: IncomingHttpHeaders, path: string): boolean {
    const header = (name: string): string => String(headers[name] ?? '');
    const hex = (text: string, key: string | Buffer): string =>
      Buffer.from(createHmac('sha256', key).update(text).digest('hex')).toString('base64');
    const appData = Buffer.from(header('x-kd-appdata'), 'base64').toString();
    const [acctId, username] = appData.split(',');
    if (header('x-kd-appkey') !== account.appId || acctId !== account.acctId || username !== account.username)
      return false;
    if (!same(header('x-kd-signature'), hex(account.appId + appData, account.appSecret))) return false;
    const [clientId, encoded = ''] = account.appId.split('_');
    const secret = Buffer.from(encoded, 'base64');
    const xor = '0054f397c6234378b09ca7d3e5debce7';
    for (let i = 0; i < secret.length; i++) secret[i] = (secret[i] ?? 0) ^ xor.charCodeAt(i);
    const nonce = header('x-api-nonce');
    const stamp = header('x-api-timestamp');
    const text = ['POST', path.replaceAll('/', '%2F'), '', `x-api-nonce:${nonce}`, `x-api-timestamp:${stamp}`, ''].join(
      '\n',
    );
    return (
      header('x-api-clientid') === clientId &&
      this.#fresh(stamp) &&
      same(header('x-api-signature'), hex(text, secret.toString('base64')))
    );
  }

  dropAll(): void {
    this.#sessions = new Map();
  }
}
