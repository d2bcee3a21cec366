import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Answer } from '../../src/assistant/assistant.ts';
import { pause, startApp, syncDays, type TestApp } from '../fakes/app.ts';

let app: TestApp;
beforeAll(async () => {
  app = await startApp();
  await syncDays(app, '2026-11-23');
}, 120_000);
afterAll(() => app.end());

const talk = (conversation: string) => ({
  say: (text: string): Promise<Answer> => app.assistant.answer({ person: 'web:me', conversation, text }),
  press: (name: string, args: Record<string, string>): Promise<Answer> =>
    app.assistant.answer({ person: 'web:me', conversation, text: '', action: { name, args } }),
});
const day = { start: '2026-11-22T00:00:00+08:00', end: '2026-11-23T00:00:00+08:00' };

test('the question that a button brings is answered in words', async () => {
  const { say, press } = talk('web:1');
  const { decision, reply } = await press('sync-orders', day);
  expect([decision.action, reply.text]).toEqual(['confirm', expect.stringContaining('回复「确认」')]);
  expect((await say('好')).run?.filters).toEqual({});
});

test('looking at what is asked leaves it open; another button does not', async () => {
  const { say, press } = talk('web:2');
  const id = async () => (await press('sync-orders', day)).reply.card?.buttons[0]?.action.args.id ?? '';
  await press('preview', { id: await id() });
  expect((await say('确认')).run).toBeDefined();
  await id();
  await press('list-failures', {});
  expect((await say('确认')).run).toBeUndefined();
});

test('the documents it names are what 「这单」 means next', async () => {
  const { say, press } = talk('web:3');
  const { runs } = app.sync;
  const [run] = (await runs.history({}, { offset: 0, limit: 10 })).runs.filter(
    ({ filters }) => Object.keys(filters).length === 0,
  );
  await app.sync.ended(run?.id ?? '', pause);
  const story = await press('show-run', { run: run?.id ?? '' });
  const [first] = story.orders ?? [];
  expect((await say('这单进了没')).decision.slots.orders).toContain(first);
});
