import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Answer } from '../../src/assistant/assistant.ts';
import { maskedText } from '../../src/assistant/language/masked.ts';
import { pause, startApp, type TestApp } from '../fakes/app.ts';

let app: TestApp;
let talk = 0;
beforeAll(async () => {
  app = await startApp();
});
afterAll(async () => await app.end());

const now = '2026-11-24T15:00:00+08:00';
const speaker = (person = 'feishu:ou_1') => {
  const conversation = `feishu:g${talk++}`;
  return (text: string, action?: object): Promise<Answer> =>
    app.assistant.answer({ person, conversation, text, ...(action ? { action: action as never } : {}) });
};
const reported = async (): Promise<string[]> => {
  const terminal = { person: 'terminal:me', conversation: 'terminal:me', text: '' };
  const call = { tool: 'list-misreads', args: {}, intent: 'misread', slots: {} };
  return (await app.assistant.gate.carryOut(terminal, call, { command: true })).reply.text.split('\n');
};

describe('masking', () => {
  const names = { shops: ['青禾旗舰店'], warehouses: ['华东仓'], prefixes: ['JST'] };
  test.each([
    ['把 261123005 推一下', '把{单}推一下'],
    ['JST261123005 呢', '{单}呢'],
    ['青禾旗舰店昨天的单', '{店}昨天的单'],
    ['店铺10037 对应 CUST0007', '{店}对应 {料}'],
    ['华东仓的补一下', '{仓}的补一下'],
    ['小李说 11.20 的漏了', '{人}说11.20的漏了'],
    ['打 138-1234-5678 问', /^打[^0-9]*问$/],
    ['发到 a.b@example.com', '发到 {人}'],
    ['昨天 37 单\t没进\n', '昨天37单没进'],
  ])('%j', (text, masked) => expect(maskedText(text, now, names)).toMatch(masked));

  test('words stay as they were typed', () => expect(maskedText('昨天的订但推送', now, names)).toBe('昨天的订但推送'));
});

test('「你理解错了」 writes the last sentence down, masked and without anybody, and offers what else it may have meant', async () => {
  const say = speaker();
  await say('261123005 到哪了');
  const { decision, reply } = await say('你理解错了');
  expect(decision.intent).toBe('misread');
  expect((await reported()).at(-1)).toBe('{单}到哪了\torder_status\tquestion\tmisread');
  const buttons = reply.card?.buttons ?? [];
  expect(buttons.length).toBeGreaterThan(0);
  for (const { action } of buttons) expect(action.name).toBe('say');
  const rows = JSON.stringify(await app.store.sql.query('select * from misreads'));
  expect(rows).not.toMatch(/ou_1|feishu|261123005/);
});

test('「不对」 with nothing open is the same; with a question open it is a no', async () => {
  const say = speaker();
  await say('有哪些失败');
  const before = (await reported()).length;
  expect((await say('不对')).decision.intent).toBe('misread');
  expect(await reported()).toHaveLength(before + 1);
  expect((await say('撤掉 261123001')).decision.action).toMatch(/confirm|reply/);
  const open = await say('店铺 10037 对应客户 CUST0003');
  expect(open.decision.action).toBe('confirm');
  expect((await say('不对')).decision.intent).toBe('reject');
});

test('a card that asks which reading is meant has the button; it is of that sentence, whatever was said since, and once', async () => {
  const say = speaker();
  const asked = await say('那些弄一弄');
  const [button] = asked.reply.card?.buttons.slice(-1) ?? [];
  expect(button?.label).toBe('读错了');
  await say('有哪些失败');
  for (let times = 0; times < 2; times++) await say('', button?.action);
  const lines = (await reported()).filter((line) => line.startsWith('那些弄一弄\t'));
  expect(lines).toHaveLength(1);
  const stranger = speaker('feishu:ou_2');
  expect((await stranger('', button?.action)).reply.text).toContain('前面没有你说的话');
});

test('what was begun by mistake can be stopped from there', async () => {
  const say = speaker('feishu:ou_3');
  await say('同步 11-01 到 11-22 的订单');
  const { run } = await say('确认');
  const { reply } = await say('你理解错了');
  expect(reply.card?.buttons.map(({ label }) => label)).toContain('停掉正在跑的同步');
  await say('停掉正在跑的同步');
  if (run) await app.sync.ended(run.id, pause);
});
