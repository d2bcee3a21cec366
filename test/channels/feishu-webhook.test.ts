import { createCipheriv, createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { WebhookVerifier } from '../../src/channels/feishu/webhook.ts';
import { webhookCall } from '../fakes/feishu.ts';

const now = new Date('2026-11-24T15:00:00+08:00');
const at = now.getTime();
const verifier = () => new WebhookVerifier({ encryptKey: 'encrypt', verificationToken: 'v' }, () => now);
const verify = (call: { body: string; headers: Record<string, string> }, one = verifier()) =>
  one.verify({ raw: Buffer.from(call.body), header: (name) => call.headers[name] ?? '' });
const event = { message: { message_id: 'om_1' } };

test('a true call is read from its raw bytes', () => {
  expect(verify(webhookCall(event, { at }))).toMatchObject({
    event: { message: { message_id: 'om_1' }, event_type: 'im.message.receive_v1' },
  });
});

describe('everything else is refused', () => {
  const good = webhookCall(event, { at });
  const plain = JSON.stringify({ schema: '2.0', header: { token: 'v' }, event });
  test.each([
    ['another key', webhookCall(event, { at, key: 'other' })],
    ['another token', webhookCall(event, { at, token: 'wrong' })],
    ['six minutes old', webhookCall(event, { at: at - 360_000 })],
    ['six minutes early', webhookCall(event, { at: at + 360_000 })],
    ['no signature', { ...good, headers: {} }],
    ['a signature of something else', { ...good, headers: { ...good.headers, 'x-lark-signature': 'ab'.repeat(32) } }],
    ['one byte changed', { ...good, body: good.body.replace('\n', ' ') }],
    ['cut short', { ...good, body: good.body.slice(0, 60) }],
    ['plaintext', { ...good, body: plain }],
    ['no JSON', { ...good, body: 'x' }],
    ['a timestamp that is none', { ...good, headers: { ...good.headers, 'x-lark-request-timestamp': 'soon' } }],
  ])('%s', (_what, call) => expect(verify(call)).toBeNull());

  test('the same call twice', () => {
    const one = verifier();
    expect(verify(good, one)).not.toBeNull();
    expect(verify(good, one)).toBeNull();
  });
});

test('the challenge is answered for our token only', () => {
  const challenge = (token: string) => {
    const iv = Buffer.alloc(16);
    const cipher = createCipheriv('aes-256-cbc', createHash('sha256').update('encrypt').digest(), iv);
    const text = JSON.stringify({ type: 'url_verification', challenge: 'abc', token });
    return {
      body: JSON.stringify({ encrypt: Buffer.concat([iv, cipher.update(text), cipher.final()]).toString('base64') }),
      headers: {},
    };
  };
  expect(verify(challenge('v'))).toEqual({ challenge: 'abc' });
  expect(verify(challenge('w'))).toBeNull();
});
