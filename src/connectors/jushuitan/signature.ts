import { createHash, createHmac } from 'node:crypto';
import type { SignMethod } from '../../config.ts';

/** name+value of every non-empty parameter except `sign`, in ordinal order of names. */
function canonical(params: Readonly<Record<string, string>>): string {
  return Object.keys(params)
    .filter((name) => name !== 'sign' && params[name] !== '')
    .sort((a, b) => (a < b ? -1 : 1))
    .map((name) => `${name}${params[name]}`)
    .join('');
}

/** TOP signature of the Qimen gateway: upper-case hex of MD5(secret + S + secret), or HMAC with the secret as the key. */
export function topSign(params: Readonly<Record<string, string>>, secret: string, method: SignMethod): string {
  const text = canonical(params);
  const digest =
    method === 'md5'
      ? createHash('md5').update(secret + text + secret)
      : createHmac(method === 'hmac' ? 'md5' : 'sha256', secret).update(text);
  return digest.digest('hex').toUpperCase();
}

/** Signature of Open Platform V2 (its document 70): lower-case hex of MD5(secret + S). */
export function openSign(params: Readonly<Record<string, string>>, secret: string): string {
  return createHash('md5')
    .update(secret + canonical(params))
    .digest('hex');
}
