import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { pause, startApp, syncDays, type TestApp } from '../fakes/app.ts';

let app: TestApp;
let talks = 0;
/** Each by itself, unless it goes on with the one before. */
const say = (text: string, goesOn = false) =>
  app.assistant.answer({ person: 'web:a', conversation: `web:${goesOn ? talks : ++talks}`, text });
const rowsOf = async (text: string): Promise<string[][]> => {
  const { decision, reply } = await say(text);
  expect(decision, text).toMatchObject({ intent: 'report', action: 'reply' });
  return (reply.card?.blocks ?? []).flatMap((block) => (block.type === 'table' ? block.rows : []));
};

beforeAll(async () => {
  app = await startApp();
  await syncDays(app, '2026-11-23');
});
afterAll(async () => await app.end());

const keysOf = async (where: string): Promise<string[]> =>
  (await app.store.sql.query<{ key: string }>(`select key from documents where ${where} order by key`)).map(
    ({ key }) => key,
  );

describe('lists of what became of orders', () => {
  test('with nothing of the kind it says so, and what it could not know', async () => {
    const { reply } = await say('撤掉的有哪些');
    expect(reply.text).toMatch(/^全部日期 已撤单没有出库单。.*手工删的看不到/);
    expect(reply.card).toBeUndefined();
  });

  test('unaudited: what stands in 金蝶 without its audit, one whose audit was refused included', async () => {
    const standing = (await keysOf(`target_id is not null and state <> 'done'`)).sort();
    expect(standing.length).toBeGreaterThan(0);
    const rows = await rowsOf('没审核的单子有哪些');
    expect(rows.map(([key]) => key).sort()).toEqual(standing);
    expect(rows.map(([, , state]) => state)).toContain('失败 · 库存不足');
  });

  test('withdrawn: what somebody took back out, and it is counted under no other word', async () => {
    const before = await rowsOf('昨天有哪些单');
    const [key = ''] = await keysOf(`state = 'done'`);
    await say(`撤掉 ${key}`);
    const { run } = await say('确认', true);
    await app.sync.ended(run?.id ?? '', pause);
    expect(await rowsOf('撤掉的有哪些')).toEqual([[key, expect.stringMatching(/^¥/), '已撤单']]);
    const { reply } = await say('昨天有哪些单');
    expect(reply.card?.title).toContain('36 单');
    expect(before).not.toEqual([]);
  });

  test('cancelled: whether it still stands in 金蝶', async () => {
    const [there = ''] = await keysOf(`state = 'done'`);
    await fetch(`${app.sandbox?.jushuitan.origin}/sandbox/orders/${there}`, {
      method: 'POST',
      body: '{"status":"Cancelled"}',
    });
    await syncDays(app, '2026-11-23');
    expect(await rowsOf('取消了哪些单')).toEqual([[there, expect.stringMatching(/^¥/), '聚水潭已取消 · 金蝶里还在']]);
    expect((await say('昨天取消的单有哪些')).reply.card?.title).toMatch(/^11-23（周一）.*聚水潭已取消 · 出库单 1 单/);
    // What was withdrawn stays out when its day is synced again; what is cancelled is counted no more.
    expect((await say('昨天有哪些单')).reply.card?.title).toContain('35 单');
  });

  test('a report narrowed to a shop is the list of its orders', async () => {
    const { reply } = await say('昨天抖音多少单');
    expect(reply.card?.title).toMatch(/抖音/);
  });
});
