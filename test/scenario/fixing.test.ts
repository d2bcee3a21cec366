import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Answer } from '../../src/assistant/assistant.ts';
import type { Button } from '../../src/channels/message.ts';
import { retryRepaired } from '../../src/sync/repaired.ts';
import type { RunView } from '../../src/sync/run.ts';
import { pause, startApp, syncDays, type TestApp } from '../fakes/app.ts';

let app: TestApp;
beforeAll(async () => {
  app = await startApp();
});
afterAll(async () => await app.end());

const byHand = (path: string, given: object) =>
  fetch(`${app.sandbox?.kingdee.origin}/sandbox/${path}`, { method: 'POST', body: JSON.stringify(given) });
interface Bill {
  number: string;
  status: string;
  model: { FDate: string; FCustomerID: { FNumber: string }; FEntity: { FMaterialID: { FNumber: string } }[] };
}
const bills = async (): Promise<Bill[]> =>
  (await (await fetch(`${app.sandbox?.kingdee.origin}/sandbox/bills`)).json()) as Bill[];
const who = { person: 'web:finance', conversation: 'web:finance' };
const say = (text: string): Promise<Answer> => app.assistant.answer({ ...who, text });
const buttonOf = ({ reply }: Answer, label: RegExp): Button => {
  const found = [...(reply.card?.buttons ?? []), ...(reply.card?.form ? [reply.card.form.submit] : [])].find((one) =>
    label.test(one.label),
  );
  if (!found) throw new Error(`no button ${label} on ${JSON.stringify(reply)}`);
  return found;
};
const press = (answer: Answer, label: RegExp, filled: Record<string, string> = {}): Promise<Answer> => {
  const { action } = buttonOf(answer, label);
  return app.assistant.answer({
    ...who,
    text: '',
    action: { name: action.name, args: { ...action.args, ...filled } },
  });
};
const ended = async ({ run }: Answer): Promise<RunView> => await app.sync.ended(run?.id ?? '', pause);
const open = async (): Promise<Record<string, number>> =>
  Object.fromEntries(
    (await app.sync.outcomes.openFailures(app.sync.defaultPipeline)).map(({ category, count }) => [category, count]),
  );

describe('a day with one order of each trouble', () => {
  beforeAll(async () => {
    await byHand('materials', { code: 'A1093', name: '保温杯' });
    await syncDays(app, '2026-11-23');
  });

  test('a code that is nearly right: shown with its name, set after a yes, and only what it failed is tried again', async () => {
    const list = await say('缺哪些物料');
    expect(list.reply.card?.blocks.at(-1)).toEqual({ type: 'text', text: 'A-1093' });
    expect(JSON.stringify(list.reply.card)).toContain('A-1093 → A1093（保温杯）吗');
    const asked = await press(list, /A-1093 就是 A1093/);
    expect(asked.decision.action).toBe('confirm');
    expect(asked.reply.text).toContain('保温杯');
    expect(await app.settings.mapChanges(1)).toEqual([]);
    const done = await say('确认');
    expect(done.reply.text).toContain('A-1093 对应 A1093');
    const { counts } = await ended(await press(done, /重试这 1 单/));
    expect(counts).toMatchObject({ fetched: 1, written: 1 });
    const [bill] = (await bills()).filter(({ model }) =>
      model.FEntity.some(({ FMaterialID }) => FMaterialID.FNumber === 'A1093'),
    );
    expect(bill?.status).toBe('C');
  });

  test('a shop without a customer: by form, then taken back, then by sentence', async () => {
    const list = await say('有哪些失败');
    const form = list.reply.card?.form;
    expect(form?.fields).toEqual([expect.objectContaining({ name: 'target', label: '10037 对应的客户编码' })]);
    const unknown = await press(list, /设好对照/, { target: 'CUST0007' });
    expect(unknown.reply.text).toContain('金蝶里没有 CUST0007');
    await byHand('customers', { code: 'CUST0007', name: '青禾快手新店' });
    const asked = await press(list, /设好对照/, { target: ' CUST0007 ' });
    expect(asked.reply.text).toContain('CUST0007 青禾快手新店');
    const done = await press(asked, /确认/);
    expect((await press(done, /^撤销$/)).reply.text).toContain('又没有设置了');
    expect(app.settings.maps.get('shop_to_customer', '10037')).toBeUndefined();
    expect((await press(done, /^撤销$/)).reply.text).toContain('没有能撤销的');

    await say('店铺 10037 对应客户 CUST0007');
    const again = await say('确认');
    expect(await app.settings.mapChanges(1)).toMatchObject([
      { map: 'shop_to_customer', source: '10037', target: 'CUST0007', before: null, person: 'web:finance' },
    ]);
    expect(app.settings.mapDifferences()).toContainEqual(expect.stringMatching(/shop_to_customer.*10037.*CUST0007/));
    expect((await ended(await press(again, /重试这 1 单/))).counts).toMatchObject({ fetched: 1, written: 1 });
    expect((await bills()).some(({ model }) => model.FCustomerID.FNumber === 'CUST0007')).toBe(true);

    const undo = await say('撤销刚才的对照');
    expect(undo.decision.action).toBe('confirm');
    expect((await say('确认')).reply.text).toContain('已撤销');
    expect((await say('店铺 10037 对应哪个客户')).reply.text).toContain('还没有设置');
  });

  test('short of stock: which material, where, and by how much', async () => {
    const list = await say('库存不足的有哪些');
    expect(JSON.stringify(list.reply.card)).toMatch(/QH-LTD-66 在仓库 CK00\d \S+仓 缺 2（要 2，有 0）/);
  });
});

describe('a closed period', () => {
  test('found at the audit: moved to the first open day after a yes, in the same bill number, and explained', async () => {
    await syncDays(app, '2026-11-22');
    await byHand('closed', { day: '2026-11-22' });
    await byHand('stock', { code: 'QH-LTD-66' });
    await ended(await say('重试库存不足的'));
    const list = await say('关账的有哪些');
    expect(list.reply.text).toContain('关账 1 单');
    expect(JSON.stringify(list.reply.card)).toContain('金蝶关账到 2026-11-22，11-23（周一） 起可以记账');
    const asked = await press(list, /改到 11-23 记账/);
    expect(asked.reply.text).toContain('11-23（周一）');
    const { counts, run } = await ended(await press(asked, /确认/));
    expect(counts).toMatchObject({ fetched: 1, written: 1 });
    const key = run.filters.keys?.[0] ?? '';
    const moved = (await bills()).filter(({ number }) => number === `JST${key}`);
    expect(moved).toMatchObject([{ status: 'C', model: { FDate: '2026-11-23' } }]);
    const why = await say(`${key}的记账日期为什么是 11-23`);
    expect(why.reply.text).toMatch(/→ 2026-11-23[\s\S]*改到 2026-11-23 记账，finance/);
  });

  test('found at the save: asks which day, refuses a closed one, takes a sentence, and other orders keep their day', async () => {
    app.clock.now += 60_000;
    await byHand('closed', { day: '2026-11-21' });
    await syncDays(app, '2026-11-21');
    expect((await open()).period_closed).toBeGreaterThan(20);
    expect((await say('改记账日期')).decision.action).toBe('clarify');
    expect((await say('改到 11-20 记账')).reply.text).toContain('2026-11-21 和以前都关账了');
    const far = { name: 'move-date', args: { day: '2036-11-22' } };
    expect((await app.assistant.answer({ ...who, text: '', action: far })).reply.text).toContain('太远了');
    expect((await say('确认')).run).toBeUndefined();
    const asked = await say('改到 11-22 记账');
    expect(asked.decision.action).toBe('confirm');
    // The yes is to these documents: what fails after the question is not in the answer.
    const [asking] = await app.store.sql.query<{ args: { orders: string[] } }>(
      'select args from confirmations order by created_at desc limit 1',
    );
    expect(asking?.args.orders).toHaveLength((await open()).period_closed ?? 0);
    const { failures } = await ended(await say('确认'));
    expect(failures.map(({ category }) => category)).toEqual(['not_allocated']); // its second cause
    const dates = new Set(
      (await bills()).filter(({ number }) => number.startsWith('JST261121')).map(({ model }) => model.FDate),
    );
    expect([...dates]).toEqual(['2026-11-22']);
    expect((await open()).period_closed).toBeUndefined();
  });
});

describe('a cause that is gone retries by itself', () => {
  const pass = async (minutes = 0): Promise<number> => {
    app.clock.now += minutes * 60_000 + 1000;
    const parts = { sql: app.store.sql, sync: app.sync, now: new Date(app.clock.now) };
    if (!(await retryRepaired(parts, app.sync.defaultPipeline))) return 0;
    const [run] = await app.sync.runs.recent(1);
    return (await app.sync.ended(run?.id ?? '', pause)).counts.fetched;
  };

  test('a closed period is probed with one order twice an hour; when it opens, the others follow', async () => {
    await byHand('closed', { day: '2026-11-20' });
    await syncDays(app, '2026-11-20');
    await pass(); // whatever the days before left behind
    const { period_closed: closed = 0 } = await open();
    expect(closed).toBeGreaterThan(20);
    // A probe that is just being tried has not gone through.
    const probe = (state: string) =>
      app.store.sql.query(
        `update documents set state = $1 where key in (select key from automatic_retries where category = 'period_closed')`,
        [state],
      );
    await probe('ready');
    expect(await pass(1)).toBe(0);
    await probe('failed');
    expect(await pass(10)).toBe(0);
    expect(await pass(20)).toBe(1);
    await byHand('closed', { day: '2026-11-01' });
    expect(await pass(31)).toBe(1);
    expect(await pass(5)).toBe(closed - 1);
    expect((await open()).period_closed).toBeUndefined();
  });

  test('held until a day: not even a probe before it', async () => {
    await byHand('closed', { day: '2026-11-19' });
    await syncDays(app, '2026-11-19');
    await say('关账的先等到11月28号');
    await pass(); // the other causes of that day
    expect(await pass(60)).toBe(0);
    app.clock.now = Date.parse('2026-11-28T00:01:00+08:00');
    expect(await pass()).toBe(1);
    await byHand('closed', { day: '2026-11-01' });
    expect(await pass(31)).toBe(1);
    expect(await pass(1)).toBeGreaterThan(20);
  });

  test('a map, a material, an allocation, a stock: each as soon as it is there, and not before', async () => {
    await byHand('stock', { code: 'QH-LTD-66', quantity: 0 });
    await syncDays(app, '2026-11-18');
    await pass();
    const before = await open();
    expect(before).toMatchObject({ value_map_missing: expect.any(Number), not_allocated: expect.any(Number) });
    expect(await pass(60)).toBe(0);
    await app.settings.setMapEntry({ map: 'shop_to_customer', source: '10037', target: 'CUST0007' }, 'web:finance');
    expect(await pass(5)).toBe(before.value_map_missing);
    await byHand('materials', { code: 'QH-VIP-88', name: '会员定制礼' });
    expect(await pass(5)).toBe(before.not_allocated);
    await byHand('stock', { code: 'QH-LTD-66' });
    expect(await pass(5)).toBe(before.negative_stock);
    expect(Object.keys(await open())).toEqual(['source_data']);
  });
});
