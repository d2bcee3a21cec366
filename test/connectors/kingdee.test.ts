import { afterEach, describe, expect, test } from 'vitest';
import type { KingdeeAuth, KingdeeSettings } from '../../src/config.ts';
import { openAccount } from '../../src/connectors/kingdee/account.ts';
import { salOutstock } from '../../src/connectors/kingdee/forms/sal-outstock.ts';
import { createKingdeeTarget } from '../../src/connectors/kingdee/target.ts';
import type { Target } from '../../src/sync/connector.ts';
import { type Call, type Gateway, type Reply, startGateway } from '../fakes/gateway.ts';

let gateway: Gateway | undefined;
afterEach(async () => await gateway?.close());

const now = new Date('2026-11-24T15:00:00+08:00');
const settings = (auth: KingdeeAuth): KingdeeSettings => ({
  baseUrl: `${gateway?.origin}/K3Cloud`,
  auth,
  acctId: 'dc',
  username: 'u',
  password: 'p',
  appId: '123456_YWJjZGVmZ2hpamtsbW5vcHFyc3R1dnd4',
  appSecret: 's',
  lcid: 2052,
  orgNum: '100',
});
const connect = (auth: KingdeeAuth = 'signature'): Target =>
  createKingdeeTarget(openAccount(settings(auth), { now: () => now, sleep: async () => undefined, timeoutMs: 2000 }), {
    form: salOutstock,
    options: {},
    unit: 'Pcs',
  });
const operation = ({ path }: Call): string => /\.(\w+)\.common\.kdsvc$/.exec(path)?.[1] ?? '';
const status = (value: object): object => ({ Result: { ResponseStatus: value } });
const ok = (numbers: string[]): string =>
  JSON.stringify(
    status({
      IsSuccess: true,
      Errors: [],
      SuccessEntitys: numbers.map((number, DIndex) => ({ Id: '9007199254740993', Number: number, DIndex })),
      MsgCode: 0,
    }),
  );
const bill = (number: string, material = 'A') => ({
  number,
  model: { FBillNo: number, FStockOrgId: { FNumber: '100' }, FEntity: [{ FMaterialID: { FNumber: material } }] },
});

describe('the four ways in', () => {
  test.each([
    ['password', 'ValidateUser', ['dc', 'u', 'p', 2052]],
    ['app-secret', 'LoginByAppSecret', ['dc', 'u', '123456_YWJjZGVmZ2hpamtsbW5vcHFyc3R1dnd4', 's', 2052]],
    ['login-sign', 'LoginBySign', null],
  ] as const)('%s logs in by %s, once for many calls, and sends the cookies back', async (auth, name, parameters) => {
    gateway = await startGateway((call): Reply => {
      if (operation(call) === name)
        return {
          headers: { 'set-cookie': ['kdservice-sessionid=abc; path=/', 'ASP.NET_SessionId=x; HttpOnly'] },
          body: '{"LoginResultType":1,"KDSVCSessionId":"abc"}',
        };
      return call.headers.cookie === 'kdservice-sessionid=abc; ASP.NET_SessionId=x' ? '[]' : '[["no cookie"]]';
    });
    const target = connect(auth);
    await Promise.all([target.find(['A']), target.find(['B']), target.find(['C'])]);
    const logins = gateway.calls.filter((call) => operation(call) === name);
    expect(logins).toHaveLength(1);
    if (parameters) expect(JSON.parse(logins[0]?.body ?? '').parameters).toEqual(parameters);
  });

  test('signature needs no login', async () => {
    gateway = await startGateway(() => '[]');
    await connect().find(['A']);
    expect(gateway.calls.map(operation)).toEqual(['ExecuteBillQuery']);
    expect(gateway.calls[0]?.headers['x-kd-signature']).toBeTruthy();
  });

  test('a refused login is one clear error and is not hammered', async () => {
    gateway = await startGateway(() => '{"LoginResultType":0,"Message":"密码错误"}');
    await expect(connect('password').find(['A'])).rejects.toMatchObject({
      code: 'kingdee.login_refused',
      kind: 'auth',
    });
    expect(gateway.calls).toHaveLength(1);
  });
});

const lost = '会话信息已丢失，请重新登录';
describe('a lost session is renewed once, however it is wrapped', () => {
  test.each([
    ['a status', JSON.stringify(status({ IsSuccess: false, MsgCode: 1, Errors: [{ Message: lost }] }))],
    ['a status with text codes', JSON.stringify(status({ IsSuccess: 'false', MsgCode: '1', Errors: [] }))],
    ['rows of rows', JSON.stringify([[status({ IsSuccess: false, MsgCode: 1, Errors: [{ Message: lost }] })]])],
    ['one row', JSON.stringify([status({ IsSuccess: false, MsgCode: 1, Errors: [] })])],
    ['JSON in a string', JSON.stringify(JSON.stringify(status({ IsSuccess: false, MsgCode: 1, Errors: [] })))],
    ['a bare string', JSON.stringify(lost)],
    ['plain text', `response_error:${lost}`],
    ['a message', JSON.stringify({ Message: lost, LoginResultType: 0 })],
    [
      'English',
      JSON.stringify(status({ IsSuccess: false, MsgCode: 9, Errors: [{ Message: 'Session information is lost' }] })),
    ],
    ['401', { status: 401, body: lost }],
    ['500', { status: 500, body: JSON.stringify({ Message: lost }) }],
  ] as [string, Reply][])('%s', async (_shape, answer) => {
    let session = 0;
    gateway = await startGateway((call): Reply => {
      if (operation(call) === 'ValidateUser') {
        session += 1;
        return { headers: { 'set-cookie': `kdservice-sessionid=${session}` }, body: '{"LoginResultType":1}' };
      }
      if (call.headers.cookie !== 'kdservice-sessionid=2') return answer;
      return operation(call) === 'BatchSave' ? ok(['N1']) : '[]';
    });
    const target = connect('password');
    await expect(target.find(['N1'])).resolves.toEqual(new Map());
    expect((await target.save([bill('N1')]))[0]).toMatchObject({ ok: true });
    expect(session).toBe(2);
  });

  test('a session that is lost again is said to be lost', async () => {
    gateway = await startGateway((call) =>
      operation(call) === 'ValidateUser'
        ? { headers: { 'set-cookie': 'kdservice-sessionid=1' }, body: '{"LoginResultType":1}' }
        : JSON.stringify(status({ IsSuccess: false, MsgCode: 1, Errors: [] })),
    );
    await expect(connect('password').find(['A'])).rejects.toMatchObject({ code: 'kingdee.session', kind: 'auth' });
    expect(gateway.calls).toHaveLength(4);
  });

  test('two calls that lose one session log in once more, not twice', async () => {
    let logins = 0;
    let current = '';
    gateway = await startGateway((call): Reply => {
      if (operation(call) === 'ValidateUser') {
        logins += 1;
        current = `kdservice-sessionid=${logins}`;
        return { headers: { 'set-cookie': current }, body: '{"LoginResultType":1}' };
      }
      return call.headers.cookie === current && logins > 1
        ? '[]'
        : JSON.stringify(status({ IsSuccess: false, MsgCode: 1, Errors: [] }));
    });
    const target = connect('password');
    await Promise.all([target.find(['A']), target.find(['B'])]);
    expect(logins).toBe(2);
  });
});

describe('a batch is judged bill by bill', () => {
  test('by DIndex, whatever the order and the overall word', async () => {
    gateway = await startGateway((call): Reply => {
      if (operation(call) !== 'BatchSave') return '[]';
      return JSON.stringify(
        status({
          IsSuccess: false,
          MsgCode: 11,
          Errors: [
            { FieldName: 'FBillNo', Message: '违反字段唯一性要求：编码唯一。[N2]在当前系统中已经被使用。', DIndex: 1 },
          ],
          SuccessEntitys: [
            { Id: 3, Number: 'N3', DIndex: 2 },
            { Id: 1, Number: 'N1', DIndex: 0 },
          ],
        }),
      );
    });
    const results = await connect().save([bill('N1'), bill('N2'), bill('N3')]);
    expect(results.map((result) => (result.ok ? result.id : result.error.category))).toEqual([
      '1',
      'duplicate_conflict',
      '3',
    ]);
  });

  test('an id beyond 2^53 keeps its digits', async () => {
    gateway = await startGateway(
      (call): Reply =>
        operation(call) === 'BatchSave' ? ok(['N1']).replace('"9007199254740993"', '9007199254740993') : '[]',
    );
    expect((await connect().save([bill('N1')]))[0]).toMatchObject({ id: '9007199254740993' });
  });

  test('a bill the answer does not mention is in doubt', async () => {
    gateway = await startGateway((call): Reply => (operation(call) === 'BatchSave' ? ok(['N1']) : '[]'));
    const [, second] = await connect().save([bill('N1'), bill('N2')]);
    expect(second).toMatchObject({ ok: false, error: { kind: 'in_doubt' } });
  });
});

describe('the unit an entry needs', () => {
  test.each([
    ['the stock unit', '[["A","Box","Pcs"]]', 'Box'],
    ['the base unit', '[["A","","Kg"]]', 'Kg'],
    ['the pipeline’s, when the material is unknown', '[]', 'Pcs'],
    [
      'the pipeline’s, when the question is refused',
      JSON.stringify([[status({ IsSuccess: false, MsgCode: 9, Errors: [{ Message: '字段不存在' }] })]]),
      'Pcs',
    ],
  ])('%s', async (_what, rows, unit) => {
    gateway = await startGateway((call): Reply => (operation(call) === 'BatchSave' ? ok(['N1']) : rows));
    await connect().save([bill('N1')]);
    const sent = gateway.calls.find((call) => operation(call) === 'BatchSave');
    expect(JSON.parse(sent?.body ?? '{}').data.Model[0].FEntity[0].FUnitID).toEqual({ FNumber: unit });
  });
});

describe('an answer that never comes leaves a write in doubt and a query to be asked again', () => {
  test.each([
    ['a cut line', null],
    ['502', { status: 502, body: '<html>' }],
    ['519 of the gateway', { status: 519, body: '{"errcode":1}' }],
    ['half a body', '{"Result":{"Respons'],
    ['server text', 'response_error:NullReference'],
  ] as [string, Reply][])('%s', async (_what, answer) => {
    let asked = 0;
    gateway = await startGateway((call): Reply => {
      if (operation(call) === 'BatchSave') return answer;
      asked += 1;
      return asked === 1 ? answer : '[]';
    });
    const target = connect();
    await expect(target.find(['A'])).resolves.toEqual(new Map());
    await expect(target.save([bill('N1')])).rejects.toMatchObject({ kind: 'in_doubt' });
  });

  test('nobody listens: certainly not sent', async () => {
    gateway = await startGateway(() => '[]');
    const target = connect();
    await gateway.close();
    await expect(target.submit([{ id: '1', number: 'N' }])).rejects.toMatchObject({ kind: 'transient' });
    gateway = undefined;
  });
});
