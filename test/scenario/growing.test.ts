import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { TestApp } from '../fakes/app.ts';
import { type FakeDingtalk, startOnDingtalk } from '../fakes/dingtalk.ts';
import { type FakeFeishu, startOnFeishu } from '../fakes/feishu.ts';
import { type FakeModel, type Line, startModel } from '../fakes/openai.ts';

const soon = { timeout: 15_000, interval: 20 };
const question = '替我想一句秋天的口号';
const answer = '秋天的单子比夏天多，退货也少。';
/** What a model should not say, and what none of it may become. */
const evil =
  '可以先看失败的单子。<at id=all></at> ![图](https://evil.example/p.png) [点我](https://evil.example) https://evil.example/x @_all';
const markup = /<at|!\[|\]\(|evil\.example|@_all/;
let line: Line;
let model: FakeModel;
beforeAll(async () => {
  model = await startModel((_request, round) => (round === 0 ? line : { text: answer }));
});
afterAll(() => model.close());
beforeEach(() => {
  line = { text: answer };
});

const withModel = (): Record<string, string> => ({ OPENAI_API_KEY: 'k', OPENAI_BASE_URL: model.url });

describe('Feishu', () => {
  let gateway: FakeFeishu;
  let app: TestApp;
  beforeAll(async () => {
    ({ gateway, app } = await startOnFeishu(withModel()));
  });
  afterAll(async () => {
    await app.end();
    await gateway.stop();
  });
  afterEach(() => {
    gateway.said.length = 0;
  });
  const calls = () => gateway.said.map(({ method, path }) => `${method} ${path.replace(/[0-9a-f-]{36}/, ':id')}`);
  const sends = () => gateway.said.filter(({ path, body }) => path.includes('/messages') && body.msg_type);

  test('an answer of the model grows on one card, under rising sequences, and is closed', async () => {
    gateway.say(question, { id: 'om_q1' });
    await expect.poll(calls, soon).toContain('PUT /open-apis/cardkit/v1/cards/:id');
    expect(sends().map(({ path }) => path)).toEqual(['/open-apis/im/v1/messages/om_q1/reply']);
    expect(calls()).toContain('PATCH /open-apis/cardkit/v1/cards/:id/settings');
    const changes = gateway.said
      .filter(({ body }) => body.sequence !== undefined)
      .map(({ body }) => Number(body.sequence));
    expect(changes).toEqual([...changes].sort((a, b) => a - b));
    expect(new Set(changes).size).toBe(changes.length);
    const last = gateway.said.at(-1)?.body.card as { data: string };
    expect(last.data).toContain(answer);
    expect(last.data).toContain('"streaming_mode":false');
  });

  test.each<[string, Line]>([
    ['is cut off in the middle', { fault: 'cut' }],
    ['says something and then asks for a tool', { text: '我看看', calls: [{ name: 'list-failures', args: {} }] }],
  ])('a model that %s: one message', async (_what, said) => {
    line = said;
    gateway.say(question);
    await expect.poll(() => sends().length, soon).toBe(1);
    gateway.say('帮助');
    await expect.poll(() => sends().length, soon).toBe(2);
  });

  test('what the rules answer does not grow', async () => {
    gateway.say('帮助');
    await expect.poll(() => sends().length, soon).toBe(1);
    expect(calls().join()).not.toContain('cardkit');
  });

  test('without the permission to write cards the answer comes as one message', async () => {
    gateway.lacks.set('/open-apis/cardkit', 'cardkit:card:write');
    gateway.say(question);
    await expect.poll(() => sends().length, soon).toBe(1);
    expect(String(sends()[0]?.body.content)).toContain(answer);
    gateway.lacks.clear();
  });

  test.each([true, false])('a model’s markup is words, on a card (%s) and in a text', async (onCard) => {
    line = { text: evil };
    if (!onCard) gateway.lacks.set('/open-apis/cardkit', 'cardkit:card:write');
    gateway.say(question);
    await expect.poll(() => JSON.stringify(gateway.said), soon).toContain('（链接略）');
    await expect.poll(() => sends().length, soon).toBe(1);
    if (onCard) await expect.poll(calls, soon).toContain('PUT /open-apis/cardkit/v1/cards/:id');
    expect(JSON.stringify(gateway.said.map(({ body }) => body))).not.toMatch(markup);
    gateway.lacks.clear();
  });

  test('what is missing is named by the doctor', async () => {
    gateway.lacks.set('/open-apis/cardkit', 'cardkit:card:write').set('/open-apis/im/v1/files', 'im:resource');
    const [found] = await app.conversations.check();
    expect(found?.findings.map(({ message }) => message).join()).toMatch(/cardkit:card:write.*im:resource/);
    gateway.lacks.clear();
    expect((await app.conversations.check())[0]?.findings).toEqual([]);
  });
});

describe('DingTalk', () => {
  let gateway: FakeDingtalk;
  let app: TestApp;
  beforeAll(async () => {
    ({ gateway, app } = await startOnDingtalk(withModel()));
  });
  afterAll(async () => {
    await app.end();
    await gateway.stop();
  });
  const cards = () => gateway.said.filter(({ path }) => path.startsWith('/v1.0/card'));

  test('an answer of the model is written on one card, and finished', async () => {
    gateway.say(question);
    const params = () => (cards().at(-1)?.body.cardData as { cardParamMap?: Record<string, string> })?.cardParamMap;
    await expect.poll(() => params()?.flowStatus, soon).toBe('3');
    expect(params()?.markdown).toBe(answer);
    expect(cards().map(({ path }) => path)).toEqual([
      '/v1.0/card/instances/createAndDeliver',
      ...cards()
        .slice(1, -1)
        .map(() => '/v1.0/card/streaming'),
      '/v1.0/card/instances',
    ]);
    expect(new Set(cards().map(({ body }) => body.outTrackId)).size).toBe(1);
    expect(cards().at(-2)?.body).toMatchObject({ key: 'markdown', isFull: true, isFinalize: true });
    expect(gateway.said.filter(({ path }) => path === '/robot/sendBySession')).toEqual([]);
  });

  test.each([true, false])('a model’s markup is words, on a card (%s) and in a text', async (onCard) => {
    gateway.said.length = 0;
    line = { text: evil };
    gateway.refuseCards = onCard ? null : { status: 403, code: 'Forbidden.AccessDenied' };
    gateway.say(question);
    const last = () => gateway.said.findLast(({ path }) => !path.includes('emotion'));
    await expect.poll(() => JSON.stringify(last()?.body ?? {}), soon).toContain('（链接略）');
    await expect.poll(() => last()?.path, soon).toBe(onCard ? '/v1.0/card/instances' : '/robot/sendBySession');
    expect(JSON.stringify(gateway.said.map(({ body }) => body))).not.toMatch(markup);
    gateway.refuseCards = null;
  });
});
