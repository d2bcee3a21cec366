import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { intentNamed } from '../../src/assistant/intents/index.ts';
import { understand } from '../../src/assistant/language/understand.ts';
import type { Block } from '../../src/channels/message.ts';
import { startApp, type TestApp } from '../fakes/app.ts';
import { startModel } from '../fakes/openai.ts';

const dir = mkdtempSync(join(tmpdir(), 'xiaoqing-'));
const now = '2026-11-24T15:00:00+08:00';
let app: TestApp;
beforeAll(async () => {
  const file = join(dir, 'roles.yaml');
  writeFileSync(file, 'default: viewer\nusers: {"web:boss": admin, "web:op": operator}');
  app = await startApp({ ROLES_FILE: file });
});
afterAll(async () => {
  await app.end();
  rmSync(dir, { recursive: true, force: true });
});

const say = (text: string, person = 'web:boss', action?: object) =>
  app.assistant.answer({ person, conversation: 'web:c', text, ...(action ? { action: action as never } : {}) });
const linesIn = (blocks: readonly Block[] = []): string[] =>
  blocks.flatMap((block) => (block.type === 'text' ? block.text.split('\n') : []));

/** The sentences of every group, as its page shows them. */
async function sentences(person: string): Promise<string[]> {
  const { reply } = await say('帮助', person);
  const pages = await Promise.all((reply.card?.buttons ?? []).map(({ action }) => say('', person, action)));
  return pages.flatMap((page) =>
    linesIn(page.reply.card?.blocks).flatMap((line) => (line.startsWith('· ') ? [line.slice(2)] : [])),
  );
}

describe('help', () => {
  test('its first page fits a phone: a group a line, one sentence each, and the groups behind buttons', async () => {
    const { decision, reply } = await say('你会什么');
    expect(decision).toMatchObject({ intent: 'help', action: 'reply' });
    const { card } = reply;
    const fields = card?.blocks.flatMap((block) => (block.type === 'fields' ? block.fields : [])) ?? [];
    expect(fields.length).toBeGreaterThan(4);
    expect(fields.length).toBeLessThan(9);
    expect(card?.buttons).toHaveLength(fields.length);
    for (const { label, value } of fields) expect(`${label}${value}`.length, value).toBeLessThan(30);
    for (const { label } of card?.buttons ?? []) expect(label.length, label).toBeLessThan(14);
    expect(reply.text.length).toBeLessThan(900);
  });

  test('every sentence it shows is read again, as something a tool does; what it offers to press only looks', async () => {
    const shown = await sentences('web:boss');
    expect(shown.length).toBeGreaterThan(25);
    for (const text of shown) {
      const { intent, ask } = understand({ text, now });
      expect(['unknown', 'which_reading', 'other_document'], text).not.toContain(ask);
      expect(
        [...app.tools.values()].some(({ answers }) => answers?.[intent]),
        `${text}: ${intent}`,
      ).toBe(true);
    }
    const { reply } = await say('', 'web:boss', { name: 'help', args: { group: 'sync' } });
    for (const { action } of reply.card?.buttons ?? []) {
      const { intent } = understand({ text: action.args.text ?? '', now });
      expect(intentNamed(intent).effect, action.args.text).toBe('reads');
    }
  });

  test('nobody is shown what they may not do', async () => {
    const [admin, operator, viewer] = await Promise.all(['web:boss', 'web:op', 'web:v'].map(sentences));
    expect(admin).toContain('停掉一切写入');
    expect(operator).not.toContain('停掉一切写入');
    expect(operator).toContain('同步昨天的订单');
    expect(viewer).not.toContain('同步昨天的订单');
    expect(viewer).toContain('有哪些失败');
  });

  test('it says what is connected', async () => {
    expect((await say('帮助')).reply.text).toMatch(/沙箱.*没有接大模型/);
    const model = await startModel(() => ({ text: '' }));
    const other = await startApp({ OPENAI_API_KEY: 'k', OPENAI_BASE_URL: model.url });
    const { reply } = await other.assistant.answer({ person: 'web:a', conversation: 'web:a', text: '帮助' });
    expect(reply.text).toMatch(/大模型（/);
    await other.end();
    await model.close();
  });
});
