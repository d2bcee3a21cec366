import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Answer } from '../../src/assistant/assistant.ts';
import { pause, startApp, type TestApp } from '../fakes/app.ts';
import { rowsOf } from '../fakes/reply.ts';

let app: TestApp;
const group = 'dingtalk:c1';
const [wang, li, me] = ['dingtalk:staff-1', 'dingtalk:staff-2', 'web:张老板'];
const say = (person: string, text: string): Promise<Answer> =>
  app.assistant.answer({ person, conversation: group, text });
const press = (person: string, name: string, args: Record<string, string>): Promise<Answer> =>
  app.assistant.answer({ person, conversation: group, text: '', action: { name, args } });
const later = (): void => {
  app.clock.now += 60_000;
};

beforeAll(async () => {
  app = await startApp();
  expect((await say(me, '操作记录')).reply.text).toBe('没有操作记录。');
  const { sql } = app.store;
  await sql.query(
    `insert into people (person, name) values ('${wang}', '王小红'), ('${li}', '李明'), ('dingtalk:staff-9', '同步')`,
  );
  const answers = [
    await press(wang, 'sync-orders', { start: '2026-11-23T00:00:00+08:00', end: '2026-11-24T00:00:00+08:00' }),
  ];
  answers.push(await say(wang, '确认'));
  later();
  await press(li, 'set-master-data', { map: 'shop_to_customer', source: '10037', target: 'CUST0003' });
  answers.push(await say(li, '确认'));
  later();
  await press(li, 'undo-master-data', { version: '1' });
  later();
  await press(li, 'set-schedule', { cron: '0 8 * * *' });
  later();
  await press(li, 'pause-schedule', {});
  for (const { run } of answers) if (run) await app.sync.ended(run.id, pause);
}, 120_000);
afterAll(() => app.end());

test('people by name, tools in words, and what was before and after', async () => {
  const { decision, reply } = await say(me, '操作记录');
  expect(decision).toMatchObject({ intent: 'audit_log', action: 'reply' });
  expect(rowsOf(reply)).toEqual([
    ['11-24 15:04', '李明', '暂停定时 每天 08:00 开着 → 每天 08:00 停着', '已执行'],
    ['11-24 15:03', '李明', '改定时 每 10 分钟 停着 → 每天 08:00 开着', '已执行'],
    ['11-24 15:02', '李明', '撤销对照 店铺 → 客户 10037：CUST0003 → 没有设置', '已执行'],
    ['11-24 15:01', '李明', '改对照 店铺 → 客户 10037：没有设置 → CUST0003', '确认后已执行'],
    ['11-24 15:01', '李明', '改对照 店铺 → 客户 10037 → CUST0003', '等确认'],
    ['11-24 15:00', '王小红', '同步 出库单 11-23（周一）', '确认后已执行'],
    ['11-24 15:00', '王小红', '同步 11-23（周一）', '等确认'],
  ]);
  expect(reply.text).toMatch(/^操作记录 7 条\n11-24 15:04 李明 暂停定时/);
});

test.each([
  ['王小红今天做了什么', ['王小红'], '同步'],
  ['小李今天改了什么', ['李明'], '定时'],
  ['谁改的对照', ['李明'], '对照'],
  ['谁停的定时', ['李明'], '定时'],
  ['谁动过昨天的同步', ['王小红'], '同步'],
  ['261123005 谁推的', ['王小红'], '同步'],
])('%s: %j, %s', async (text, people, deed) => {
  const rows = rowsOf((await say(me, text)).reply);
  expect(new Set(rows.map(([, who]) => who))).toEqual(new Set(people));
  expect(rows[0]?.[2]).toContain(deed);
});

test('one’s own, and nobody of that name', async () => {
  expect(rowsOf((await say(li, '我今天做过哪些操作')).reply).every(([, who]) => who === '李明')).toBe(true);
  expect((await say(me, '小赵昨天做了什么')).reply.text).toBe('没有叫「小赵」的人操作过。有记录的是李明、王小红。');
  expect((await say(me, '11月1号谁操作过')).reply.text).toMatch(/^没有11-01（周日）.*的操作记录。$/);
});

test('who changed an entry, who moved a date and who waits are named, too', async () => {
  await app.settings.setMapEntry({ map: 'shop_to_customer', source: '10037', target: 'CUST0003' }, li);
  const pipeline = app.sync.defaultPipeline;
  await app.sync.decisions.moveDate(pipeline, ['261123001'], '2026-11-25', wang);
  await app.sync.decisions.hold(pipeline, ['261123005'], null, li);
  const shown = [
    await press(me, 'master-data', { map: 'shop_to_customer', source: '10037' }),
    await press(me, 'explain-mapping', { field: 'FDate' }),
    await press(me, 'list-failures', {}),
  ].map(({ reply }) => JSON.stringify(reply));
  expect(shown).toEqual([
    expect.stringMatching(/CUST0003。李明 11-24/),
    expect.stringMatching(/改到 2026-11-25 记账，王小红 /),
    expect.stringContaining('李明 说等反关账'),
  ]);
  expect(shown.join('')).not.toContain('dingtalk:');
});

test('a colleague called like a word of ours is no person in a sentence', async () => {
  expect((await say(me, '谁同步的')).decision.slots).toEqual({ what: 'sync' });
});

test('what the schedule wrote by itself is told of a document', async () => {
  const { sql } = app.store;
  await sql.query(`update runs set trigger = 'schedule' where kind = 'sync'`);
  await sql.query(`update audit set run_id = null where run_id is not null`);
  const rows = rowsOf((await say(me, '261123001 谁推的')).reply);
  expect(rows).toEqual([[expect.stringMatching(/^11-24 15:0/), '定时', '同步 出库单', '已执行']]);
});

test('twenty at a time, the next page by a button, and all of it as a file', async () => {
  for (let turn = 0; turn < 30; turn++) await press(wang, turn % 2 ? 'pause-schedule' : 'resume-schedule', {});
  const first = (await say(me, '王小红改过哪些定时')).reply;
  expect([rowsOf(first).length, first.card?.title]).toEqual([20, expect.stringContaining('第 1 至 20 条，共 30 条')]);
  const next = (await press(me, 'audit-log', first.card?.buttons[0]?.action.args ?? {})).reply;
  expect(rowsOf(next)).toHaveLength(10);
  expect(next.card?.buttons).toEqual([]);
  expect((await say(me, '导出')).reply.text).toMatch(/操作记录.*30 行/);
});

test('what was refused or failed says why', async () => {
  await press(me, 'set-schedule', { cron: 'every now and then' });
  expect(rowsOf((await say(me, '操作记录')).reply)[0]?.[3]).toMatch(/^没有做成/);
});
