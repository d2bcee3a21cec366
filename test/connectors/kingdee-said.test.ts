import { readFileSync } from 'node:fs';
import { afterEach, describe, expect, test } from 'vitest';
import { openAccount } from '../../src/connectors/kingdee/account.ts';
import { salOutstock } from '../../src/connectors/kingdee/forms/sal-outstock.ts';
import { createKingdeeTarget } from '../../src/connectors/kingdee/target.ts';
import type { AppError } from '../../src/errors.ts';
import type { Target } from '../../src/sync/connector.ts';
import { type Call, type Gateway, type Reply, startGateway } from '../fakes/gateway.ts';

let gateway: Gateway | undefined;
let logged: { error: AppError; where: string }[] = [];
afterEach(async () => {
  await gateway?.close();
  logged = [];
});

interface Answer {
  Result: { ResponseStatus: { Errors: { FieldName: string | null; Message: string; DIndex: number }[] } };
}
const read = <T>(name: string): T =>
  JSON.parse(readFileSync(new URL(`cases/${name}.json`, import.meta.url), 'utf8')) as T;
const secrets = { password: 'Pa55-of-ours', appSecret: 'secret-of-ours' };
const connect = (auth: 'password' | 'signature' = 'signature'): Target =>
  createKingdeeTarget(
    openAccount(
      {
        baseUrl: `${gateway?.origin}/K3Cloud`,
        auth,
        acctId: 'dc',
        username: 'u',
        appId: '123456_YWJjZGVmZ2hpamtsbW5vcHFyc3R1dnd4',
        lcid: 2052,
        orgNum: '100',
        ...secrets,
      },
      {
        now: () => new Date('2026-11-24T15:00:00+08:00'),
        sleep: async () => undefined,
        timeoutMs: 2000,
        log: (error, where) => logged.push({ error, where }),
      },
    ),
    { form: salOutstock, options: {}, unit: 'Pcs' },
  );
const operation = ({ path }: Call): string => /\.(\w+)\.common\.kdsvc$/.exec(path)?.[1] ?? '';
const refusal = (Message: string, FieldName: string | null = null, MsgCode = 11): object => ({
  Result: {
    ResponseStatus: {
      ErrorCode: 500,
      IsSuccess: false,
      Errors: [{ FieldName, Message, DIndex: 0 }],
      SuccessEntitys: [],
      SuccessMessages: [],
      MsgCode,
    },
  },
});
const codeOf = (code: string): object => ({ FNumber: code });
const bill = {
  number: 'JST1',
  model: {
    FBillNo: 'JST1',
    FSaleOrgId: codeOf('100'),
    FStockOrgId: codeOf('100'),
    FCustomerID: codeOf('CUST001'),
    FSalesManID: codeOf('S1'),
    SubHeadEntity: { FSettleOrgID: codeOf('100'), FSettleCurrID: codeOf('PRE001') },
    FEntity: [{ FMaterialID: codeOf('A-1'), FStockID: codeOf('CK001'), FUnitID: codeOf('Box'), FRealQty: 1 }],
  },
};
/** What 金蝶 has; its rows are found as SQL Server finds them, whatever the letter case. */
const known: Readonly<Record<string, readonly string[]>> = {
  BD_Customer: ['CUST001'],
  BD_MATERIAL: ['A-1'],
  BD_STOCK: ['CK001'],
  BD_UNIT: ['Box', 'Pcs'],
  BD_Saler: ['S1'],
  ORG_Organizations: ['100'],
};
const found = (call: Call, all = known): string => {
  const { FormId, FilterString } = (JSON.parse(call.body) as { data: { FormId: string; FilterString: string } }).data;
  const asked = [...FilterString.matchAll(/'([^']*)'/g)].map(([, code = '']) => code.toUpperCase());
  return JSON.stringify(
    (all[FormId] ?? []).flatMap((code) => (asked.includes(code.toUpperCase()) ? [[code, code, '100']] : [])),
  );
};
const saving = async (answer: object, all = known): Promise<AppError> => {
  gateway = await startGateway((call) => (operation(call) === 'BatchSave' ? JSON.stringify(answer) : found(call, all)));
  const [result] = await connect().save([bill]);
  if (!result || result.ok) throw new Error('it was saved');
  return result.error;
};
const stepping = async (answer: object, step: 'submit' | 'audit' | 'unaudit'): Promise<AppError> => {
  gateway = await startGateway(() => JSON.stringify(answer));
  const [result] = await connect()[step]([{ id: '1', number: 'JST1' }]);
  if (!result || result.ok) throw new Error('it went through');
  return result.error;
};

describe('a refusal that we do not know is told in 金蝶’s own words', () => {
  const { answers } = read<{ answers: Answer[] }>('unknown-texts');
  test.each(answers.map((answer) => [answer.Result.ResponseStatus.Errors[0]?.Message ?? '', answer]))(
    '%s',
    async (message, answer) => {
      const error = await saving(answer as Answer);
      expect(error).toMatchObject({ category: 'vendor_rule', kind: 'data' });
      expect(error.message).toContain(message);
      expect(logged).toMatchObject([{ where: 'kingdee.BatchSave', error: { category: 'vendor_rule' } }]);
      expect(String(logged[0]?.error.cause)).toContain(message);
    },
  );

  test.each([
    ['字段“批号”是必填项', 'FLot'],
    ['违反字段唯一性要求：序列号唯一。[SN1]在当前系统中已经被使用。', 'FSerialNo'],
    ['信用检查不通过，是否继续？', 'AbstractInteractionResult'],
    ['上游销售订单已关闭', null],
    ['未将对象引用设置到对象的实例', null],
  ])('%s (%s)', async (message, field) => {
    const error = await saving(refusal(message, field));
    expect([error.category, error.kind]).toEqual(['vendor_rule', 'data']);
    expect(error.message).toContain(message.replace(/。$/, ''));
  });

  test('nothing said: the code is all there is', async () => {
    expect((await saving(refusal(''))).message).toContain('MsgCode 11');
  });

  test('a permission that lacks is named by 金蝶', async () => {
    const error = await stepping(refusal('您没有“销售出库单”的“审核”权限', null, 2), 'audit');
    expect([error.category, error.kind]).toEqual(['permission', 'auth']);
    expect(error.message).toContain('您没有“销售出库单”的“审核”权限');
  });

  test('without secrets, numbers of people and stacks, and never long', async () => {
    const said = [
      `密码${secrets.password}、${secrets.appSecret}；SessionId=k2v8xq1w; 0f8fad5b-d9cb-469f-a165-70867728950e`,
      'token:abc.def 联系 13800138000 或 a.b@example.com https://k3.example.com/x 物料[6901234567892]',
    ].join(' ');
    const { message } = await saving(refusal(`${said} ${'长'.repeat(300)}\n   在 Kingdee.BOS.Web.Run()`));
    for (const secret of [...Object.values(secrets), 'k2v8xq1w', '0f8fad5b', 'abc.def', '13800138000', 'example.com'])
      expect(message).not.toContain(secret);
    expect(message).not.toContain('Kingdee.BOS');
    expect(message.length).toBeLessThan(140);
    const { message: short } = await saving(refusal('物料[6901234567892]<br/>不让卖'));
    expect(short).toContain('物料[6901234567892] 不让卖');
  });
});

describe('a login that is refused says why, and what to do', () => {
  const refusals = read<{ Message: string }[]>('login-refusals');
  const steps = ['KINGDEE_PASSWORD', '新密码', '白名单', '禁用', 'KINGDEE_ACCT_ID'];
  test.each(refusals.map((answer, index) => [answer.Message, answer, steps[index] ?? '']))(
    '%s',
    async (message, answer, step) => {
      gateway = await startGateway(() => JSON.stringify(answer));
      const error: AppError = await connect('password')
        .check()
        .then(
          () => expect.unreachable(),
          (thrown) => thrown,
        );
      expect(error).toMatchObject({ code: 'kingdee.login_refused', kind: 'auth', category: 'session' });
      expect(error.message).toContain(message);
      expect(error.next).toContain(step);
      expect(logged.map(({ where }) => where)).toEqual(['kingdee.ValidateUser']);
      expect(gateway.calls).toHaveLength(1);
    },
  );
  test('five causes, five next steps', async () => {
    const next = new Set<string>();
    for (const answer of refusals) {
      gateway = await startGateway(() => JSON.stringify(answer));
      await connect('password')
        .check()
        .catch((error: AppError) => next.add(error.next));
      await gateway.close();
    }
    expect(next.size).toBe(5);
  });

  test('without a login of its own, too: what a lost session is lost for', async () => {
    gateway = await startGateway(() => JSON.stringify([[refusal('会话信息已丢失，请重新登录：IP不在白名单', '', 1)]]));
    await expect(connect().check()).rejects.toMatchObject({
      code: 'kingdee.login_refused',
      message: expect.stringContaining('IP不在白名单'),
      next: expect.stringContaining('白名单'),
    });
  });

  test('a page is no refusal', async () => {
    gateway = await startGateway(() => '<html>404</html>');
    await expect(connect('password').check()).rejects.toMatchObject({ code: 'kingdee.malformed' });
  });
});

describe('a field of base data is missing only where the look-up does not find its code', () => {
  test('credit limit on the customer', async () => {
    const { answer } = read<{ answer: Answer }>('credit-limit-on-customer-field');
    const error = await saving(answer);
    expect(error).toMatchObject({ category: 'vendor_rule', kind: 'data' });
    expect(error.message).toContain('客户“CUST001”的信用额度不足，超额 1,234.00，不允许保存');
  });

  const fields = [
    ['FMaterialID', 'BD_MATERIAL', 'A-1', 'material_missing'],
    ['FCustomerID', 'BD_Customer', 'CUST001', 'base_data_missing'],
    ['FStockID', 'BD_STOCK', 'CK001', 'base_data_missing'],
    ['FUnitID', 'BD_UNIT', 'Box', 'base_data_missing'],
    ['FSalesManID', 'BD_Saler', 'S1', 'base_data_missing'],
    ['FSettleOrgID', 'ORG_Organizations', '100', 'base_data_missing'],
  ] as const;
  test.each(fields)('%s: there', async (field, _form, code) => {
    const rule = await saving(refusal('这里有一条自己的规矩', field));
    expect([rule.category, rule.message]).toEqual(['vendor_rule', expect.stringContaining('这里有一条自己的规矩')]);
    const required = await saving(refusal('字段“某个”是必填项', field));
    expect([required.code, required.category, required.subjects]).toEqual(['kingdee.unusable', 'vendor_rule', [code]]);
  });
  test.each(fields)('%s: not there', async (field, form, code, category) => {
    for (const said of ['这里有一条自己的规矩', '字段“某个”是必填项']) {
      const error = await saving(refusal(said, field), { ...known, [form]: [] });
      expect([error.category, error.subjects]).toEqual([category, [code]]);
    }
  });

  test('what the bill does not name is not missing over there', async () => {
    const error = await saving(refusal('字段“销售部门”是必填项', 'FSaleDeptID'));
    expect([error.category, error.message]).toEqual(['vendor_rule', expect.stringContaining('字段“销售部门”是必填项')]);
  });

  test('a look-up that is refused changes nothing about the bill’s own refusal', async () => {
    gateway = await startGateway((call) =>
      JSON.stringify(
        operation(call) === 'BatchSave' ? refusal('字段“客户”是必填项', 'FCustomerID') : [[refusal('没有权限', '', 2)]],
      ),
    );
    const model = { ...bill.model, FEntity: [{ ...bill.model.FEntity[0] }] };
    await expect(connect().save([{ ...bill, model }])).resolves.toMatchObject([
      { ok: false, error: { category: 'base_data_missing' } },
    ]);
  });

  test('a code in other letter case is the one the look-up finds', async () => {
    gateway = await startGateway((call) => found(call, { ...known, BD_Customer: ['Cust001'], BD_MATERIAL: ['a-1'] }));
    expect(await connect().missing([bill])).toEqual([[]]);
    const data = await connect().lookup('customer', ['cust001', 'CUST001', 'C-0']);
    expect([...data].map(([code, datum]) => [code, datum.code])).toEqual([
      ['cust001', 'Cust001'],
      ['CUST001', 'Cust001'],
    ]);
  });
});

describe('words that mean later are waited for, whatever the MsgCode', () => {
  const { answer } = read<{ answer: Answer }>('net-conflict-msgcode0');
  test.each([
    [answer.Result.ResponseStatus.Errors[0]?.Message ?? '', answer as object],
    ...['网络互斥，请重试', '单据[JST1]已被“demo”锁定', '单据正在处理中', '当前单据正在被其他用户操作'].map(
      (text): [string, object] => [text, refusal(text)],
    ),
  ])('%s', async (message, refused) => {
    for (const error of [await stepping(refused, 'submit'), await saving(refused)]) {
      expect([error.kind, error.category]).toEqual(['rate_limited', 'rate_limited']);
      expect(error.message).toContain(message.replace(/。$/, ''));
    }
  });
});

describe('what is done already is looked at again', () => {
  test.each([
    ['submit', '单据JST1已提交，不能重复提交'],
    ['submit', '已经提交的单据不允许再次提交'],
    ['audit', '单据已审核，不能重复审核'],
    ['audit', '单据状态不是审核中，审核失败'],
    ['unaudit', '只能反审核数据状态为已审核的单据'],
  ] as const)('%s: %s', async (step, message) => {
    const error = await stepping(refusal(message), step);
    expect([error.code, error.kind]).toEqual(['kingdee.wrong_state', 'conflict']);
  });

  test('an error is of the bill it names, not of one whose number begins alike', async () => {
    gateway = await startGateway(() => JSON.stringify(refusal('单据JST10已审核，不能重复审核')));
    const results = await connect().audit([
      { id: '1', number: 'JST1' },
      { id: '2', number: 'JST10' },
    ]);
    // The other is tried without it.
    expect(results.map((result) => !result.ok && [result.error.code, result.apart])).toEqual([
      ['kingdee.wrong_state', true],
      ['kingdee.wrong_state', undefined],
    ]);
  });
});

describe('near codes', () => {
  const numbers = Array.from({ length: 200 }, (_, index) => `s${111001 + index}`);
  const like = (pattern: string): RegExp => new RegExp(`^${pattern.replaceAll('%', '.*')}$`, 'i');
  const answer = (call: Call, codes: readonly string[]): Reply => {
    const { FilterString, Limit } = (JSON.parse(call.body) as { data: { FilterString: string; Limit: number } }).data;
    const patterns = [...FilterString.matchAll(/'([^']*)'/g)].map(([, text = '']) => like(text));
    const rows = codes
      .filter((code) => patterns.some((pattern) => pattern.test(code)))
      .flatMap((code) => ['100', '101'].map((org) => [code, code, org]));
    return JSON.stringify(rows.slice(0, Limit));
  };
  const near = async (code: string, codes: readonly string[]): Promise<string[]> => {
    gateway = await startGateway((call) => answer(call, codes));
    return (await connect().near('material', code)).map((datum) => datum.code);
  };

  test.each([
    ['s-111089', ['s111089']],
    ['S111089', ['s111089']],
    ['s-111300', []],
    ['s-11108', []],
  ])('%s among numbers in a row: %j', async (code, offered) => expect(await near(code, numbers)).toEqual(offered));

  test('the exact one is offered where the others are too many for a page', async () => {
    const many = Array.from({ length: 3000 }, (_, index) => `s-1110${String(index).padStart(4, '0')}`);
    expect(await near('s-111089', [...many, 's111089'])).toEqual(['s111089']);
  });

  test('a search offers the text’s own code first, though it stands behind a full page', async () => {
    const many = Array.from({ length: 3000 }, (_, index) => `A${index}-s1`);
    gateway = await startGateway((call) => answer(call, [...many, 's1']));
    const { data, atLeast } = await connect().search('unit', 'S1', 2);
    expect([data[0]?.code, atLeast]).toEqual(['s1', true]);
  });
});
