import { createCipheriv, createHash, randomBytes, randomUUID } from 'node:crypto';

export interface WebhookCall {
  body: string;
  headers: Record<string, string>;
}

export interface Written {
  key?: string;
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

function signed(envelope: object, { key = 'encrypt', at = Date.now(), nonce = randomUUID() }: Written): WebhookCall {
  const iv = randomBytes(16);
  const cipher = createCipheriv('aes-256-cbc', createHash('sha256').update(key).digest(), iv);
  const encrypt = Buffer.concat([iv, cipher.update(JSON.stringify(envelope)), cipher.final()]).toString('base64');
  const body = JSON.stringify({ encrypt }, null, 1); // not minified: the raw bytes are what is signed
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
