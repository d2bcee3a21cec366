import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { understand } from '../../src/assistant/language/understand.ts';
import { withQuoted } from '../../src/assistant/quoted.ts';
import { projectRoot } from '../../src/root.ts';

const now = '2026-11-24T15:00:00+08:00';
const names = { shops: [], warehouses: [], prefixes: ['JST'] };

/** What the READMEs promise of each sentence of their tables: its intent, and whether it is carried out, asked about or answered. */
const promised: Readonly<Record<string, string>> = {
  同步昨天的订单: 'sync run',
  '同步 11.20 到 11.22 的': 'sync run',
  '同步昨天的，赠品除外': 'sync confirm',
  先预览昨天的: 'sync reply',
  有哪些失败: 'list_failures reply',
  缺哪些物料: 'list_failures reply',
  重试: 'retry run',
  含税单价怎么来的: 'explain_mapping reply',
  '261123005 的含税单价怎么来的': 'explain_mapping reply',
  '「这单为什么没进金蝶」': 'list_failures|order_status reply',
  '「重试这个」': 'retry run',
  进度: 'run_status reply',
  停掉: 'cancel_run run',
  '撤掉 261123005': 'undo confirm',
  昨天对账: 'reconcile reply',
  '10 月对账': 'reconcile reply',
  上周各店铺单量: 'report reply',
  昨天的日报: 'report reply',
  最近跑了什么: 'list_runs reply',
  哪几天没同步: 'unsynced_days reply',
  昨天谁改了对照: 'audit_log reply',
  有哪些集成方案: 'list_pipelines reply',
  金蝶里有叫青禾的客户吗: 'base_data reply',
  店铺对照表: 'master_data reply',
  我是谁: 'whoami reply',
  '店铺 10012 对应客户 CUST0007': 'set_master_data confirm',
  撤销刚才的对照: 'undo_master_data confirm',
  '改到 11-01 记账': 'move_date confirm',
  等反关账: 'hold_closed run',
  '每天早上 8 点自动同步': 'set_schedule confirm',
  暂停定时: 'pause_schedule run',
  取消了哪些单: 'list_orders reply',
  没审核的单子有哪些: 'list_orders reply',
  撤掉的有哪些: 'list_orders reply',
  下一页: 'more reply',
  导出: 'export reply',
  停掉一切写入: 'stop_writes run',
  解除急停: 'release_writes confirm',
  帮助: 'help reply',
  你理解错了: 'misread reply',
  有哪些告警: 'list_alerts reply',
  谁在处理: 'list_alerts reply',
  我来处理: 'ack_alert run',
  '静音 1 小时': 'silence_alert run',
};

/** The sentences in the first column of the table whose head is `head`; those in 「」 are said to a quoted message. */
function sentencesOf(file: string, head: string): string[] {
  const lines = readFileSync(join(projectRoot, file), 'utf8').split('\n');
  const rows = lines.slice(lines.findIndex((line) => line.startsWith(`| ${head} |`)) + 2);
  return rows
    .slice(0, rows.indexOf(''))
    .map((row) => row.split('|')[1]?.trim() ?? '')
    .flatMap((cell) => cell.match(/「.*?」/g) ?? cell.split(' / '));
}

const read = (sentence: string) => {
  const inQuotes = /^「(.*)」$/.exec(sentence)?.[1];
  if (!inQuotes) return understand({ text: sentence, now });
  const meant = withQuoted(inQuotes, { text: '261123005 没有进金蝶' }, now, names);
  return understand({ text: 'said' in meant ? meant.said : '', now });
};

describe.each([
  ['README.md', '说'],
  ['README.en.md', 'Say'],
])('%s', (file, head) => {
  const sentences = sentencesOf(file, head);
  test('has a table of sentences', () => expect(sentences.length).toBeGreaterThan(30));
  test.each(sentences)('%s', (sentence) => {
    const [intents = '', action] = promised[sentence]?.split(' ') ?? [];
    const { intent, action: does, ask, unread } = read(sentence);
    expect(intents.split('|'), sentence).toContain(intent);
    expect([does, ask ?? ''], sentence).toEqual([action, sentence.endsWith('除外') ? 'unread' : '']);
    expect(unread, sentence).toEqual(sentence.endsWith('除外') ? ['赠品除外'] : undefined);
  });
});

test('all that is promised stands in README.md', () =>
  expect(Object.keys(promised).sort()).toEqual([...new Set(sentencesOf('README.md', '说'))].sort()));
