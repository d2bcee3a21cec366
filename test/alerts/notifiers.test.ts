import { inspect } from 'node:util';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createRobots, dingtalkSignature, feishuSignature } from '../../src/alerts/robots.ts';
import { parseRules, type Rules } from '../../src/alerts/rules.ts';
import { SendError, type Sender } from '../../src/channels/channel.ts';
import { createDingtalk } from '../../src/channels/dingtalk/channel.ts';
import { createFeishu } from '../../src/channels/feishu/channel.ts';
import type { Card } from '../../src/channels/message.ts';
import { Outbox } from '../../src/channels/outbox.ts';
import type { Pace } from '../../src/store/pace.ts';
import { type Call, type Gateway, type Reply, startGateway } from '../fakes/gateway.ts';
import { type House, openHouse } from './house.ts';

const secrets = ['cl1ent-s3cret', 'app-s3cret', 'acc3ss-t0ken', 'h00k-t0ken', 'SECr0bot'];
const card: Card = {
  id: 'alert-1',
  title: '🔴 物料不存在',
  tone: 'bad',
  blocks: [{ type: 'fields', fields: [{ label: '影响', value: '3 单' }] }],
  buttons: [],
};

let house: House;
let gateway: Gateway;
let refuse: (call: Call) => Reply;
beforeAll(async () => {
  house = await openHouse();
  gateway = await startGateway((call) => {
    if (/accessToken$/.test(call.path)) return JSON.stringify({ accessToken: 'acc3ss-t0ken', expireIn: 7200 });
    if (/tenant_access_token/.test(call.path))
      return JSON.stringify({ code: 0, tenant_access_token: 'acc3ss-t0ken', expire: 7200 });
    if (/bot\/v3\/info/.test(call.path)) return '{"code":0}';
    return refuse(call);
  });
});
afterAll(async () => {
  await house.end();
  await gateway.close();
});
beforeEach(() => {
  gateway.calls.length = 0;
});

const freePace = { tryTake: async () => 0, penalize: async () => undefined } as unknown as Pace;
const robotRules = (): Rules => {
  const robots = ['dingtalk', 'feishu', 'generic'].map(
    (kind) =>
      `{ name: ${kind}, kind: ${kind}, url: "${gateway.origin}/robot?access_token=h00k-t0ken", secret: SECr0bot }`,
  );
  const rules = parseRules(`robots: [${robots.join(', ')}]`, 'a.yaml');
  return { current: () => rules } as Rules;
};
const told: unknown[] = [];
const parts = { now: () => new Date(1_700_000_000_000), onError: (error: unknown) => void told.push(error) };
const robots = (): Sender => createRobots({ ...parts, rules: robotRules(), pace: freePace });
const feishu = (): Sender =>
  createFeishu({ appId: 'cli_1', appSecret: 'app-s3cret', domain: gateway.origin, mode: 'websocket' }, parts);
const dingtalk = (): Sender =>
  createDingtalk(
    {
      clientId: 'ding1',
      clientSecret: 'cl1ent-s3cret',
      robotCode: 'ding1',
      apiBase: gateway.origin,
      oapiBase: gateway.origin,
      cardTemplateId: 'tpl',
      qps: 20,
    },
    parts,
  );
/** Every notifier there is, and an address of it. */
const notifiers: Record<string, [make: () => Sender, receiver: string]> = {
  'DingTalk app': [dingtalk, 'dingtalk:cid1'],
  'Feishu app': [feishu, 'feishu:oc_1'],
  'DingTalk robot': [robots, 'robot:dingtalk'],
  'Feishu robot': [robots, 'robot:feishu'],
  'generic webhook': [robots, 'robot:generic'],
};

/** Nothing secret in whatever a notifier lets out, however deep it is looked into. */
function assertLeaksNoSecret(...out: unknown[]): void {
  for (const one of out)
    for (const text of [String(one), inspect(one, { depth: 10, showHidden: true }), JSON.stringify(one) ?? ''])
      for (const secret of secrets) expect(text).not.toContain(secret);
}

type Row = [what: string, answer: { status?: number; body?: object } | null, reason: string, recoverable: boolean];
const byStatus: Row[] = [
  ['400', { status: 400 }, 'client_error', false],
  ['401', { status: 401 }, 'auth', true],
  ['402', { status: 402 }, 'client_error', false],
  ['403', { status: 403 }, 'auth', false],
  ['404', { status: 404 }, 'client_error', false],
  ['405', { status: 405 }, 'client_error', false],
  ['408', { status: 408 }, 'server_error', true],
  ['409', { status: 409 }, 'client_error', false],
  ['410', { status: 410 }, 'client_error', false],
  ['413', { status: 413 }, 'client_error', false],
  ['415', { status: 415 }, 'client_error', false],
  ['422', { status: 422 }, 'client_error', false],
  ['429', { status: 429 }, 'rate_limited', true],
  ['500', { status: 500 }, 'server_error', true],
  ['501', { status: 501 }, 'server_error', true],
  ['502', { status: 502 }, 'server_error', true],
  ['503', { status: 503 }, 'server_error', true],
  ['504', { status: 504 }, 'server_error', true],
  ['a cut line', null, 'unreachable', true],
];
const byCode: Record<string, Row[]> = {
  'DingTalk app': [
    ['a limit', { status: 403, body: { code: 'Forbidden.AccessDenied.QpsLimitForApi' } }, 'rate_limited', true],
    ['no permission', { status: 403, body: { code: 'Forbidden.AccessDenied.PermissionDenied' } }, 'auth', false],
    ['busy', { status: 503, body: { code: 'ServiceUnavailable' } }, 'server_error', true],
  ],
  'Feishu app': [
    ['too fast, in HTTP 200', { body: { code: 230020 } }, 'rate_limited', true],
    ['too fast, in HTTP 400', { status: 400, body: { code: 99991400 } }, 'rate_limited', true],
    ['token gone', { status: 400, body: { code: 99991663 } }, 'auth', true],
    ['no permission', { status: 400, body: { code: 99991672 } }, 'auth', false],
    ['not in the group', { body: { code: 230002 } }, 'client_error', false],
  ],
  'DingTalk robot': [
    ['too fast', { body: { errcode: 130101 } }, 'rate_limited', true],
    ['busy', { body: { errcode: -1 } }, 'server_error', true],
    ['signature, keyword or address', { body: { errcode: 310000 } }, 'auth', false],
    ['no such robot', { body: { errcode: 300005 } }, 'auth', false],
    ['too large', { body: { errcode: 460101 } }, 'client_error', false],
  ],
  'Feishu robot': [
    ['too fast', { body: { code: 11232 } }, 'rate_limited', true],
    ['too fast, the other way', { body: { code: 9499 } }, 'rate_limited', true],
    ['signature', { body: { code: 19021 } }, 'auth', false],
    ['address', { body: { code: 19022 } }, 'auth', false],
    ['keyword', { body: { code: 19024 } }, 'auth', false],
    ['malformed', { body: { code: 9499001 } }, 'client_error', false],
  ],
};

describe.each(Object.entries(notifiers))('%s', (name, [make, receiver]) => {
  test.each([...byStatus, ...(byCode[name] ?? [])])(
    '%s is told as (reason, recoverable) and leaks nothing',
    async (_what, answer, reason, recoverable) => {
      // A platform that says back all it was told.
      refuse = ({ path, headers, body }) =>
        answer && {
          status: answer.status ?? 200,
          body: JSON.stringify({ msg: { path, headers, body }, ...answer.body }),
        };
      told.length = 0;
      const error = await make()
        .send(receiver, { text: card.title, card }, { key: 'k' })
        .then(
          () => null,
          (thrown: unknown) => thrown,
        );
      expect(error).toBeInstanceOf(SendError);
      expect(error).toMatchObject({ reason, recoverable });
      assertLeaksNoSecret(error, ...told);
    },
  );

  test('no secret in the rows of the outbox, in what it tells, nor in what is sent', async () => {
    refuse = () => ({ status: 503, body: '{}' });
    told.length = 0;
    const { sql } = house.app.store;
    const kind = receiver.split(':', 1)[0] ?? '';
    const outbox = new Outbox({
      ...parts,
      sql,
      now: house.now,
      channels: new Map([[kind, make()]]),
      onSent: async () => undefined,
    });
    await outbox.put(receiver, { reply: { text: card.title, card } });
    await outbox.flush();
    expect(told).toHaveLength(1);
    assertLeaksNoSecret(...told, await sql.query('select * from outbox'), await sql.query('select * from sent_cards'));
    for (const { body } of gateway.calls.filter(({ path }) => !/oken/.test(path.split('?')[0] ?? '')))
      assertLeaksNoSecret(body);
    await outbox.stop();
    await house.reset();
  });
});

describe('custom robots', () => {
  const send = (receiver: string, one: Card = card, handle?: object) =>
    robots().send(receiver, { text: one.title, card: one }, { key: 'k', ...(handle ? { handle: { ...handle } } : {}) });
  afterEach(() => house.reset());

  test('the two signatures', async () => {
    const now = new Date(1_700_000_000_000);
    expect(dingtalkSignature('SEC', now)).toBe(
      '&timestamp=1700000000000&sign=r%2B2we0q01lkZqz38LA5IPNbHN81U1leRf3Au4PSQb6Q%3D',
    );
    expect(feishuSignature('SEC', now).timestamp).toBe('1700000000');
  });

  test('each gets its own form: signed address, signed body, the contract’s object', async () => {
    refuse = () => '{}';
    const report = { fingerprint: 'f', category: 'material_missing', state: 'firing', count: 3 };
    for (const kind of ['dingtalk', 'feishu', 'generic']) await send(`robot:${kind}`, card, { alerts: [report] });
    const [first, second, third] = gateway.calls;
    expect(first?.path).toMatch(/\?access_token=h00k-t0ken&timestamp=\d{13}&sign=/);
    expect(JSON.parse(second?.body ?? '')).toMatchObject({ msg_type: 'interactive', timestamp: '1700000000' });
    expect(JSON.parse(third?.body ?? '')).toMatchObject({ ...report, title: card.title });
  });

  test.each(['dingtalk', 'feishu', 'generic'])('%s: 20 KB hold, cut at a character, and it says so', async (kind) => {
    refuse = () => '{}';
    const rows = Array.from({ length: 400 }, (_, n) => [`原因${n}`, '很长的一段话🔴'.repeat(10)]);
    await send(`robot:${kind}`, { ...card, blocks: [{ type: 'table', columns: ['a', 'b'], rows }] });
    await send(`robot:${kind}`, { ...card, blocks: [{ type: 'text', text: '一二三🔴"\n'.repeat(9000) }] });
    for (const { body } of gateway.calls) {
      expect(Buffer.byteLength(body)).toBeLessThanOrEqual(20_000);
      expect(body).not.toContain('\ufffd');
    }
    expect(gateway.calls[0]?.body).toContain('还有');
    expect(gateway.calls[1]?.body).toMatch(/太长|…/);
  });

  test('20 a minute to DingTalk, 5 a second and 100 a minute to Feishu; what is too much comes later, all of it', async () => {
    const taken: Record<string, number[]> = { dingtalk: [], feishu: [] };
    house.rules = `robots: [{ name: dingtalk, kind: dingtalk, url: "GATEWAY/dingtalk?x=1" }, { name: feishu, kind: feishu, url: "GATEWAY/feishu" }]`;
    const { outbox } = house.node();
    for (let n = 0; n < 45; n++)
      await house.app.store.sql.transaction((tx) => outbox.enqueue(tx, 'robot:dingtalk', { reply: { text: `${n}` } }));
    for (let n = 0; n < 12; n++)
      await house.app.store.sql.transaction((tx) => outbox.enqueue(tx, 'robot:feishu', { reply: { text: `${n}` } }));
    for (let n = 0; n < 200 && house.heard.length < 57; n++) {
      await outbox.flush();
      house.app.clock.now += 1000;
    }
    for (const { at, receiver } of house.heard) taken[receiver.slice(6)]?.push(at);
    const within = (times: number[], from: number, seconds: number) =>
      times.filter((at) => at >= from && at < from + seconds).length;
    expect(taken.dingtalk).toHaveLength(45);
    expect(taken.feishu).toHaveLength(12);
    for (let from = 0; from < 200; from++) {
      expect(within(taken.dingtalk ?? [], from, 60)).toBeLessThanOrEqual(20);
      expect(within(taken.feishu ?? [], from, 1)).toBeLessThanOrEqual(5);
    }
  });

  test('a robot that is no longer in the rules is given up', async () => {
    await expect(send('robot:gone')).rejects.toMatchObject({ reason: 'client_error', recoverable: false });
  });
});
