import { expect, test } from 'vitest';
import { understand } from '../../src/assistant/language/understand.ts';

const now = '2026-11-24T15:00:00+08:00'; // a Tuesday

test.each([
  ['@小青 同步昨天的订单', 'sync', 'run', '11-23', '11-24'],
  ['把上周五到昨天的单子同步过去', 'sync', 'run', '11-20', '11-24'],
  ['同步11.20到11.22的', 'sync', 'run', '11-20', '11-23'],
  ['11月5-8号的补推一下', 'sync', 'run', '11-05', '11-09'],
  ['同步最近三天的', 'sync', 'run', '11-22', '11-24'],
  ['先预览昨天的', 'sync', 'reply', '11-23', '11-24'],
  ['昨天的别推了', 'none', 'none', '11-23', '11-24'],
  ['同步明天的', 'sync', 'clarify', '', ''],
  ['如果同步昨天的会怎样', 'sync', 'clarify', '11-23', '11-24'],
  ['昨天的同步了吗', 'run_status', 'reply', '11-23', '11-24'],
  ['同步昨天的采购入库', 'sync', 'clarify', '11-23', '11-24'],
  ['同步一下', 'sync', 'clarify', '', ''],
  ['同步9月31号的', 'sync', 'clarify', '', ''],
  ['有哪些失败', 'list_failures', 'reply', '', ''],
  ['重试', 'retry', 'run', '', ''],
  ['含税单价怎么来的', 'explain_mapping', 'reply', '', ''],
  ['撤掉 261123005', 'undo', 'confirm', '', ''],
  ['把金蝶的单全删了', 'out_of_scope', 'reply', '', ''],
  ['确认', 'confirm', 'clarify', '', ''],
  ['帮助', 'help', 'reply', '', ''],
  ['今天天气怎么样', 'out_of_scope', 'reply', '', ''],
])('%s', (text, intent, action, start, end) => {
  const read = understand({ text, now });
  expect([read.intent, read.action, read.slots.start?.slice(5, 10) ?? '', read.slots.end?.slice(5, 10) ?? '']).toEqual([
    intent,
    action,
    start,
    end,
  ]);
});

test('a name that is a number is no part of a longer number', () => {
  const names = { shops: ['10001'], warehouses: ['20003'], prefixes: ['JST'] };
  const read = (text: string) => understand({ text, now, names }).slots;
  expect(read('订单 266120003 到哪了')).toEqual({ orders: ['266120003'] });
  expect(read('20003仓昨天有多少单').warehouse).toBe('20003');
});
