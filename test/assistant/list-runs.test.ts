import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Answer } from '../../src/assistant/assistant.ts';
import type { RunRequest } from '../../src/sync/run.ts';
import { dayWindow } from '../../src/sync/window.ts';
import { pause, startApp, type TestApp } from '../fakes/app.ts';
import { fieldsOf, rowsOf } from '../fakes/reply.ts';

let app: TestApp;
const me = { person: 'dingtalk:staff-1', conversation: 'dingtalk:c1' };
const say = (text: string): Promise<Answer> => app.assistant.answer({ ...me, text });
const press = (name: string, args: Record<string, string>): Promise<Answer> =>
  app.assistant.answer({ ...me, text: '', action: { name, args } });
const asked = (more: Partial<RunRequest> = {}): RunRequest => ({
  pipeline: app.sync.defaultPipeline,
  kind: 'sync',
  trigger: 'schedule',
  by: 'changes',
  ...dayWindow('2026-11-24', '2026-11-24', new Date(app.clock.now)),
  filters: {},
  requester: { person: 'schedule', conversation: 'schedule' },
  ...more,
});

beforeAll(async () => {
  app = await startApp();
  await app.store.sql.query(`insert into people (person, name) values ('dingtalk:staff-1', '王小红')`);
  expect((await say('最近跑了什么')).reply.text).toMatch(/^还没有跑过同步/);
  await say('先预览昨天的');
  await say('同步昨天的订单');
  const { run } = await say('确认');
  if (run) await app.sync.ended(run.id, pause);
  for (let tick = 0; tick < 3; tick++) {
    app.clock.now += 600_000;
    const idle = await app.sync.runs.create(asked(), async () => undefined);
    await app.sync.runs.finish(idle.run.id, 'succeeded', null);
  }
}, 120_000);
afterAll(() => app.end());

test('the latest runs with who, what and figures; a preview is none, and ticks that found nothing are only counted', async () => {
  const { decision, reply } = await say('最近跑了什么');
  expect(decision).toMatchObject({ intent: 'run_status', action: 'reply' });
  expect(rowsOf(reply)).toEqual([
    [
      '11-24 15:00',
      '王小红',
      '同步 11-23（周一） 的出库单',
      expect.stringMatching(/^做完了但有失败，写入 31，已存在 0，失败 6，跳过 0$/),
    ],
  ]);
  expect(reply.text).toMatch(
    /^跑过 1 次\n11-24 15:00 王小红 同步 11-23（周一） 的出库单：.*失败 6.*\n另有 3 次定时没有新单。$/s,
  );
});

test('of a range: what ran in it, else what read its days', async () => {
  expect((await say('今天跑了几次')).reply.text).toMatch(/^11-24（周二）.*跑了 1 次/);
  expect((await say('昨天跑了哪些同步')).reply.text).toMatch(
    /^11-23（周一）.*没有跑过；跑过这几天单子的有 1 次\n11-24 15:00/,
  );
  expect((await say('11月1号跑了哪些同步')).reply.text).toMatch(/没有跑过，这几天的单子也没有同步过/);
});

test('the story of one: by its button, and in words', async () => {
  const { reply } = await say('最近跑了什么');
  const button = reply.card?.buttons.find(({ action }) => action.name === 'show-run');
  expect(button?.label).toBe('11-24 15:00 的经过');
  const story = await press('show-run', button?.action.args ?? {});
  expect(fieldsOf(story.reply)).toMatchObject({
    范围: '11-23（周一）00:00 → 24:00 · 按出库时间',
    谁要的: '王小红（在聊天里）',
    排队: expect.stringMatching(/^11-24 15:00:/),
    开始: expect.stringMatching(/^11-24 15:00:/),
    读取: expect.stringMatching(/^[2-4] 页，37 单$/),
    结果: expect.stringMatching(/^写入 31，已存在 0，失败 6，跳过 0 · 共 37 单 ¥/),
    结束: expect.stringMatching(/^11-24 15:.*用时/),
  });
  expect(story.orders).toHaveLength(6);
  expect(story.run?.state).toBe('partial');
  expect((await say('那次运行的经过')).reply.text).toMatch(/^同步 11-23（周一） 的出库单 · 做完了但有失败\n/);
  expect((await say('今天 15:00 那次的经过')).reply.text).toContain('同步 11-23（周一） 的出库单 · 做完了但有失败');
});

test('who had it stopped, and what it broke off at', async () => {
  const { run } = await app.sync.runs.create(
    asked({ trigger: 'chat', by: 'io_date', requester: { ...me, person: 'dingtalk:staff-2' } }),
    async () => undefined,
  );
  await say('停掉');
  const waiting = await press('show-run', { run: run.id });
  expect(fieldsOf(waiting.reply)).toMatchObject({
    谁要的: '钉钉同事（在聊天里）',
    开始: '还没开始',
    停下: '王小红 让停，做完这一批就停',
  });
  await app.sync.runs.finish(run.id, 'cancelled', null);
  expect(fieldsOf((await press('show-run', { run: run.id })).reply).停下).toBe('王小红 让停的；已经写进去的没有撤');
});

test('as many as are asked for, the next ones by a button, and all of them as a file', async () => {
  const two = await say('最近2次运行');
  expect(rowsOf(two.reply)).toHaveLength(2);
  const one = await say('最近1次运行');
  const next = one.reply.card?.buttons.find(({ action }) => action.args.offset);
  const after = await press('list-runs', next?.action.args ?? {});
  expect(rowsOf(after.reply)[0]?.[2]).toBe('同步 11-23（周一） 的出库单');
  expect((await say('导出')).reply.text).toMatch(/运行记录.*2 行/);
});

test('a run that there is not has no story', async () => {
  expect((await press('show-run', { run: 'nobody' })).reply.text).toMatch(/^没有这次运行/);
});
