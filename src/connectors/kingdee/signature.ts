import { createHash, createHmac } from 'node:crypto';
import type { KingdeeSettings } from '../../config.ts';

/** The public mask of the vendor's SDKs; the key is this text itself, not its hex value. */
const mask = Buffer.from('0054f397c6234378b09ca7d3e5debce7', 'utf8');

/** The gateway secret inside an AppID `clientId_<32 characters>`; empty when the AppID has no such part (private deployments). */
function clientSecret(encoded: string): string {
  if (encoded.length !== 32) return '';
  const bytes = Buffer.from(encoded, 'base64');
  return Buffer.from(bytes.map((byte, index) => byte ^ (mask[index] ?? 0))).toString('base64');
}

/** Base64 of the 64 characters of the hexadecimal HMAC-SHA256, as the vendor's SDKs do it. */
export function sign(message: string, key: string): string {
  return Buffer.from(createHmac('sha256', key).update(message, 'utf8').digest('hex'), 'utf8').toString('base64');
}

/** X-Api and X-Kd headers of one signed request (SDK 8.2.0). `seconds` is used as time and as nonce. */
export function signedHeaders(settings: KingdeeSettings, url: string, seconds: string): Record<string, string> {
  const { appId = '', appSecret = '', acctId, username, lcid, orgNum } = settings;
  const [clientId = '', encoded = ''] = appId.split('_');
  const path = encodeURIComponent(new URL(url).pathname);
  const text = `POST\n${path}\n\nx-api-nonce:${seconds}\nx-api-timestamp:${seconds}\n`;
  const appData = `${acctId},${username},${lcid},${orgNum}`;
  return {
    'X-Api-ClientID': clientId,
    'X-Api-Auth-Version': '2.0',
    'x-api-timestamp': seconds,
    'x-api-nonce': seconds,
    'x-api-signheaders': 'x-api-timestamp,x-api-nonce',
    'X-Api-Signature': sign(text, clientSecret(encoded)),
    'X-Kd-Appkey': appId,
    'X-Kd-Appdata': Buffer.from(appData, 'utf8').toString('base64'),
    'X-Kd-Signature': sign(appId + appData, appSecret),
  };
}

/** The sign of LoginBySign: lower-case hex SHA-256 of the five values in ordinal order. */
export function loginSign(values: readonly string[]): string {
  return createHash('sha256')
    .update([...values].sort().join(''), 'utf8')
    .digest('hex');
}
