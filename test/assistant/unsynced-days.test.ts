import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Answer } from '../../src/assistant/assistant.ts';
import { pause, startApp, syncDays, type TestApp } from '../fakes/app.ts';
import { rowsOf } from '../fakes/reply.ts';

let app: TestApp;
const me = { person: 'web:me', conversation: 'web:c1' };
const say = (text: string): Promise<Answer> => app.assistant.answer({ ...me, text });
const press = (answer: Answer, label: RegExp): Promise<Answer> => {
  const button = answer.reply.card?.buttons.find((one) => label.test(one.label));
  if (!button) throw new Error(`no button ${label}`);
  return app.assistant.answer({ ...me, text: '', action: button.action });
};
const over = async ({ run }: Answer): Promise<void> => {
  if (run) await app.sync.ended(run.id, pause);
};

beforeAll(async () => {
  app = await startApp();
  expect((await say('哪几天没同步')).reply.text).toMatch(
    /^出库单 10-25（周日）至 11-23（周一） 共 30 天：30 天没读过\n/,
  );
  await syncDays(app, '2026-11-20', '2026-11-21');
  await say('先预览 11-18 的');
  await over(await say('同步 11-19 抖音的'));
  await over(await say('确认'));
  await syncDays(app, '2026-11-24');
  app.clock.now = Date.parse('2026-11-25T10:00:00+08:00');
}, 180_000);
afterAll(() => app.end());

test('days that were never read, in part, too early, or have failures left, as ranges', async () => {
  const { decision, reply } = await say('11月哪几天没同步');
  expect(decision).toMatchObject({ intent: 'run_status', action: 'reply' });
  expect(rowsOf(reply)).toEqual([
    ['11-01（周日）至 11-18（周三）', expect.stringMatching(/^没读过/)],
    ['11-19（周四）', expect.stringMatching(/^只读了一部分/)],
    ['11-20（周五）至 11-21（周六）', expect.stringMatching(/^读完了，还有 \d+ 单没进金蝶$/)],
    ['11-22（周日）至 11-23（周一）', '没读过'],
    ['11-24（周二）', expect.stringMatching(/^只读到 11-24 15:\d\d，还有 \d+ 单没进金蝶$/)],
  ]);
  expect(reply.text).toMatch(
    /^出库单 11-01（周日）至 11-24（周二） 共 24 天：20 天没读过，1 天只读了一部分，1 天没等过完就读了.*，2 天读完了但还有单子/,
  );
});

test('a button syncs a stretch of them, and asks like any sync of so many', async () => {
  const answer = await press(await say('11-22 到 11-24 哪天没同步'), /^同步 11-22（周日）至 11-24（周二）$/);
  expect(answer.decision.action).toBe('confirm');
  expect(answer.reply.text).toMatch(/11-22（周日）00:00 → 11-24（周二）24:00/);
  await over(await say('确认'));
  const { reply } = await say('11-22 到 11-24 哪天没同步');
  expect(rowsOf(reply)).toEqual([
    ['11-22（周日）至 11-24（周二）', expect.stringMatching(/^读完了，还有 \d+ 单没进金蝶$/)],
  ]);
  expect(reply.card?.buttons.map(({ action }) => action.name)).toEqual(['list-failures']);
  const left = await press(await say('11-22 到 11-24 哪天没同步'), /^看没进去的 \d+ 单$/);
  expect(left.reply.text).toMatch(/^出库单还有 \d+ 单没进金蝶/);
});

test('a day that is not over is not judged', async () =>
  expect((await say('今天有没有漏读的')).reply.text).toMatch(/^11-25（周三） 还没有过完/));
