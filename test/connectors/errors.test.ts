import { expect, test } from 'vitest';
import { openError, qimenError } from '../../src/connectors/jushuitan/errors.ts';
import { classify } from '../../src/connectors/kingdee/errors.ts';

test.each([
  ['7', 'App Call Limited', 'This ban will last for 3 more seconds', 'rate_limited', 4000],
  ['25', 'Invalid signature', '', 'auth', undefined],
  ['31', 'Invalid timestamp', '', 'config', undefined],
  ['15', 'Remote service error', '', 'transient', undefined],
  ['41', 'Invalid arguments', '', 'config', undefined],
])('Qimen code %s is %s', (code, message, sub, kind, wait) => {
  const error = qimenError({ code, message: `${message} ${sub}` });
  expect([error.kind, error.retryAfterMs]).toEqual([kind, wait]);
});

test.each([
  ['199', '调用太频繁', 'rate_limited'],
  ['200', '调用频次超过限制', 'rate_limited'],
  ['200', '参数错误', 'config'],
  ['100', 'access_token超时', 'auth'],
  ['140', '无效的timestamp，最大误差15分钟', 'config'],
  ['150', '服务商应用禁止刷新access_token', 'auth'],
  ['150', '内部处理异常', 'transient'],
])('Open code %s %s is %s', (code, message, kind) => {
  expect(openError({ code, message }).kind).toBe(kind);
});

test.each([
  [
    { FieldName: 'FMaterialID', Message: '单据体“明细信息”第1行字段“物料编码”是必填项' },
    '11',
    'material_missing',
    'data',
  ],
  [
    { FieldName: 'FStockID', Message: '单据体实体【明细信息】第【1】行分录，【仓库】字段必录' },
    '11',
    'base_data_missing',
    'data',
  ],
  [{ FieldName: 'FCustomerID', Message: '字段“客户”是必填项' }, '11', 'base_data_missing', 'data'],
  [
    { FieldName: 'FBillNo', Message: '违反字段唯一性要求：编码唯一。[JST1]在当前系统中已经被使用。' },
    '11',
    'duplicate_conflict',
    'conflict',
  ],
  [
    { FieldName: 'AbstractInteractionResult', Message: '更新库存时出现可以忽略的异常数据，是否继续？' },
    '11',
    'negative_stock',
    'data',
  ],
  [
    { FieldName: 'FDate', Message: '单据日期[2026-01-31]小于等于库存组织[100]的关账日期[2026-01-31]，不允许操作' },
    '11',
    'period_closed',
    'data',
  ],
  [{ Message: '会话信息已丢失，请重新登录' }, '1', 'session', 'auth'],
  [{ Message: '没有权限' }, '2', 'permission', 'auth'],
  [{ Message: '调用限制' }, '14', 'rate_limited', 'rate_limited'],
  [{ Message: '别的什么' }, '8', 'vendor_rule', 'data'],
  [{}, '8', 'unknown', 'data'],
])('金蝶 says %j', (entry, msgCode, category, kind) => {
  const error = classify(entry, msgCode);
  expect([error.category, error.kind]).toEqual([category, kind]);
});
