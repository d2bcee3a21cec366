import { createDecipheriv, createHash, timingSafeEqual } from 'node:crypto';
import type { FeishuEvent } from './messages.ts';

export interface WebhookKeys {
  encryptKey: string;
  verificationToken?: string;
}

export interface WebhookRequest {
  raw: Buffer;
  header: (name: string) => string;
}

export type Verified = { challenge: string } | { event: FeishuEvent };

const freshMs = 300_000;

/**
 * Verifies, decrypts and reads one webhook call: signature over the raw bytes, five minutes either way, every nonce once, token.
 * The SDK's own check hashes re-serialised JSON, knows no time and answers 2xx to forgeries. Null = 401.
 */
export class WebhookVerifier {
  readonly #key: Buffer;
  readonly #keys: WebhookKeys;
  readonly #now: () => Date;
  readonly #seen = new Map<string, number>();

  constructor(keys: WebhookKeys, now: () => Date) {
    this.#keys = keys;
    this.#key = createHash('sha256').update(keys.encryptKey).digest();
    this.#now = now;
  }

  verify({ raw, header }: WebhookRequest): Verified | null {
    const signature = header('x-lark-signature');
    // The challenge may come unsigned; all else is not even decrypted before its signature holds.
    if (signature && !this.#signed(raw, header, signature)) return null;
    const body = this.#open(raw);
    if (!body) return null;
    const head = (body.header ?? {}) as { event_id?: string; event_type?: string; token?: string };
    if (!this.#tokenHolds(head.token ?? body.token)) return null;
    if (body.type === 'url_verification')
      return typeof body.challenge === 'string' ? { challenge: body.challenge } : null;
    if (!signature) return null;
    const { event_id, event_type } = head;
    return {
      event: {
        ...(body.event as FeishuEvent),
        ...(event_id ? { event_id } : {}),
        ...(event_type ? { event_type } : {}),
      },
    };
  }

  /** What could not be kept may come again as it was. */
  forget({ header }: WebhookRequest): void {
    this.#seen.delete(header('x-lark-signature').toLowerCase());
  }

  #signed(raw: Buffer, header: WebhookRequest['header'], signature: string): boolean {
    const timestamp = header('x-lark-request-timestamp');
    const now = this.#now().getTime();
    if (!(Math.abs(Number(timestamp) * 1000 - now) <= freshMs)) return false;
    const expected = createHash('sha256')
      .update(timestamp + header('x-lark-request-nonce') + this.#keys.encryptKey)
      .update(raw)
      .digest();
    const given = Buffer.from(signature, 'hex');
    return (
      given.length === expected.length && timingSafeEqual(given, expected) && this.#first(expected.toString('hex'), now)
    );
  }

  /** The body decrypted; only ciphertext is taken. */
  #open(raw: Buffer): Record<string, unknown> | null {
    try {
      const { encrypt } = JSON.parse(raw.toString('utf8')) as { encrypt?: unknown };
      if (typeof encrypt !== 'string') return null;
      const bytes = Buffer.from(encrypt, 'base64');
      const decipher = createDecipheriv('aes-256-cbc', this.#key, bytes.subarray(0, 16));
      const text = Buffer.concat([decipher.update(bytes.subarray(16)), decipher.final()]).toString('utf8');
      const value = JSON.parse(text) as unknown;
      return value !== null && typeof value === 'object' ? (value as Record<string, unknown>) : null;
    } catch {
      return null;
    }
  }

  #tokenHolds(token: unknown): boolean {
    const { verificationToken } = this.#keys;
    if (!verificationToken) return true;
    const [given, own] = [Buffer.from(String(token ?? '')), Buffer.from(verificationToken)];
    return given.length === own.length && timingSafeEqual(given, own);
  }

  #first(key: string, now: number): boolean {
    if (this.#seen.has(key)) return false;
    this.#seen.set(key, now);
    for (const [old, at] of this.#seen) {
      if (at > now - 2 * freshMs && this.#seen.size < 50_000) break;
      this.#seen.delete(old);
    }
    return true;
  }
}
