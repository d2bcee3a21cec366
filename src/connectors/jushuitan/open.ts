import { randomBytes } from 'node:crypto';
import type { OpenSettings } from '../../config.ts';
import { AppError } from '../../errors.ts';
import { stringifyExact } from '../../json.ts';
import type { StoredToken, TokenStore } from '../../sync/connector.ts';
import { post } from '../http.ts';
import { openError } from './errors.ts';
import { openSign } from './signature.ts';
import { type Answer, parseBody, readAnswer, type Wire } from './wire.ts';

/**
 * Open Platform V2: form POST with a signed `biz`. The token of the settings is where it begins; what a renewal brings is kept in
 * the store, is renewed by one caller at a time and once for each refusal (code 100).
 */
export function createOpenClient(
  settings: OpenSettings,
  wire: Wire,
  tokens: TokenStore,
): (path: string, biz: object) => Promise<Answer> {
  const name = `jushuitan:${settings.appKey}`;

  const call = async (path: string, params: Record<string, string>): Promise<Record<string, unknown>> => {
    await wire.pace();
    const signed = { ...params, sign: openSign(params, settings.appSecret) };
    const answer = await post({
      url: `${settings.baseUrl}${path}`,
      headers: { 'content-type': 'application/x-www-form-urlencoded;charset=utf-8' },
      body: new URLSearchParams(signed).toString(),
      timeoutMs: wire.timeoutMs,
      effect: false,
    });
    const body = parseBody(answer.text);
    const code = String(body.code ?? (body.issuccess === false ? 'unknown' : '0'));
    if (code !== '0') throw openError({ code, message: String(body.msg ?? '') });
    return (body.data ?? {}) as Record<string, unknown>;
  };

  const seconds = (): string => String(Math.floor(wire.now().getTime() / 1000));

  const renew = async (current: StoredToken | null): Promise<StoredToken> => {
    const refreshToken = current?.refreshToken || settings.refreshToken;
    const common = { app_key: settings.appKey, timestamp: seconds(), charset: 'utf-8' };
    const data = refreshToken
      ? await call('/openWeb/auth/refreshToken', {
          ...common,
          grant_type: 'refresh_token',
          refresh_token: refreshToken,
          scope: 'all',
        })
      : await call('/openWeb/auth/getInitToken', {
          ...common,
          grant_type: 'authorization_code',
          code: randomBytes(3).toString('hex'),
        });
    if (typeof data.access_token !== 'string') throw new AppError('jushuitan.token', 'auth', { category: 'session' });
    return {
      accessToken: data.access_token,
      refreshToken: String(data.refresh_token ?? refreshToken ?? ''),
      expiresAt: new Date(wire.now().getTime() + Number(data.expires_in ?? 86_400) * 1000),
    };
  };

  const accessToken = async (): Promise<string> => {
    const stored = await tokens.read(name);
    if (stored && stored.expiresAt > wire.now()) return stored.accessToken;
    if (!stored && settings.accessToken) return settings.accessToken;
    return (await tokens.renew(name, stored?.accessToken ?? null, renew)).accessToken;
  };

  return async (path, biz) => {
    const attempt = async (token: string): Promise<Answer> =>
      readAnswer(
        await call(path, {
          app_key: settings.appKey,
          access_token: token,
          timestamp: seconds(),
          charset: 'utf-8',
          version: '2',
          biz: stringifyExact(biz),
        }),
      );
    const token = await accessToken();
    try {
      return await attempt(token);
    } catch (error) {
      if (!(error instanceof AppError) || error.code !== 'jushuitan.token') throw error;
      return await attempt((await tokens.renew(name, token, renew)).accessToken);
    }
  };
}
