import { readFileSync, rmSync } from 'node:fs';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { doctor } from '../../src/commands/doctor.ts';
import { runReport } from '../../src/sync/service.ts';
import { startApp, syncDays, type TestApp } from '../fakes/app.ts';
import { type Erps, startErps } from '../fakes/erps.ts';
import { dataFolder } from '../fakes/folder.ts';
import { type Call, type Gateway, startGateway } from '../fakes/gateway.ts';
import { is, passOn } from '../fakes/kingdee-line.ts';

const day = '2026-11-23';
interface Refusal {
  Result: { ResponseStatus: { Errors: { Message: string }[] } };
}
const read = <T>(name: string): T =>
  JSON.parse(readFileSync(new URL(`../connectors/cases/${name}.json`, import.meta.url), 'utf8')) as T;
let erps: Erps;
let line: Gateway;
let app: TestApp | undefined;
/** What the line says instead of 金蝶, which may have done it all the same. */
let instead: (call: Call, through: () => Promise<string>) => Promise<string | null>;
let env: Record<string, string>;

beforeEach(async () => {
  const clock = { now: Date.parse('2026-11-24T15:00:00+08:00') };
  erps = await startErps(clock);
  line = await startGateway(async (call) => {
    const through = (): Promise<string> => passOn(erps.kingdee.origin, call);
    return (await instead(call, through)) ?? (await through());
  });
  env = { ...erps.env, KINGDEE_BASE_URL: `${line.origin}/K3Cloud`, KINGDEE_AUTH: 'signature' };
  instead = async () => null;
});
afterEach(async () => {
  vi.restoreAllMocks();
  await app?.end();
  app = undefined;
  await line.close();
  await erps.end();
});
const written = async (): Promise<number> => {
  app = await startApp(env, { now: Date.parse('2026-11-24T15:00:00+08:00') });
  return runReport(await syncDays(app, day)).counts.written;
};

test('a bill that somebody has open is submitted once they are done', async () => {
  const { answer } = read<{ answer: object }>('net-conflict-msgcode0');
  let refused = 0;
  instead = async (call) => (is(call, 'Submit') && refused++ < 2 ? JSON.stringify(answer) : null);
  expect(await written()).toBe(31);
  expect(refused).toBeGreaterThan(2);
});

test('a bill that was submitted and audited meanwhile is taken as it stands', async () => {
  const done = new Set<string>();
  instead = async (call, through) => {
    const step = ['Submit', 'Audit'].find((operation) => is(call, operation));
    if (!step || done.has(step)) return null;
    done.add(step);
    await through();
    const { Numbers } = (JSON.parse(call.body) as { data: { Numbers: string[] } }).data;
    const Errors = Numbers.map((number, DIndex) => ({
      FieldName: null,
      Message: `单据[${number}]${step === 'Submit' ? '已提交' : '已审核'}，不能重复操作`,
      DIndex,
    }));
    return JSON.stringify({
      Result: { ResponseStatus: { IsSuccess: false, Errors, SuccessEntitys: [], MsgCode: 11 } },
    });
  };
  expect(await written()).toBe(31);
  expect(done.size).toBe(2);
});

test('what 金蝶 says of one bill is in the report, sentence by sentence', async () => {
  const { answers } = read<{ answers: Refusal[] }>('unknown-texts');
  const { answer } = read<{ answer: Refusal }>('credit-limit-on-customer-field');
  const [first, second, third] = [...answers, answer].map(({ Result }) => Result.ResponseStatus.Errors[0]);
  instead = async (call) => {
    if (!is(call, 'BatchSave')) return null;
    const { Model } = (JSON.parse(call.body) as { data: { Model: object[] } }).data;
    const Errors = Model.map((_, DIndex) => ({
      ...[first, second, { ...third, Message: third?.Message.replace('1,234', `${DIndex},234`) }][DIndex % 3],
      DIndex,
    }));
    return JSON.stringify({
      Result: { ResponseStatus: { ErrorCode: 500, IsSuccess: false, Errors, SuccessEntitys: [], MsgCode: 11 } },
    });
  };
  expect(await written()).toBe(0);
  const says = ['辅助属性必录', '最大长度255', '信用额度不足'];
  const asked = { person: 'terminal:a', conversation: 'terminal:a', text: '金蝶不接受的有哪些' };
  const reply = JSON.stringify((await app?.assistant.answer(asked))?.reply);
  for (const text of says) expect(reply).toContain(text);
  // A cause each, whatever numbers a sentence holds.
  const groups = (await app?.sync.outcomes.openFailures(app.sync.defaultPipeline)) ?? [];
  const refused = groups.filter(({ category }) => category === 'vendor_rule').map(({ message }) => message);
  expect(refused.map((message) => says.filter((text) => message.includes(text))).sort()).toEqual(
    says.map((text) => [text]).sort(),
  );
});

test('the doctor says why 金蝶 lets nobody in, and what to do', async () => {
  const [, expired] = read<{ Message: string }[]>('login-refusals');
  instead = async (call) => (is(call, 'LoginByAppSecret') ? JSON.stringify(expired) : null);
  let printed = '';
  vi.spyOn(process.stdout, 'write').mockImplementation((chunk) => {
    printed += String(chunk);
    return true;
  });
  const folder = dataFolder();
  const code = await doctor({ ...env, KINGDEE_AUTH: 'app-secret', DATA_DIR: folder });
  rmSync(folder, { recursive: true, force: true });
  expect(code).toBe(1);
  expect(printed).toMatch(/✗ .*金蝶拒绝登录：密码已过期，请修改密码.*新密码/);
});
