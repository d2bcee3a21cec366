import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Answer } from '../../src/assistant/assistant.ts';
import { understand } from '../../src/assistant/language/understand.ts';
import type { HttpServer } from '../../src/http/server.ts';
import { startApp, startPage, syncDays, type TestApp } from '../fakes/app.ts';
import { rowsOf } from '../fakes/xlsx.ts';

const dir = mkdtempSync(join(tmpdir(), 'xiaoqing-lists-'));
const file = join(dir, 'roles.yaml');
const allow = (role: string): void => writeFileSync(file, `default: operator\nusers: {"web:page": ${role}}`);
let app: TestApp;
let http: HttpServer;
let cookie = '';
beforeAll(async () => {
  allow('operator');
  app = await startApp({ ROLES_FILE: file });
  await syncDays(app, '2026-11-22', '2026-11-23');
  http = await startPage(app, 'token');
  cookie = (await fetch(http.url)).headers.get('set-cookie')?.split(';')[0] ?? '';
}, 60_000);
afterAll(async () => {
  await http.close();
  await app.end();
  rmSync(dir, { recursive: true, force: true });
});

let talks = 0;
const talk = (where = 'web', person = `${where}:a`) => {
  const conversation = `${where}:${++talks}`;
  const say = (text: string, action?: object): Promise<Answer> =>
    app.assistant.answer({ person, conversation, text, ...(action ? { action: action as never } : {}) });
  return { say, conversation };
};
const tableOf = ({ reply }: Answer): string[][] =>
  reply.card?.blocks.flatMap((block) => (block.type === 'table' ? block.rows : [])) ?? [];
const labelsOf = ({ reply }: Answer): string[] => reply.card?.buttons.map(({ label }) => label) ?? [];
const press = async (say: ReturnType<typeof talk>['say'], answer: Answer, label: RegExp): Promise<Answer> => {
  const button = answer.reply.card?.buttons.find((one) => label.test(one.label));
  if (!button) throw new Error(`no button ${label} in ${labelsOf(answer)}`);
  return await say('', button.action);
};
const firsts = (answer: Answer): string[] => tableOf(answer).map(([first = '']) => first);

describe('a list goes on', () => {
  test.each(['下一页', '还有呢', '剩下的'])('orders by 「%s」: every one once, and then it is over', async (words) => {
    const { say } = talk();
    const first = await say('昨天有哪些单');
    expect(first.reply.card?.title).toContain('第 1 至 20 条，共 37 条');
    expect(first).not.toHaveProperty('list');
    const second = await say(words);
    expect(second.reply.text).toContain('到底了');
    const keys = [...firsts(first), ...firsts(second)];
    expect([keys.length, new Set(keys).size]).toEqual([37, 37]);
    for (const key of keys.slice(0, 20)) expect(first.reply.text).toContain(key);
    expect((await say(words)).reply.text).toMatch(/^到底了，共 37 条/);
  });

  test('failures by cause, then the documents themselves', async () => {
    const { say } = talk();
    await say('昨天有哪些失败');
    const documents = await say('下一页');
    expect(documents.reply.card?.title).toBe('没进金蝶的出库单 6 单');
    expect(tableOf(documents)).toHaveLength(6);
    expect(tableOf(documents).map(([, , cause]) => cause)).toContain('物料不存在（A-1093）');
    expect((await say('下一页')).reply.text).toMatch(/^到底了，共 6 条/);
  });

  test('what is figured: the goods after the first five', async () => {
    const { say } = talk();
    const first = await say('昨天卖得最好的前5个sku');
    const second = await say('下一页');
    expect(firsts(second)).not.toEqual([]);
    expect(firsts(second).some((sku) => firsts(first).includes(sku))).toBe(false);
    expect(second.reply.card?.blocks.map(({ type }) => type)).toEqual(['table']);
  });

  test('the record of who did what', async () => {
    for (let times = 0; times < 25; times++)
      await app.assistant.answer({ person: 'web:b', conversation: 'web:b', text: '暂停定时' });
    const { say } = talk();
    const first = await say('操作记录');
    const second = await say('下一页');
    expect(firsts(first)).toHaveLength(20);
    expect(firsts(second).length).toBeGreaterThan(4);
  });

  test('by its button, for whoever presses it; and by words from there', async () => {
    const { say } = talk();
    const first = await say('昨天有哪些单');
    const other = talk('web', 'web:b').say;
    const second = await press(other, first, /下一页（还有 17）/);
    expect(firsts(second)).toHaveLength(17);
    expect((await other('下一页')).reply.text).toMatch(/^到底了/);
  });

  test('not over another list, and not where nothing was listed', async () => {
    const { say } = talk();
    expect((await say('下一页')).reply.text).toMatch(/^前面没有列过东西/);
    await say('昨天有哪些单');
    await say('11-22 有哪些单');
    expect((await say('下一页')).reply.card?.title).toMatch(/^11-22/);
  });
});

describe('a list as a file', () => {
  test.each([
    ['昨天有哪些单', '出库单 2026-11-23.xlsx', '单号', 37],
    ['昨天有哪些失败', '没进金蝶的出库单 2026-11-23.xlsx', '单号', 6],
    ['昨天各店铺出库单量', '出库单 按店铺 2026-11-23.xlsx', '分组', null],
    ['操作记录', '操作记录 全部.xlsx', '时间', null],
    ['店铺对照表', '对照 店铺 → 客户.xlsx', '聚水潭', null],
  ])('「%s」 → %s: sent into a chat, whole', async (text, name, head, rows) => {
    const { say, conversation } = talk('feishu');
    await say(text);
    const { decision, reply } = await say('导出');
    expect(decision).toMatchObject({ intent: 'export', action: 'reply' });
    expect(reply.text).toMatch(/^好，「.*」（\d+ 行）随后发到这里。$/);
    const [sent] = await app.store.sql.query<{ name: string; bytes: string }>(
      `select f.name, encode(f.bytes, 'base64') as bytes from outbox_files f join outbox o on o.id = f.outbox_id where o.conversation = $1`,
      [conversation],
    );
    expect(sent?.name).toBe(name);
    const cells = rowsOf(Buffer.from(sent?.bytes ?? '', 'base64'));
    expect(cells[0]?.[0]).toBe(head);
    if (rows) expect(cells).toHaveLength(rows + 1);
    else expect(cells.length).toBeGreaterThan(2);
  });

  test('its figures are numbers that add up', async () => {
    const { say, conversation } = talk('feishu');
    await say('昨天各店铺出库单量');
    await say('导出');
    const [sent] = await app.store.sql.query<{ bytes: string }>(
      `select encode(f.bytes, 'base64') as bytes from outbox_files f join outbox o on o.id = f.outbox_id where o.conversation = $1`,
      [conversation],
    );
    const [, ...rows] = rowsOf(Buffer.from(sent?.bytes ?? '', 'base64'));
    const totals = rows.at(-1) ?? [];
    expect(totals[0]).toBe('合计');
    const sum = rows.slice(0, -1).reduce((all, [, count]) => all + Number(count), 0);
    expect([sum, Number(totals[1])]).toEqual([37, 37]);
    const amounts = rows.slice(0, -1).reduce((all, [, , amount]) => all + Math.round(Number(amount) * 100), 0);
    expect(amounts).toBe(Math.round(Number(totals[2]) * 100));
  });

  test('on the page there is a link, for whoever may use the list', async () => {
    const { say } = talk('web', 'web:page');
    await say('操作记录');
    const { reply } = await say('导出');
    const link = reply.card?.blocks.find((block) => block.type === 'link');
    const path = link?.type === 'link' ? link.path : '';
    const ask = () => fetch(`${http.url}${path}`, { headers: { cookie, origin: http.url } });
    const answer = await ask();
    expect([answer.status, answer.headers.get('content-type')]).toEqual([
      200,
      'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
    ]);
    expect(rowsOf(Buffer.from(await answer.arrayBuffer()))[0]?.[0]).toBe('时间');
    allow('viewer');
    expect((await ask()).status).toBe(403);
    allow('operator');
    expect((await fetch(`${http.url}${path}`)).status).toBe(401);
    const other = await fetch(`${http.url}/api/v1/files/sync-orders?args=%7B%7D`, {
      headers: { authorization: 'Bearer token' },
    });
    expect(other.status).toBe(404);
  });

  test('in the terminal its address is said', async () => {
    const { say } = talk('terminal');
    await say('昨天有哪些单');
    const { reply } = await say('导出');
    const [, url = ''] = /：(http:\S+)$/.exec(reply.text) ?? [];
    const answer = await fetch(url, { headers: { authorization: 'Bearer token' } });
    expect(rowsOf(Buffer.from(await answer.arrayBuffer()))).toHaveLength(38);
  });

  test('after a reconciliation it is the reconciliation', async () => {
    const { say, conversation } = talk('terminal');
    await say('昨天对账');
    const done = () =>
      app.store.sql.query(`select 1 from reconciliations where state = 'done' and requester ->> 'conversation' = $1`, [
        conversation,
      ]);
    await expect.poll(async () => (await done()).length, { timeout: 20_000 }).toBe(1);
    expect((await say('导出')).reply.text).toMatch(/对账.*\.xlsx/);
  });

  test('where nothing was listed, or other days are asked for, it asks what; its choices are read as what they say', async () => {
    const { say } = talk();
    for (const text of ['导出', '导出 11-22 的']) {
      const { decision, reply } = await say(text);
      expect(decision.action).toBe('clarify');
      const read = reply.card?.buttons
        .filter(({ action }) => action.name === 'say')
        .map(({ label }) => understand({ text: label, now: '2026-11-24T15:00:00+08:00' }).intent);
      expect(read).toEqual(['list_failures', 'list_orders', 'report']);
      await say('昨天有哪些单');
    }
  });
});
