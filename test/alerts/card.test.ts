import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { Inbox } from '../../src/channels/inbox.ts';
import { classify } from '../../src/connectors/kingdee/errors.ts';
import { type House, type Node, openHouse } from './house.ts';

let house: House;
let one: Node;
const group = 'feishu:oc_1';
const person = { person: 'feishu:ou_3', conversation: group };
beforeAll(async () => {
  house = await openHouse();
});
afterAll(async () => await house.end());
beforeEach(async () => {
  await house.reset();
  one = house.node();
});
const live = (title: RegExp, where = group) => house.card(where, title);
const fieldsOf = (title: RegExp, where = group): Record<string, string> => {
  const block = live(title, where)?.blocks.find(({ type }) => type === 'fields');
  return block?.type === 'fields' ? Object.fromEntries(block.fields.map(({ label, value }) => [label, value])) : {};
};
const buttonsOf = (title: RegExp) => live(title)?.buttons.map(({ label }) => label);

test('the same card counts up, shows who took it and when, is silenced and heard again, and turns green', async () => {
  await house.fail('material_missing');
  await house.pass(40, [one], 10);
  expect(house.heard[0]?.card?.blocks.at(-1)).toMatchObject({ type: 'link', path: 'https://xiaoqing.example' });
  await house.fail('material_missing', 2);
  await house.pass(20, [one], 10);
  expect(fieldsOf(/^🔴/)).toMatchObject({
    影响: '单据 3 单，从 11-24 15:00 起，不会丢',
    原因: '原因',
    办法: '办法',
    涉及: 'A-1',
  });
  expect(buttonsOf(/^🔴/)).toEqual(['补好了，重试', '缺哪些物料', '我来处理', '静音 1 小时', '看详情']);

  await one.alerts.acknowledge('feishu:ou_2');
  expect(live(/^🟡 物料不存在 · 飞书同事 在处理/)?.tone).toBe('warn');
  expect(fieldsOf(/^🟡/)).toMatchObject({ 处理: '11-24 15:01 接手' });

  const [{ fingerprint = '' } = {}] = await one.alerts.reports();
  await one.alerts.silence(person, new Date(house.app.clock.now + 3_600_000), fingerprint);
  expect(fieldsOf(/^🔕/)).toMatchObject({ 静音: '设的，到 11-24 16:01', 处理: '11-24 15:01 接手' });
  expect(buttonsOf(/^🔕/)).toContain('取消静音');
  expect(await one.alerts.silences()).toHaveLength(1);
  expect(await one.alerts.endSilence(fingerprint)).toHaveLength(1);
  expect(live(/^🟡/)).toBeDefined();

  await house.repair('material_missing');
  await house.pass(120, [one], 30);
  expect(live(/^🟢 物料不存在 · 已恢复 · 11-24 15:0/)).toMatchObject({ tone: 'good', buttons: [] });
  expect(fieldsOf(/^🟢/).影响).toMatch(/^11-24 15:00 → 11-24 15:0\d 单据 3 单$/);
  expect(house.heard).toHaveLength(1);
});

test('who took it is called as their platform calls them, and by no id', async () => {
  const message = { person: 'dingtalk:staff1', conversation: 'dingtalk:cid1', name: '老王', text: '我来处理' };
  await new Inbox(house.app.store.sql, house.app.ports.now).accept('dingtalk', { id: 'm1', message, handle: {} });
  await house.fail('material_missing');
  await house.pass(40, [one], 10);
  await one.alerts.acknowledge(message.person);
  expect(live(/^🟡 物料不存在 · 老王 在处理/)?.blocks[0]).toMatchObject({
    fields: expect.arrayContaining([
      { label: '处理', value: expect.stringContaining('接手'), person: message.person, name: '老王' },
    ]),
  });
});

test('of a storm the counts are right, on the cards and in the report', async () => {
  const causes = ['material_missing', 'negative_stock', 'period_closed', 'source_data', 'mapping'];
  for (const cause of causes) await house.fail(cause, 1000);
  await house.pass(60, [one], 10);
  expect((await one.alerts.reports()).map(({ count }) => count)).toEqual([1000, 1000, 1000, 1000, 1000]);
  const summary = house.heard.find(({ title }) => title.includes('3 个'))?.card;
  expect(summary?.blocks[0]).toMatchObject({ type: 'table', rows: { length: 3 } });
  expect(JSON.stringify(summary).match(/1000 单/g)).toHaveLength(3);
});

test('back soon it is the same alert with its owner and its beginning; back long after, a new one', async () => {
  await house.fail('negative_stock');
  await house.pass(40, [one], 10);
  await one.alerts.acknowledge('feishu:ou_2');
  await house.repair('negative_stock');
  await house.pass(120, [one], 30);
  await house.fail('negative_stock');
  await house.pass(10, [one]);
  expect((await one.alerts.reports())[0]).toMatchObject({
    state: 'acknowledged',
    owner: 'feishu:ou_2',
    since: '2026-11-24T15:00:10+08:00',
  });
  await house.repair('negative_stock');
  await house.pass(600, [one], 60);
  await house.fail('negative_stock');
  await house.pass(10, [one]);
  expect((await one.alerts.reports())[0]).toMatchObject({ state: 'firing' });
  expect((await one.alerts.reports())[0]?.owner).toBeUndefined();
});

test('runs are counted as runs, and what cannot be counted is not', async () => {
  const error = { code: 'x', kind: 'internal', category: 'unknown', message: '坏了', next: '看日志' };
  for (let n = 0; n < 3; n++) await house.run({ state: 'failed', error });
  house.surroundings = { channels: [{ name: 'feishu', up: false, everUp: true }] };
  await house.pass(40, [one], 10);
  expect(fieldsOf(/^🔴 同步没有做完/, 'web:*').影响).toBe('单据 3 次同步，从 11-24 15:00 起');
  expect(fieldsOf(/^🔴 通道断开/, 'web:*').影响).toBe('从 11-24 15:00 起');
});

test('a repeat is a card of its own; the older one points to it, and only the newest lives on', async () => {
  await house.fail('material_missing');
  await house.pass(40, [one], 10);
  await house.pass(4 * 3600, [one], 3600);
  expect(house.heard).toHaveLength(2);
  const [older, newer] = house.heard.map(({ card }) => house.cards.get(`${group} ${card?.id}`) ?? card);
  expect(older).toMatchObject({ tone: 'neutral', title: expect.stringContaining('看下面的新卡片'), buttons: [] });
  expect(newer?.tone).toBe('bad');
});

test('a card that went out while the cause was ended is mended: nothing stays red', async () => {
  house.down = true;
  await house.fail('material_missing');
  await house.pass(60, [one], 10);
  await house.repair('material_missing');
  await house.pass(600, [one], 60);
  house.down = false;
  await house.pass(600, [one], 60);
  expect(house.heard.map(({ title }) => title)).toEqual([expect.stringMatching(/^🔴/)]);
  expect(live(/^🟢/)).toBeDefined();
});

test('asked for: one alert is its own card, several are a list with the way to each; they move, too', async () => {
  await house.fail('material_missing');
  await house.fail('period_closed');
  await house.pass(10, [one]);
  const open = await one.alerts.open();
  const list = await one.alerts.ask('web:a', open);
  expect(list.title).toBe('🔴 2 个告警');
  expect(list.buttons.map(({ label }) => label).toSorted()).toEqual(
    ['看物料不存在', '看关账', '全部我来处理', '全部静音 1 小时'].toSorted(),
  );
  await one.alerts.acknowledge('web:a');
  expect(house.cards.get(`web:a ${list.id}`)?.title).toBe('🟡 2 个告警，都有人管');
  const single = await one.alerts.ask('web:a', open.slice(0, 1));
  expect(single.blocks[0]?.type).toBe('fields');
});

test('a silence shows by whom and until when, and its end is told where it was asked for', async () => {
  await one.alerts.silence(person, new Date(house.app.clock.now + 600_000));
  await house.pass(660, [one], 60);
  expect(house.heard.map(({ receiver, title }) => [receiver, title])).toEqual([
    [group, '静音到点了（静音：全部，飞书同事 设的，11-24 15:00 → 11-24 15:10）。现在没有告警。'],
  ]);
});

test('a silence that a longer one covers ends without a word; the list says which hold', async () => {
  await house.fail('material_missing');
  await house.fail('period_closed');
  await house.pass(10, [one]);
  await one.alerts.silence(person, new Date(house.app.clock.now + 600_000));
  await one.alerts.silence({ ...person, person: 'dingtalk:staff4' }, new Date(house.app.clock.now + 7_200_000));
  const list = await one.alerts.ask('web:a', await one.alerts.open());
  const lines = () =>
    house.cards.get(`web:a ${list.id}`)?.blocks.flatMap((block) => (block.type === 'text' ? block.text : []));
  await house.look([one]);
  expect(lines()).toEqual([
    expect.stringContaining('静音：全部，飞书同事'),
    expect.stringContaining('静音：全部，钉钉同事'),
  ]);
  await house.pass(900, [one], 60);
  expect(lines()).toEqual([expect.stringContaining('钉钉同事')]);
  expect(house.heard).toEqual([]);
});

test('a silence holds over a cause that comes and goes', async () => {
  await house.fail('material_missing');
  await house.pass(10, [one]);
  const [{ fingerprint = '' } = {}] = await one.alerts.reports();
  await one.alerts.silence(person, new Date(house.app.clock.now + 3_600_000), fingerprint);
  await house.repair('material_missing');
  await house.pass(900, [one], 60);
  await house.fail('material_missing');
  await house.pass(120, [one], 30);
  expect(house.heard).toEqual([]);
  expect((await one.alerts.reports())[0]?.state).toBe('silenced');
});

test('a mention goes with the message to the person of that platform', async () => {
  house.rules = `routes: [{ to: ["dingtalk:cid1", "${group}"], mention: ["feishu:ou_9", "dingtalk:s1"] }]`;
  await house.fail('material_missing');
  await house.pass(40, [one], 10);
  expect(house.heard.map(({ receiver, mention }) => [receiver, mention])).toEqual([
    ['dingtalk:cid1', 'dingtalk:s1'],
    [group, 'feishu:ou_9'],
  ]);
});

describe('no personal data in any alert', () => {
  const personal = ['张三丰', '13812345678', '浙江省杭州市西湖区文一西路 1 号'];
  const text = `收货人${personal.join(' ')} 电话[${personal[1]}] 物料[A-1] 不存在`;
  test.each([
    ['an unknown refusal', classify({ Message: text, FieldName: 'FReceiver' }, '9')],
    ['a missing material', classify({ Message: text, FieldName: 'FMaterialId' }, '11')],
    ['a required field', classify({ Message: `字段“客户”是必填项 ${text}`, FieldName: 'FCustomerID' }, '11')],
    ['negative stock', classify({ Message: `负库存 ${text}`, FieldName: '' }, '11')],
  ])('%s', async (_what, error) => {
    house.rules = `routes: [{ to: ["${group}", "dingtalk:cid1"] }]\nrobots: [{ kind: generic, url: "GATEWAY/g" }, { kind: dingtalk, url: "GATEWAY/d?x=1" }]`;
    await house.fail(error.category ?? 'unknown', 2, error.toJSON());
    await house.app.store.sql.query('update documents set shop_name = $1, raw = $2::jsonb', [
      '旗舰店',
      JSON.stringify({
        raw: { receiver_name: personal[0], receiver_mobile: personal[1], receiver_address: personal[2] },
      }),
    ]);
    await house.pass(40, [one], 10);
    expect(house.heard.length).toBeGreaterThanOrEqual(4);
    const rows = await house.app.store.sql.query('select * from alerts');
    const stored = await house.app.store.sql.query('select * from outbox');
    const said = [house.heard, [...house.cards.values()], house.gateway.calls, rows, stored, house.errors];
    for (const one of personal) expect(JSON.stringify(said)).not.toContain(one);
  });
});
