import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { exceeds, loadRoles, parseRoles } from '../../src/assistant/policy/roles.ts';
import type { AppError } from '../../src/errors.ts';
import { startApp, type TestApp } from '../fakes/app.ts';

const tools = ['sync-orders', 'undo-order'];
const at = (person: string, conversation = 'web:c') => ({ person, conversation });

describe('who may do what', () => {
  const roles = parseRoles(
    `default: none
users: {"dingtalk:boss": admin, "feishu:ou_1": viewer}
groups: {"dingtalk:g1": operator, "feishu:g2": operator}
tools: {undo-order: operator}
limits: {confirm_above: {orders: 5}, four_eyes_above: {amount: 1000}}`,
    'roles.yaml',
    tools,
  );
  test.each([
    ['dingtalk:boss', 'dingtalk:g9', 'admin'],
    ['dingtalk:x', 'dingtalk:g1', 'operator'],
    ['feishu:ou_1', 'feishu:g2', 'viewer'],
    ['dingtalk:x', 'dingtalk:g9', 'none'],
    ['web:page', 'web:c', 'none'],
    ['terminal:me', 'terminal:me', 'admin'],
  ])('%s in %s is %s', (person, conversation, role) => expect(roles.of(at(person, conversation))).toBe(role));

  test('tools and limits of the file win over the built-in ones', () => {
    expect([roles.least('undo-order', 'admin'), roles.least('sync-orders', 'operator')]).toEqual([
      'operator',
      'operator',
    ]);
    expect(roles.confirmAbove).toEqual({ orders: 5, days: 1, amount: 50_000 });
    const small = { orders: 1, days: 1, amount: '10' };
    expect(roles.fourEyesAbove && exceeds(small, roles.fourEyesAbove)).toBe(false);
    expect(roles.fourEyesAbove && exceeds({ ...small, amount: '1000.01' }, roles.fourEyesAbove)).toBe(true);
  });

  test.each([
    [true, 'dingtalk:x', 'admin'],
    [false, 'terminal:x', 'admin'],
    [false, 'web:page', 'operator'],
    [false, 'feishu:x', 'viewer'],
  ])('without a file, sandbox %s: %s is %s', (sandbox, person, role) =>
    expect(loadRoles(undefined, sandbox, tools).of(at(person))).toBe(role),
  );

  test.each([
    ['default: king', 'roles.invalid', 1],
    ['users:\n  bob: admin', 'roles.invalid', 2],
    ['default: none\nlimit: {}', 'roles.invalid', 2],
    ['tools:\n  fly: admin', 'roles.unknown_tool', 2],
    ['default: [', 'roles.syntax', 1],
  ])('%j is refused as %s in line %i', (text, code, line) => {
    expect(() => parseRoles(text, 'roles.yaml', tools)).toThrowError(
      expect.objectContaining({ code, message: expect.stringContaining(`第 ${line} 行`) }),
    );
  });

  test.each([
    ['users:\n  a: admin\n b: admin', /第 \d 行第 \d 列.*（[^A-Za-z]+）/],
    ['users: admin', /users 不对。这里可以写：下面再分项/],
  ])('what is wrong with %j is said in words', (text, said) => {
    expect.assertions(1);
    try {
      parseRoles(text, 'roles.yaml', tools);
    } catch (error) {
      const { message, next } = error as AppError;
      expect(`${message}。${next}`).toMatch(said);
    }
  });
});

describe('asking before a write', () => {
  const dir = mkdtempSync(join(tmpdir(), 'xiaoqing-'));
  let app: TestApp;
  beforeAll(async () => {
    const file = join(dir, 'roles.yaml');
    writeFileSync(
      file,
      `default: viewer
users: {"web:a": operator, "web:b": operator}
limits: {four_eyes_above: {orders: 20}}`,
    );
    app = await startApp({ ROLES_FILE: file });
  });
  afterAll(async () => {
    await app.end();
    rmSync(dir, { recursive: true, force: true });
  });
  const say = (text: string, person = 'web:a') => app.assistant.answer({ person, conversation: 'web:g', text });

  test('a viewer may look and not write, and it is on record', async () => {
    expect((await say('有哪些失败', 'web:v')).decision.action).toBe('reply');
    const refused = await say('同步昨天的订单', 'web:v');
    expect(refused.run).toBeUndefined();
    expect(refused.reply.text).toContain('权限');
    expect((await say('谁动过今天的同步')).reply.card?.blocks[0]).toMatchObject({
      rows: expect.arrayContaining([expect.arrayContaining(['v', '没有权限（只看）'])]),
    });
  });

  test('four eyes: the asker, then somebody else, once', async () => {
    expect((await say('同步昨天的订单')).decision.action).toBe('confirm');
    expect((await say('确认', 'web:b')).run).toBeUndefined(); // not before the asker
    expect((await say('确认')).reply.text).toContain('另一位');
    expect((await say('确认')).run).toBeUndefined(); // not the same person twice
    expect((await say('确认', 'web:v')).run).toBeUndefined(); // not somebody who may not write
    const done = await say('确认', 'web:b');
    expect(done.run?.requester.person).toBe('web:a');
  });

  test.each(['不是很确定', '确认什么', '等等', '好像不对', '确认吗'])('「%s」 is no yes', async (text) => {
    await say('同步前天的订单');
    expect((await say(text)).run).toBeUndefined();
    await say('取消');
  });

  test('a question that is ten minutes old does not hold', async () => {
    await say('同步前天的订单');
    app.clock.now += 10 * 60_000 + 1;
    expect((await say('确认')).run).toBeUndefined();
  });

  test('a follow-up is asked about whatever its size, and forgotten on 「算了」', async () => {
    await say('同步昨天的订单');
    await say('取消');
    const next = await say('那前天的呢');
    expect(next.decision).toMatchObject({ intent: 'sync', action: 'confirm' });
    await say('取消');
    await say('算了');
    expect((await say('那前天的呢')).decision.intent).toBe('unknown');
  });
});
