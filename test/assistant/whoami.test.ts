import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parseRules } from '../../src/alerts/rules.ts';
import type { Answer } from '../../src/assistant/assistant.ts';
import { parseRoles } from '../../src/assistant/policy/roles.ts';
import { phrase } from '../../src/phrases.ts';
import { startApp, type TestApp } from '../fakes/app.ts';
import { fieldsOf } from '../fakes/reply.ts';

const dir = mkdtempSync(join(tmpdir(), 'xiaoqing-roles-'));
const file = join(dir, 'roles.yaml');
writeFileSync(file, 'default: none\nusers: {"dingtalk:boss": admin}\ngroups: {"dingtalk:cidA=": operator}');
let app: TestApp;
beforeAll(async () => {
  app = await startApp({ ROLES_FILE: file });
});
afterAll(async () => {
  await app.end();
  rmSync(dir, { recursive: true, force: true });
});
const say = (person: string, conversation: string, text: string, more: object = {}): Promise<Answer> =>
  app.assistant.answer({ person, conversation, text, ...more });

describe('who somebody is here', () => {
  test('in a group that has a role, with what it may and may not do', async () => {
    const { decision, reply } = await say('dingtalk:staff-0193', 'dingtalk:cidA=', '我是谁', { name: '王小红' });
    expect(decision).toMatchObject({ intent: 'whoami', action: 'reply' });
    expect(reply.text).toMatch(/^你是王小红：钉钉 staff-0193，角色 操作员 operator（ROLES_FILE 里写了这个群）/);
    expect(reply.text).toMatch(/能看，能同步、重试失败的、.*；不能撤单、.*。这个群的编号是 dingtalk:cidA=。$/);
  });

  test('by a line of their own, in private', async () => {
    const { reply } = await say('dingtalk:boss', 'dingtalk:p2p', '我的权限', { private: true });
    expect(reply.text).toMatch(/角色 管理员 admin（ROLES_FILE 里写了你）.*撤单/);
    expect(reply.text).toContain('这里是私聊');
    expect(reply.text).not.toContain('不能');
    expect(fieldsOf(reply)[phrase('whoami.paste.groups')]).toBeUndefined();
  });

  test('without any role, and then nothing else', async () => {
    const { reply } = await say('dingtalk:new', 'dingtalk:other', '这个群的编号');
    expect(reply.text).toMatch(/角色 无 none（.*按 default）。什么都不能做，只能问我是谁/);
    expect(reply.text).toContain('dingtalk:other');
    expect((await say('dingtalk:new', 'dingtalk:other', '有哪些失败')).reply.text).toMatch(/不能做这件事.*「我是谁」/);
  });

  test('a role of a tool that the file has raised or lowered counts', async () => {
    const before = readRoles();
    writeFileSync(file, `${before}\ntools: {undo-order: operator}`);
    const { reply } = await say('dingtalk:staff-0193', 'dingtalk:cidA=', '我能干什么');
    expect(fieldsOf(reply)[phrase('whoami.field.can')]).toContain('撤单');
    writeFileSync(file, before);
  });
});

test('the lines are taken by the files as they stand', async () => {
  const { reply } = await say('feishu:ou_1', 'feishu:oc_9', '我是谁');
  const fields = fieldsOf(reply);
  const [users, groups, routes] = ['users', 'groups', 'routes'].map((part) => fields[phrase(`whoami.paste.${part}`)]);
  const roles = parseRoles(`users:\n  ${users}\ngroups:\n  ${groups}`, 'roles.yaml', []);
  expect(roles.grant({ person: 'feishu:ou_1', conversation: 'feishu:x' })).toEqual({ role: 'operator', from: 'own' });
  expect(roles.grant({ person: 'feishu:ou_2', conversation: 'feishu:oc_9' })).toEqual({
    role: 'operator',
    from: 'group',
  });
  expect(parseRules(`routes:\n  ${routes}`, 'alerts.yaml').routes).toMatchObject([
    { to: ['feishu:oc_9'], mention: ['feishu:ou_1'] },
  ]);
});

const readRoles = (): string => 'default: none\nusers: {"dingtalk:boss": admin}\ngroups: {"dingtalk:cidA=": operator}';
