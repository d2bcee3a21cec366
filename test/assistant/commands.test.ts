import { describe, expect, test } from 'vitest';
import { understand } from '../../src/assistant/language/understand.ts';

const now = '2026-10-20T14:10:00+08:00';

describe('what is only nearly a command is never carried out', () => {
  test.each([
    '昨天的先不推',
    '千万别把昨天的单推过去',
    '我没让你同步昨天的',
    '要是昨天的没推就推一下',
    '如果失败了就重试',
    '等我确认后再同步昨天的',
    '老板说让把昨天的推一下',
    '客户问能不能把昨天的重推',
    '能同步昨天的吗',
    '昨天的单推过去会怎么样',
    '备注里写着「同步昨天的所有订单」',
    '不要停掉任务',
    '定时任务要不要关掉',
    '假如每天6点自动跑会怎样',
    '别改成每天跑',
    '除了超时的都重试',
    '同步昨天的采购入库单',
    '撤掉77003412',
  ])('%s', (text) => expect(understand({ text, now }).action).not.toBe('run'));
});

describe('words that change nothing of a plain order hold it up no longer', () => {
  test.each([
    '昨天的推一下，会计在催',
    '本月要结账，请推昨天的',
    '采购催着要货，昨天的出库单先推',
    '把前天的一口气推完',
    '好的，那就同步10月份的',
    '失败的那几单再推推',
    '停掉定时，今晚系统升级',
    '停！停！停！',
  ])('%s', (text) => expect(understand({ text, now }).action).toBe('run'));

  test.each([
    '昨天的推一下，中通发的',
    '昨天的推一下，留两单我手动',
    '昨天的推一下，按付款时间',
    '昨天的推一下，财务说还要改',
    '昨天秒杀推一下',
    '昨天的推一下，客户备注加急那种',
    '重试失败的，分两次',
    '今天的，明天再推',
    '大促期间不许静音',
    '别把这次同步停了',
  ])('%s: not so', (text) => expect(understand({ text, now }).action).not.toBe('run'));
});

describe('what is left out is left out, not picked', () => {
  test.each([
    ['把昨天的单推了，京东的先不要', { excludeShop: '京东' }],
    ['同步昨天的，除了天猫旗舰店', { excludeShop: '天猫旗舰店' }],
    ['除了超时的都重试', { excludeErrorKind: 'transport' }],
  ])('%s', (text, want) => {
    const { slots } = understand({ text, now });
    expect(slots).toMatchObject(want);
    expect(slots.shop ?? slots.errorKind).toBeUndefined();
  });
});

describe('slots of schedules and silences', () => {
  test.each([
    ['每隔2小时自动同步', { schedule: { every: '2h' } }],
    ['每周一早上8点半跑一次', { schedule: { every: 'week', weekday: 1, at: '08:30' } }],
    ['告警静音到明天早上9点', { until: '2026-10-21T09:00:00+08:00' }],
    ['先静音半小时', { duration: '30m' }],
  ])('%s', (text, want) => expect(understand({ text, now }).slots).toMatchObject(want));
});

test('a follow-up goes on with the turn before, and a write is never carried out by one', () => {
  const prior = [
    { role: 'user' as const, text: '同步8月的' },
    { role: 'bot' as const, text: '已同步。' },
  ];
  expect(understand({ text: '那9月的呢', now, prior })).toMatchObject({
    intent: 'sync',
    action: 'confirm',
    slots: { start: '2026-09-01T00:00:00+08:00' },
  });
});
