import { describe, expect, test } from 'vitest';
import { WebhookVerifier } from '../../src/channels/feishu/webhook.ts';
import { challengeCall, sign, type WebhookCall, webhookCall } from '../fakes/feishu.ts';

const now = new Date('2026-11-24T15:00:00+08:00');
const at = now.getTime();
const verifier = () => new WebhookVerifier({ encryptKey: 'encrypt', verificationToken: 'v' }, () => now);
const verify = (call: WebhookCall, one = verifier()) =>
  one.verify({ raw: Buffer.from(call.body), header: (name) => call.headers[name] ?? '' });
const event = { message: { message_id: 'om_1' } };

test('a true call is read from its raw bytes', () => {
  expect(verify(webhookCall(event, { at }))).toMatchObject({
    event: { message: { message_id: 'om_1' }, event_type: 'im.message.receive_v1' },
  });
});

describe('everything else is refused', () => {
  const good = webhookCall(event, { at });
  const { encrypt } = JSON.parse(good.body) as { encrypt: string };
  const plain = JSON.stringify({ schema: '2.0', header: { token: 'v' }, event });
  test.each([
    ['another key', webhookCall(event, { at, key: 'other' })],
    ['another token', webhookCall(event, { at, token: 'wrong' })],
    ['six minutes old', webhookCall(event, { at: at - 360_000 })],
    ['six minutes early', webhookCall(event, { at: at + 360_000 })],
    ['no signature', { ...good, headers: {} }],
    ['a signature of something else', { ...good, headers: { ...good.headers, 'x-lark-signature': 'ab'.repeat(32) } }],
    ['a signature that is none', { ...good, headers: { ...good.headers, 'x-lark-signature': 'zz' } }],
    ['one byte changed', { ...good, body: good.body.replace('\n', ' ') }],
    ['cut short', { ...good, body: good.body.slice(0, 60) }],
    ['plaintext', { ...good, body: plain }],
    ['plaintext, signed', sign(plain, { at })],
    ['encrypted with another key, signed with ours', webhookCall(event, { at, cipher: 'other' })],
    ['ciphertext cut short, signed', sign(JSON.stringify({ encrypt: encrypt.slice(0, -8) }), { at })],
    ['no ciphertext, signed', sign('{"encrypt":""}', { at })],
    ['no JSON', { ...good, body: 'x' }],
    ['a timestamp that is none', { ...good, headers: { ...good.headers, 'x-lark-request-timestamp': 'soon' } }],
  ])('%s', (_what, call) => expect(verify(call)).toBeNull());

  test.each<[string, (signature: string) => string]>([
    ['as it was', (signature) => signature],
    ['its signature in capitals', (signature) => signature.toUpperCase()],
    ['its signature with something behind it', (signature) => `${signature}zz`],
  ])('the same call twice, %s', (_what, written) => {
    const one = verifier();
    expect(verify(good, one)).not.toBeNull();
    const signature = written(good.headers['x-lark-signature'] ?? '');
    expect(verify({ ...good, headers: { ...good.headers, 'x-lark-signature': signature } }, one)).toBeNull();
  });
});

test('the challenge is answered for our token only, signed or not', () => {
  const unsigned = (token: string): WebhookCall => ({ ...challengeCall({ token }), headers: {} });
  expect(verify(unsigned('v'))).toEqual({ challenge: 'abc' });
  expect(verify(challengeCall({ at }))).toEqual({ challenge: 'abc' });
  expect(verify(unsigned('w'))).toBeNull();
  expect(verify(challengeCall({ at, token: 'w' }))).toBeNull();
  expect(verify(challengeCall({ at: at - 360_000 }))).toBeNull();
});
