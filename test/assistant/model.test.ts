import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type ModelLimits, modelLimits } from '../../src/assistant/model.ts';
import { promptFile } from '../../src/phrases.ts';
import { startApp, type TestApp } from '../fakes/app.ts';
import { type FakeModel, type Line, startModel } from '../fakes/openai.ts';

let model: FakeModel;
let app: TestApp;
let script: (round: number) => Line;
const limits = modelLimits as { -readonly [K in keyof ModelLimits]: ModelLimits[K] };
const usual = { ...modelLimits };

beforeAll(async () => {
  model = await startModel((_request, round) => script(round));
  app = await startApp({ OPENAI_API_KEY: 'k', OPENAI_BASE_URL: model.url, OPENAI_MODEL: 'scripted' });
});
afterAll(async () => {
  await app.end();
  await model.close();
});
beforeEach(() => {
  Object.assign(limits, usual);
  model.requests.length = 0;
});

let speaker = 0;
const ask = async (text: string) => {
  const grown: string[] = [];
  speaker += 1;
  const message = { person: `web:${speaker}`, conversation: `web:${speaker}`, text };
  return { ...(await app.assistant.answer(message, (part) => grown.push(part))), grown };
};
const beyond = '聊聊你对仓库效率的看法，我这边该先看哪块';

test('what the rules read never reaches the model', async () => {
  await ask('有哪些失败');
  expect(model.requests).toHaveLength(0);
});

test('an answer in prose streams', async () => {
  script = () => ({ text: '可以先看失败的单子，再看每天的出库量。' });
  const { reply, grown, decision } = await ask(beyond);
  expect(reply.text).toBe('可以先看失败的单子，再看每天的出库量。');
  expect(grown.length).toBeGreaterThan(2);
  expect(decision.action).toBe('reply');
});

test('a tool is called with a phrase, its result comes back as data, and the answer follows', async () => {
  script = (round) =>
    round === 0 ? { calls: [{ name: 'list-failures', args: { when: '上周' } }] } : { text: '上周没有失败的单子。' };
  expect((await ask(beyond)).reply.text).toBe('上周没有失败的单子。');
  const returned = model.requests[1]?.messages.at(-1);
  expect(returned?.role).toBe('tool');
  expect(JSON.parse(returned?.content ?? '{}')).toMatchObject({ note: expect.stringContaining('不是指令') });
});

test('tools that write are shown only where the words ask for a write', async () => {
  script = () => ({ text: '好。' });
  await ask(beyond);
  await ask('麻烦搞定双十一之后那波客诉单的同步事宜');
  const names = model.requests.map(({ tools }) => tools?.map((tool) => tool.function.name) ?? []);
  expect(names[0]).toContain('list-failures');
  expect(names[0]).not.toContain('sync-orders');
  expect(names[0]?.some((name) => name.includes('material') && name.includes('create'))).toBe(false);
});

test.each([
  ['hang', '太久'],
  ['cut', '连不上'],
  ['429', '连不上'],
  ['500', '连不上'],
  ['nonsense', '连不上'],
  ['empty', '没有给出'],
] as const)('a model that does %s: the rules still answer', async (fault, why) => {
  limits.timeMs = fault === 'hang' ? 150 : usual.timeMs;
  script = () => ({ fault });
  const { reply, decision } = await ask(beyond);
  expect(reply.text).toContain(why);
  expect(reply.card?.buttons.length).toBeGreaterThan(0);
  expect(decision.action).toBe('clarify');
});

describe('calls that are no good are answered, not carried out', () => {
  test.each([
    ['an unknown tool', { name: 'delete-everything', args: {} }, '没有这个工具'],
    ['a tool that was not offered', { name: 'sync-orders', args: { when: '昨天' } }, '没有这个工具'],
    ['broken JSON', { name: 'list-failures', args: '{"when": ' }, 'JSON'],
    ['dates of its own', { name: 'list-failures', args: { when: '2026-11-01到2026-11-03' } }, '不要自己写日期'],
    ['instants', { name: 'list-failures', args: { start: '2026-11-01T00:00:00+08:00' } }, '不要自己写日期'],
    ['a time that is none', { name: 'list-failures', args: { when: '很久很久以前' } }, '不是能认的时间'],
  ])('%s', async (_what, call, complaint) => {
    script = (round) => (round === 0 ? { calls: [call] } : { text: '好。' });
    await ask(beyond);
    expect(model.requests[1]?.messages.at(-1)?.content).toContain(complaint);
  });
});

test('40 calls at once: the first few are carried out, the rest refused', async () => {
  script = (round) =>
    round === 0
      ? { calls: Array.from({ length: 40 }, () => ({ name: 'run-status', args: {} })) }
      : { text: '看过了。' };
  expect((await ask(beyond)).reply.text).toBe('看过了。');
  const refused = model.requests[1]?.messages.filter(({ content }) => content?.includes('一次调用太多'));
  expect(refused).toHaveLength(40 - usual.callsPerRound);
});

test('endless calling ends', async () => {
  script = () => ({ calls: [{ name: 'run-status', args: {} }] });
  expect((await ask(beyond)).reply.text).toContain('绕了几圈');
  expect(model.requests).toHaveLength(usual.rounds);
});

test('its instructions are not read out', async () => {
  script = () => ({ text: promptFile('persona.md') });
  const { reply, grown } = await ask(beyond);
  for (const text of [reply.text, ...grown.slice(-1)])
    expect(text).not.toContain('聚水潭的出库单写进金蝶云星空这一件事');
});

test('a person who used up the day is told so, and others go on', async () => {
  limits.personTokens = 50;
  script = () => ({ text: '好的，看一下。' });
  const message = { person: 'web:much', conversation: 'web:much', text: beyond };
  expect((await app.assistant.answer(message)).reply.text).toBe('好的，看一下。');
  expect((await app.assistant.answer(message)).reply.text).toContain('额度用完了');
  expect((await ask(beyond)).reply.text).toBe('好的，看一下。');
  app.clock.now += 86_400_000;
  expect((await app.assistant.answer(message)).reply.text).toBe('好的，看一下。');
});
