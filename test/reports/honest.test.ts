import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Block } from '../../src/channels/message.ts';
import { money } from '../../src/format.ts';
import { daysRead } from '../../src/sync/coverage.ts';
import { tick } from '../../src/sync/scheduler.ts';
import { dayWindow } from '../../src/sync/window.ts';
import { pause, startApp, syncDays, type TestApp } from '../fakes/app.ts';

let app: TestApp;
let talks = 0;
const say = async (text: string) =>
  (await app.assistant.answer({ person: 'web:a', conversation: `web:${++talks}`, text })).reply;
const counted = (blocks: readonly Block[] = []): Record<string, number> =>
  Object.fromEntries(
    blocks.flatMap((block) =>
      block.type === 'counts' ? block.counts.map(({ label, value }) => [label, value] as const) : [],
    ),
  );
const read = async (from: string, to: string) =>
  (await daysRead(app.store.sql, app.sync.defaultPipeline, dayWindow(from, to, app.ports.now()), app.ports.now())).map(
    ({ day, read: how, until }) => `${day.slice(5)} ${how}${until ? ` ${until.toISOString()}` : ''}`,
  );
const sum = async (where: string): Promise<string> => {
  const [row] = await app.store.sql.query<{ sum: string }>(
    `select coalesce(sum(amount), 0)::text as sum from documents where io_date >= '2026-11-23T00:00:00+08:00' and io_date < '2026-11-24T00:00:00+08:00' and ${where}`,
  );
  return money(row?.sum ?? '0');
};

beforeAll(async () => {
  app = await startApp();
  await syncDays(app, '2026-11-20');
  await syncDays(app, '2026-11-23');
}, 60_000);
afterAll(async () => await app.end());

describe('what has been read', () => {
  test('by runs of whole days, not by those of a shop and not by previews', async () => {
    expect(await read('2026-11-20', '2026-11-24')).toEqual([
      '11-20 whole',
      '11-21 none',
      '11-22 none',
      '11-23 whole',
      '11-24 none',
    ]);
    const window = dayWindow('2026-11-22', '2026-11-22', app.ports.now());
    const request = {
      pipeline: app.sync.defaultPipeline,
      kind: 'sync',
      trigger: 'chat',
      by: 'io_date',
      ...window,
      requester: { person: 'web:a', conversation: 'web:a' },
    } as const;
    const { run } = await app.sync.start({ ...request, filters: { shop: '抖音' } });
    await app.sync.ended(run.id, pause);
    await app.sync.preview({ ...request, filters: {} });
    expect(await read('2026-11-22', '2026-11-22')).toEqual(['11-22 none']);
  });

  test('a day that is not over is read until the run began', async () => {
    const began = app.ports.now();
    await syncDays(app, '2026-11-24');
    app.clock.now += 3_600_000;
    const [today] = await read('2026-11-24', '2026-11-24');
    expect(today).toMatch(/^11-24 part /);
    expect(Date.parse(today?.slice(11) ?? '') - began.getTime()).toBeLessThan(60_000);
    app.clock.now += 86_400_000;
    expect((await read('2026-11-24', '2026-11-24'))[0]).toMatch(/^11-24 part /);
    app.clock.now -= 86_400_000 + 3_600_000;
  });
});

describe('a report', () => {
  test('says which days it does not stand for, and offers to read them', async () => {
    const { text, card } = await say('2026-11-19 到 2026-11-23 每天的单量');
    expect(text).toMatch(/没读全：11-19 没读过、11-21 至 11-22 没读过；数里只有读到的。$/);
    expect(card?.blocks[0]).toEqual({ type: 'text', text: expect.stringContaining('没读全') });
    const offers = card?.buttons.filter(({ action }) => action.name === 'say') ?? [];
    expect(offers.map(({ label }) => label)).toEqual(['预览 11-19（只读不写）', '同步 11-19']);
    const written = async (): Promise<number> =>
      (await app.store.sql.query(`select 1 from documents where state = 'done'`)).length;
    const before = await written();
    expect((await say(offers[0]?.action.args.text ?? '')).text).toMatch(/^11-19.*将写 \d+ 单/);
    expect(await written()).toBe(before);
    await syncDays(app, '2026-11-19');
    expect(await read('2026-11-19', '2026-11-19')).toEqual(['11-19 whole']);
    expect(await written()).toBeGreaterThan(before);
  });

  test('of days that nobody has read is no zero; of days without orders it is', async () => {
    expect((await say('2026-10-03 的单量')).text).toMatch(/还没有同步过，没有数字。没读全：10-03 没读过/);
    await app.store.sql.query(
      `insert into runs (id, pipeline, kind, trigger, window_by, window_start, window_end, requester, state, created_at, started_at)
       values ('empty', $1, 'sync', 'cli', 'io_date', '2026-09-01T00:00:00+08:00', '2026-09-02T00:00:00+08:00', '{}', 'succeeded', $2, $2)`,
      [app.sync.defaultPipeline, app.ports.now()],
    );
    expect((await say('2026-09-01 的单量')).text).toMatch(/都读过了，没有出库单。$/);
  });

  test('gives every part its own word, with its own money', async () => {
    const { text, card } = await say('昨天各店铺出库单量');
    expect(text).toContain(`已进金蝶 31 单 ${await sum(`state = 'done'`)}`);
    expect(text).toContain(`失败 6 单 ${await sum('error is not null')}`);
    expect(text).not.toContain('没读全');
    expect(counted(card?.blocks)).toEqual({ 单量: 37, 已进金蝶: 31, 失败: 6 });
    const [done] = await app.store.sql.query<{ key: string }>(
      `select key from documents where state = 'done' and io_date >= '2026-11-23T00:00:00+08:00' and io_date < '2026-11-24T00:00:00+08:00' order by key limit 1`,
    );
    const undo = await app.assistant.answer({ person: 'web:a', conversation: 'web:u', text: `撤掉 ${done?.key}` });
    const { run } = await app.assistant.answer({
      person: 'web:a',
      conversation: 'web:u',
      text: '',
      ...(undo.reply.card?.buttons[0] ? { action: undo.reply.card.buttons[0].action } : {}),
    });
    await app.sync.ended(run?.id ?? '', pause);
    const after = await say('昨天各店铺出库单量');
    expect(counted(after.card?.blocks)).toEqual({ 单量: 36, 已进金蝶: 30, 失败: 6, 已撤单: 1 });
    expect(after.text).toMatch(/共 36 单 .*另有已撤单 1 单 ¥[\d,.]+，不算在内/);
  });

  test('「进了金蝶多少钱」 is what is audited there', async () => {
    const { text, card } = await say('昨天进了金蝶多少钱');
    const audited = await sum(`state = 'done'`);
    expect(text).toMatch(new RegExp(`^[^。]*。已进金蝶 \\d+ 单 ${audited.replaceAll('.', '\\.')}。`.replace('¥', '¥')));
    expect(JSON.stringify(card?.blocks)).toContain('已进金蝶');
    expect((await say('昨天没审核的多少钱')).text).toMatch(/。没审核 \d+ 单 ¥/);
  });

  test('of a shop it splits what it counts', async () => {
    const { text } = await say('昨天抖音多少单');
    expect(text).toMatch(/抖音 · 出库单 \d+ 单 ¥[\d,.]+（(?:已进金蝶|失败) \d+ 单 ¥[\d,.]+、(?:已进金蝶|失败) \d+ 单/);
  });
});

describe('figures that cannot be had', () => {
  test.each([
    ['昨天的退货率', '退货率'],
    ['客单价是多少', '客单价'],
    ['上周环比', '环比'],
    ['各店毛利', '毛利'],
    ['昨天的税额多少', '税额'],
    ['退货率最高的是哪家店', '退货率'],
  ])('%s', async (text, word) => {
    const reply = await say(text);
    expect(reply.text).toMatch(new RegExp(`^「${word}」我还不会算；能给的是单量、金额`));
    expect(reply.text).not.toMatch(/\d/);
    expect(reply.card?.buttons.map(({ label }) => label)).toContainEqual(expect.stringContaining('单量和金额'));
  });
});

test('failures of a range say which of it was not read', async () => {
  expect((await say('2026-11-17 到 2026-11-18 有哪些失败')).text).toMatch(
    /没有失败的出库单。没读全：11-17 至 11-18 没读过/,
  );
});

test('what follows changes has read every day since it began', async () => {
  const other = await startApp();
  await tick(other.sync, other.sync.defaultPipeline, 86_400_000, other.ports.now());
  const [run] = await other.sync.runs.recent(1);
  await other.sync.ended(run?.id ?? '', pause);
  other.clock.now += 86_400_000 * 2;
  await tick(other.sync, other.sync.defaultPipeline, 86_400_000, other.ports.now());
  const [next] = await other.sync.runs.recent(1);
  await other.sync.ended(next?.id ?? '', pause);
  const window = dayWindow('2026-11-23', '2026-11-25', other.ports.now());
  const days = await daysRead(other.store.sql, other.sync.defaultPipeline, window, other.ports.now());
  expect(days.map(({ read: how }) => how)).toEqual(['part', 'whole', 'whole']);
  await other.end();
}, 60_000);
