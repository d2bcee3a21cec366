import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { Alerts } from '../../src/alerts/alerts.ts';
import { dingtalkSignature, feishuSignature } from '../../src/alerts/robots.ts';
import { parseRules, type Rules } from '../../src/alerts/rules.ts';
import { type Channel, SendError } from '../../src/channels/channel.ts';
import type { Card } from '../../src/channels/message.ts';
import { Outbox } from '../../src/channels/outbox.ts';
import { startApp, type TestApp } from '../fakes/app.ts';
import { type Gateway, startGateway } from '../fakes/gateway.ts';

let app: TestApp;
let began: number;
let sent: { at: number; conversation: string; title: string; mention?: string }[];
let moved: Card[];
let down: boolean;
let text: string;
const errors: unknown[] = [];
const outboxes: Outbox[] = [];

beforeAll(async () => {
  app = await startApp();
});
afterAll(async () => await app.end());
beforeEach(async () => {
  await app.store.sql.query('truncate alerts, silences, outbox, sent_cards, documents, run_documents, runs cascade');
  began = app.clock.now;
  sent = [];
  moved = [];
  down = false;
  text = `routes:
  - to: ["feishu:oc_1"]
    mention: ["feishu:ou_boss"]
group: {wait: 30s, repeat: 4h, resolve: 60s}`;
});
afterEach(async () => {
  for (const outbox of outboxes.splice(0)) await outbox.stop();
});

const seconds = (): number => Math.round((app.clock.now - began) / 1000);
/** A node of its own, with a channel that writes down what it is given. */
function node(): { alerts: Alerts; outbox: Outbox } {
  const channel: Channel = {
    name: 'feishu',
    start: async () => undefined,
    stop: async () => undefined,
    check: async () => [],
    status: () => ({ up: !down, everUp: true }),
    async send(conversation, { card }, { at }) {
      if (down) throw new SendError('down', { recoverable: true });
      sent.push({ at: seconds(), conversation, title: card?.title ?? '', ...(at ? { mention: at } : {}) });
      return { messageId: `om_${sent.length}` };
    },
    async move(_handle, card) {
      moved.push(card);
    },
  };
  const now = () => new Date(app.clock.now);
  const outbox = new Outbox({
    sql: app.store.sql,
    now,
    channels: new Map([['feishu', channel]]),
    onSent: async () => undefined,
    onError: () => undefined,
  });
  outboxes.push(outbox);
  const alerts = new Alerts({
    sql: app.store.sql,
    now,
    rules: { current: () => parseRules(text, 'alerts.yaml') } as Rules,
    surroundings: () => ({ pipelines: ['p'], dataDir: '.', channels: [] }),
    outbox,
    show: (_conversation, card) => void moved.push(card),
    pace: async () => undefined,
    onError: (error) => void errors.push(error),
  });
  return { alerts, outbox };
}
const step = async ({ alerts, outbox }: ReturnType<typeof node>, to: number): Promise<void> => {
  while (seconds() < to) {
    app.clock.now += 5000;
    await alerts.evaluate();
    await outbox.flush();
  }
};
let orders = 0;
const fail = async (category: string, count = 1): Promise<void> => {
  await app.store.sql.query(
    `insert into documents (pipeline, key, state, source_status, modified, shop_id, shop_name, warehouse_id, amount, quantity, raw, bill_number, category, error, first_seen_at, updated_at)
     select 'p', 'k' || ($1::int + n), 'failed', 'Confirmed', now(), '1', 's', 'w', 1, 1, '{}', 'b' || ($1::int + n), $2, jsonb_build_object('message', '原因', 'next', '办法', 'subjects', jsonb_build_array('A-1')), now(), now()
     from generate_series(1, $3::int) n`,
    [orders, category, count],
  );
  orders += count;
};
const repair = (category: string) =>
  app.store.sql.query(`update documents set state = 'done', error = null where category = $1`, [category]);

describe('what is said, and when', () => {
  test('a cause is said once after its wait, to the route, with a mention; its card counts up and turns green', async () => {
    const one = node();
    await fail('material_missing');
    await step(one, 60);
    expect(sent).toEqual([
      {
        at: expect.any(Number),
        conversation: 'feishu:oc_1',
        title: expect.stringMatching(/^🔴 物料不存在/),
        mention: 'feishu:ou_boss',
      },
    ]);
    expect(sent[0]?.at).toBeGreaterThanOrEqual(30);
    await fail('material_missing', 2);
    await step(one, 70);
    expect(JSON.stringify(moved.at(-1))).toContain('3 单');
    await repair('material_missing');
    await step(one, 200);
    expect(moved.at(-1)).toMatchObject({ tone: 'good', title: expect.stringMatching(/^🟢/) });
    expect(sent).toHaveLength(1);
  });

  test('5,000 failures in a minute are at most 3 messages, and the counts are right', async () => {
    const one = node();
    const causes = ['material_missing', 'negative_stock', 'period_closed', 'source_data', 'mapping'];
    for (const cause of causes) await fail(cause, 1000);
    await step(one, 60);
    expect(sent.length).toBeLessThanOrEqual(3);
    expect((await one.alerts.reports()).map(({ count }) => count)).toEqual([1000, 1000, 1000, 1000, 1000]);
    await step(one, 240);
    expect(sent).toHaveLength(5);
  });

  test('flapping is one message', async () => {
    const one = node();
    for (let n = 0; n < 6; n++) {
      await fail('negative_stock');
      await step(one, seconds() + 40);
      await repair('negative_stock');
      await step(one, seconds() + 40);
    }
    expect(sent).toHaveLength(1);
  });

  test('a dead credential hides what follows from it, and is urgent', async () => {
    const one = node();
    await fail('session', 37);
    await fail('material_missing', 5);
    await step(one, 90);
    expect(sent.map(({ title }) => title)).toEqual([expect.stringContaining('登录')]);
    expect(sent[0]?.at).toBeLessThan(10);
  });

  test('silence holds, ends by itself, and then it is said', async () => {
    const one = node();
    await one.alerts.silence('web:a', new Date(app.clock.now + 600_000));
    await fail('material_missing');
    await step(one, 300);
    expect(sent).toHaveLength(0);
    expect((await one.alerts.reports())[0]).toMatchObject({ state: 'silenced', until: expect.any(String) });
    await step(one, 660);
    expect(sent).toHaveLength(1);
  });

  test('nobody takes it: somebody else hears of it, once; who takes it stops that', async () => {
    text += '\nescalate: {after: 10m, to: ["feishu:oc_boss"]}';
    const one = node();
    await fail('material_missing');
    await step(one, 1500);
    expect(sent.map(({ conversation }) => conversation)).toEqual(['feishu:oc_1', 'feishu:oc_boss']);
    await repair('material_missing');
    await step(one, 1700);
    app.clock.now += 3_600_000;
    await fail('period_closed');
    await step(one, seconds() + 60);
    await one.alerts.acknowledge('feishu:ou_2');
    expect((await one.alerts.reports())[0]).toMatchObject({ state: 'acknowledged', owner: 'feishu:ou_2' });
    await step(one, seconds() + 1500);
    expect(sent.filter(({ conversation }) => conversation === 'feishu:oc_boss')).toHaveLength(1);
  });

  test('said again after four hours', async () => {
    const one = node();
    await fail('material_missing');
    await step(one, 60);
    app.clock.now += 4 * 3_600_000;
    await step(one, seconds() + 10);
    expect(sent).toHaveLength(2);
  });

  test('outside the hours of a route only what is urgent', async () => {
    text = `routes: [{to: ["feishu:oc_1"], hours: "08:00-14:00"}]`; // it is 15:00
    const one = node();
    await fail('material_missing');
    await step(one, 120);
    expect(sent).toHaveLength(0);
    await fail('permission');
    await step(one, seconds() + 30);
    expect(sent).toHaveLength(1);
  });
});

test('two nodes, one message; a node killed before it sent leaves it to the other', async () => {
  const [a, b] = [node(), node()];
  await fail('material_missing');
  app.clock.now += 5000;
  await a.alerts.evaluate();
  app.clock.now += 30_000;
  await Promise.all([a.alerts.evaluate(), b.alerts.evaluate()]); // neither has flushed: killed between
  await Promise.all([b.outbox.flush(), a.outbox.flush()]);
  await Promise.all([a.alerts.evaluate(), b.alerts.evaluate()]);
  await Promise.all([b.outbox.flush(), a.outbox.flush()]);
  expect(sent).toHaveLength(1);
});

test('the channel is down for an hour: it arrives when it is back, once', async () => {
  const one = node();
  down = true;
  await fail('material_missing');
  await step(one, 3600);
  expect(sent).toHaveLength(0);
  down = false;
  await step(one, 4200);
  expect(sent).toHaveLength(1);
});

describe('custom robots', () => {
  let gateway: Gateway;
  afterEach(async () => await gateway.close());

  test('both signatures, the limits of their bodies, and no secret in what goes wrong', async () => {
    const answers = ['{"errcode":130101}', '{"errcode":0}', '{"code":19021}', '{}'];
    gateway = await startGateway((_call, index) => answers[index] ?? '{}');
    text = `robots:
  - {kind: dingtalk, url: "${gateway.origin}/robot/send?access_token=t0k3n", secret: "SECabc"}
  - {kind: feishu, url: "${gateway.origin}/hook/t0k3n", secret: "s3cr3t"}
  - {kind: generic, url: "${gateway.origin}/t0k3n"}`;
    const one = node();
    await fail('material_missing');
    await step(one, 60);
    const [first, again, feishu, generic] = gateway.calls;
    expect(first?.path).toMatch(/&timestamp=\d{13}&sign=/);
    expect(again?.path).toMatch(/&sign=/); // too fast: once more
    expect(JSON.parse(feishu?.body ?? '{}')).toMatchObject({
      msg_type: 'interactive',
      timestamp: expect.stringMatching(/^\d{10}$/),
    });
    expect(JSON.parse(generic?.body ?? '{}')).toMatchObject({ category: 'material_missing', state: 'firing' });
    for (const error of errors) expect(String(error)).not.toMatch(/SECabc|s3cr3t|t0k3n/);
    for (const { body } of gateway.calls) expect(body).not.toMatch(/SECabc|s3cr3t|t0k3n/);
  });

  test('the two signatures', async () => {
    gateway = await startGateway(() => '{}');
    const now = new Date(1_700_000_000_000);
    expect(dingtalkSignature('SEC', now)).toBe(
      '&timestamp=1700000000000&sign=r%2B2we0q01lkZqz38LA5IPNbHN81U1leRf3Au4PSQb6Q%3D',
    );
    expect(feishuSignature('SEC', now).timestamp).toBe('1700000000');
  });
});

test.each([
  ['routes: [{to: []}]', 'alerts.invalid'],
  ['routes: [{to: ["mail:x"]}]', 'alerts.invalid'],
  ['route: []', 'alerts.invalid'],
  ['group: {wait: soon}', 'alerts.invalid'],
  ['routes: [', 'alerts.syntax'],
])('%j is refused as %s, with its place', (rules, code) => {
  expect(() => parseRules(rules, 'alerts.yaml')).toThrowError(
    expect.objectContaining({ code, message: expect.stringMatching(/第 \d+ 行/) }),
  );
});
