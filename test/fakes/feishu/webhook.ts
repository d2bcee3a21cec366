import { createCipheriv, createHash, randomBytes, randomUUID } from 'node:crypto';

export interface WebhookCall {
  body: string;
  headers: Record<string, string>;
}

export interface Written {
  /** What signs; what encrypts is the same unless `cipher` says otherwise. */
  key?: string;
  cipher?: string;
  token?: string;
  at?: number;
  nonce?: string;
  id?: string;
  type?: string;
}

/** A webhook call as the platform makes it: encrypted, and signed over the raw bytes. */
export function webhookCall(event: object, { token = 'v', id = randomUUID(), ...written }: Written = {}): WebhookCall {
  const type = written.type ?? 'im.message.receive_v1';
  return signed({ schema: '2.0', header: { event_id: id, event_type: type, token }, event }, written);
}

/** The call by which the platform learns that an address is ours. */
export function challengeCall({ token = 'v', ...written }: Written = {}): WebhookCall {
  return signed({ type: 'url_verification', challenge: 'abc', token }, written);
}

function encrypted(envelope: object, key: string): string {
  const iv = randomBytes(16);
  const cipher = createCipheriv('aes-256-cbc', createHash('sha256').update(key).digest(), iv);
  return Buffer.concat([iv, cipher.update(JSON.stringify(envelope)), cipher.final()]).toString('base64');
}

function signed(envelope: object, { cipher, ...written }: Written): WebhookCall {
  const encrypt = encrypted(envelope, cipher ?? written.key ?? 'encrypt');
  return sign(JSON.stringify({ encrypt }, null, 1), written); // not minified: the raw bytes are what is signed
}

/** Any body, signed as the platform does. */
export function sign(
  body: string,
  { key = 'encrypt', at = Date.now(), nonce = randomUUID() }: Written = {},
): WebhookCall {
  const timestamp = String(Math.floor(at / 1000));
  const signature = createHash('sha256')
    .update(timestamp + nonce + key + body)
    .digest('hex');
  return {
    body,
    headers: {
      'x-lark-request-timestamp': timestamp,
      'x-lark-request-nonce': nonce,
      'x-lark-signature': signature,
    },
  };
}
