import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest';
import { chat } from '../../src/commands/chat.ts';

let dir: string;
beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), 'xiaoqing-chat-'));
});
afterEach(() => vi.restoreAllMocks());
afterAll(() => rmSync(dir, { recursive: true, force: true }));

/** What `chat --once` prints. */
async function once(text: string, ...flags: string[]): Promise<string> {
  let printed = '';
  vi.spyOn(process.stdout, 'write').mockImplementation((chunk) => {
    printed += String(chunk);
    return true;
  });
  expect(await chat(['--once', text, ...flags], { DATA_DIR: dir })).toBe(0);
  return printed;
}

test('a reconciliation is waited for, and what is said of it is its end', async () => {
  const { decision, reply, reconciliation } = JSON.parse(await once('昨天对账', '--json'));
  expect(decision).toMatchObject({ intent: 'reconcile', action: 'reply' });
  expect(Object.keys(reconciliation)).toEqual(['window', 'source', 'target', 'differences']);
  expect(reply.text).toMatch(/^出库单对账差 \d+ 单 ¥[\d,.]+ · .+\n聚水潭 \d+ 单 /);
  expect(reply.card).toMatchObject({ title: reply.text.split('\n')[0], ended: true });
  expect(await once('昨天对账')).toBe(`${reply.text}\n`);
});
