import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type House, type Node, openHouse } from './house.ts';

let house: House;
beforeAll(async () => {
  house = await openHouse();
});
afterAll(async () => await house.end());
beforeEach(async () => await house.reset());

const minute = 60;
const hour = 3600;
const group = 'feishu:oc_1';
const boss = 'feishu:oc_boss';
const robot = 'robot:r';
const toRobot = (kind: string): string =>
  `robots: [{ name: r, kind: ${kind}, url: "GATEWAY/r?access_token=t0k3n", secret: s }]\nroutes: [{ to: ["robot:r"] }]`;
const escalating = `routes: [{ to: ["${group}"], mention: ["feishu:ou_1"] }]
escalate: { after: 10m, to: ["${boss}"], mention: ["feishu:ou_2"] }`;

type Happening = (house: House, nodes: Node[]) => Promise<unknown>;
const fail =
  (category: string, count = 1): Happening =>
  (one) =>
    one.fail(category, count);
const repair =
  (category: string): Happening =>
  (one) =>
    one.repair(category);
const person = { person: 'feishu:ou_3', conversation: group };
const silence =
  (seconds: number): Happening =>
  (one, [node]) =>
    node?.alerts.silence(person, new Date(one.app.clock.now + seconds * 1000)) ?? Promise.resolve();
const flap = (category: string, every: number, times: number): [number, Happening][] =>
  Array.from({ length: times }, (_, n): [number, Happening][] => [
    [n * 2 * every, fail(category)],
    [(n * 2 + 1) * every, repair(category)],
  ]).flat();

const isDown =
  (down: boolean): Happening =>
  async (one) => {
    one.down = down;
  };
const robotAnswers =
  (answer: string | undefined): Happening =>
  async (one) => {
    one.robotAnswers = () => answer;
  };

interface Scenario {
  rules?: string;
  at?: string;
  nodes?: number;
  /** What happens, and at which second. */
  happens: [at: number, what: Happening][];
  until: number;
  every?: number;
  /** Exactly these messages: `want message X between t1 and t2`. */
  want: [receiver: string, title: RegExp, from: number, to: number][];
}

const scenarios: Record<string, Scenario> = {
  'one cause, one message': {
    happens: [[0, fail('material_missing')]],
    until: 2 * minute,
    want: [[group, /^🔴 物料不存在/, 30, 40]],
  },
  'a storm of five causes and 5,000 orders: two by themselves, the rest in one': {
    happens: ['material_missing', 'negative_stock', 'period_closed', 'source_data', 'mapping'].map(
      (cause, n): [number, Happening] => [n, fail(cause, 1000)],
    ),
    until: 3 * minute,
    every: 10,
    want: [
      [group, /^🔴/, 30, 45],
      [group, /^🔴/, 30, 45],
      [group, /^🔴 3 个告警/, 30, 45],
    ],
  },
  'a fourth cause waits for its minute': {
    happens: [
      [0, fail('material_missing')],
      [5, fail('negative_stock')],
      [10, fail('period_closed')],
      [15, fail('mapping')],
    ],
    until: 2 * minute,
    every: 5,
    want: [
      [group, /物料不存在/, 30, 40],
      [group, /库存不足|负库存/, 35, 45],
      [group, /关账/, 40, 50],
      [group, /^🔴/, 90, 105],
    ],
  },
  'flapping is one message': {
    happens: flap('negative_stock', 80, 5),
    until: 14 * minute,
    every: 20,
    want: [[group, /^🔴/, 30, 50]],
  },
  'a dead credential hides its consequences, also once somebody has taken it': {
    happens: [
      [0, fail('session', 37)],
      [0, fail('material_missing', 5)],
      [40, (_, [node]) => node?.alerts.acknowledge('feishu:ou_1') ?? Promise.resolve()],
    ],
    until: 4 * minute,
    every: 20,
    want: [[group, /登录/, 0, 30]],
  },
  'a silence that ends: it is told, and so is what is still wrong': {
    happens: [
      [0, silence(10 * minute)],
      [0, fail('material_missing')],
    ],
    until: 12 * minute,
    every: minute,
    want: [
      [group, /^静音到点了（静音：全部，飞书同事 设的/, 600, 660],
      [group, /^🔴 物料不存在/, 600, 660],
    ],
  },
  'nobody takes it: somebody else hears of it, once': {
    rules: escalating,
    happens: [[0, fail('material_missing')]],
    until: 30 * minute,
    every: minute,
    want: [
      [group, /^🔴/, 30, 60],
      [boss, /^🔴/, 630, 720],
    ],
  },
  'somebody takes it: nobody else hears of it, and it is not said again': {
    rules: escalating.replace('10m', '30m'),
    happens: [
      [0, fail('material_missing')],
      [20 * minute, (_, [node]) => node?.alerts.acknowledge('feishu:ou_1') ?? Promise.resolve()],
    ],
    until: 9 * hour,
    every: 10 * minute,
    want: [[group, /^🔴/, 0, 10 * minute]],
  },
  'still wrong after four hours: said again': {
    happens: [[0, fail('material_missing')]],
    until: 5 * hour,
    every: 20 * minute,
    want: [
      [group, /^🔴/, 0, 20 * minute],
      [group, /^🔴/, 4 * hour, 4 * hour + 40 * minute],
    ],
  },
  'tenfold is said again, after a while; double is only counted': {
    happens: [
      [0, fail('material_missing', 10)],
      [minute, fail('material_missing', 10)],
      [2 * minute, fail('material_missing', 180)],
    ],
    until: 10 * minute,
    every: 30,
    want: [
      [group, /^🔴/, 30, 60],
      [group, /^🔴/, 330, 390],
    ],
  },
  'over and back long after: a new one': {
    happens: [
      [0, fail('material_missing')],
      [2 * minute, repair('material_missing')],
      [20 * minute, fail('material_missing')],
    ],
    until: 23 * minute,
    every: minute,
    want: [
      [group, /^🔴/, 30, 60],
      [group, /^🔴/, 20 * minute + 30, 22 * minute],
    ],
  },
  'quiet hours: only what is urgent; the rest in the morning, if it is still true': {
    rules: `routes: [{ to: ["${group}"] }]\nquiet: "22:00-08:00"`,
    at: '2026-11-24T23:00:00+08:00',
    happens: [
      [0, fail('material_missing')],
      [0, fail('mapping')],
      [hour, fail('permission')],
      [2 * hour, repair('permission')],
      [3 * hour, repair('mapping')],
    ],
    until: 10 * hour,
    every: 10 * minute,
    want: [
      [group, /权限/, hour, hour + 10 * minute],
      [group, /^🔴 物料不存在/, 9 * hour, 9 * hour + 10 * minute],
    ],
  },
  'the hours of a route hold for that route alone': {
    rules: `routes: [{ to: ["${group}"], hours: "08:00-14:00" }, { to: ["dingtalk:cid1"] }]`, // it is 15:00
    happens: [[0, fail('material_missing')]],
    until: 2 * minute,
    want: [['dingtalk:cid1', /^🔴/, 30, 40]],
  },
  'two nodes, one message': {
    nodes: 2,
    happens: [
      [0, fail('material_missing')],
      [0, fail('session')],
    ],
    until: 3 * minute,
    every: 10,
    want: [[group, /登录/, 0, 20]],
  },
  'a channel down for an hour: it arrives when it is back, once': {
    happens: [
      [0, isDown(true)],
      [0, fail('material_missing')],
      [hour, isDown(false)],
    ],
    until: 80 * minute,
    every: 2 * minute,
    want: [[group, /^🔴/, hour, hour + 10 * minute]],
  },
  'a robot hears of the end, too, once it will not come back': {
    rules: toRobot('dingtalk'),
    happens: [
      [0, fail('material_missing')],
      [2 * minute, repair('material_missing')],
      [4 * minute, fail('material_missing')],
      [6 * minute, repair('material_missing')],
    ],
    until: 20 * minute,
    every: minute,
    want: [
      [robot, /^🔴/, 30, 60],
      [robot, /^🟢/, 11 * minute, 13 * minute],
    ],
  },
  'a robot that says it is too much hears nothing for ten minutes, then what is left': {
    rules: toRobot('dingtalk'),
    happens: [
      [0, robotAnswers('{"errcode":130101}')],
      [0, fail('material_missing')],
      [2 * minute, robotAnswers(undefined)],
      [3 * minute, fail('mapping')],
    ],
    until: 15 * minute,
    every: minute,
    want: [
      [robot, /^🔴 物料不存在/, 11 * minute, 12 * minute],
      [robot, /^🔴/, 11 * minute, 12 * minute],
    ],
  },
};

describe('exactly these messages, in these times', () => {
  test.each(Object.entries(scenarios))(
    '%s',
    async (_name, { rules, at, nodes = 1, happens, until, every = 10, want }) => {
      await house.reset(at);
      if (rules) house.rules = rules;
      const running = Array.from({ length: nodes }, () => house.node());
      const left = happens.toSorted(([a], [b]) => a - b);
      while (house.seconds < until) {
        while (left[0] && left[0][0] <= house.seconds) await left.shift()?.[1](house, running);
        await house.look(running);
        await house.pass(Math.min(every, until - house.seconds), [], every);
      }
      const heard = house.heard.map(({ receiver, title }) => `${receiver} ${title}`);
      expect(heard, heard.join('\n')).toHaveLength(want.length);
      for (const [index, [receiver, title, from, to]] of want.entries()) {
        const message = house.heard[index];
        expect(message).toMatchObject({ receiver, title: expect.stringMatching(title) });
        expect(message?.at).toBeGreaterThanOrEqual(from);
        expect(message?.at).toBeLessThanOrEqual(to);
      }
    },
  );
});

test('killed between writing down and sending: the other node sends it, once', async () => {
  const [a, b] = [house.node(), house.node()];
  await house.fail('material_missing');
  await house.look([a, b]);
  house.app.clock.now += 30_000;
  await a.alerts.evaluate(); // killed here
  await house.pass(120, [b]);
  expect(house.heard).toHaveLength(1);
});

test('killed between sending and writing down that it went: it is repeated rather than lost, and stands once', async () => {
  const [a, b] = [house.node(), house.node()];
  await house.fail('material_missing');
  await house.pass(35, [a]);
  await house.app.store.sql.query('update outbox set done_at = null');
  await house.pass(120, [b]);
  expect(house.heard).toHaveLength(2);
  expect(new Set(house.heard.map(({ card }) => card?.id)).size).toBe(1);
});
