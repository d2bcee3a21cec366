import { afterAll, beforeAll, expect, test } from 'vitest';
import { runReport } from '../../src/sync/service.ts';
import { pause, startApp, syncDays, type TestApp } from '../fakes/app.ts';

let app: TestApp;

beforeAll(async () => {
  app = await startApp({ KINGDEE_AUTH: 'login-sign' });
});
afterAll(async () => await app.end());

interface Bill {
  number: string;
  status: string;
}
const bills = async (): Promise<Bill[]> =>
  (await (await fetch(`${app.sandbox?.kingdee.origin}/sandbox/bills`)).json()) as Bill[];
const fault = (side: 'jushuitan' | 'kingdee', ...faults: object[]) =>
  fetch(`${app.sandbox?.[side].origin}/faults`, { method: 'POST', body: JSON.stringify(faults) });
const sync = async (day: string) => {
  return runReport(await syncDays(app, day));
};

test('every order of a day ends once in 金蝶, audited, or with its own cause; a second run writes nothing', async () => {
  const first = await sync('2026-11-23');
  expect(first.state).toBe('partial');
  expect(first.counts).toEqual({ fetched: 37, written: 31, existing: 0, failed: 6, skipped: 0 });
  expect(first.failures.map(({ category }) => category).sort()).toEqual([
    'material_missing',
    'negative_stock',
    'not_allocated',
    'source_data',
    'value_map_missing',
  ]);
  const audited = (await bills()).filter((bill) => bill.status === 'C');
  expect(new Set(audited.map((bill) => bill.number)).size).toBe(31);
  const second = await sync('2026-11-23');
  expect(second.counts).toMatchObject({ written: 0, existing: 31, failed: 6 });
  expect((await bills()).filter((bill) => bill.status === 'C')).toHaveLength(31);
});

test.each(['reset_after', 'reset_before', 'error_5xx', 'malformed', 'session_lost'])(
  '%s on every write step still gives each order once',
  async (kind) => {
    const day =
      {
        reset_after: '2026-11-20',
        reset_before: '2026-11-19',
        error_5xx: '2026-11-18',
        malformed: '2026-11-17',
        session_lost: '2026-11-16',
      }[kind] ?? '';
    await fault(
      'kingdee',
      { kind, count: 1, path: 'BatchSave' },
      { kind, count: 1, path: 'Submit' },
      { kind, count: 1, path: 'Audit' },
      { kind, count: 1, path: 'ExecuteBillQuery' },
    );
    const report = await sync(day);
    await fault('kingdee');
    expect(report.counts.written).toBe(31);
    const numbers = (await bills()).filter(
      (bill) => bill.number.startsWith(`JST26${day.slice(5).replace('-', '')}`) && bill.status === 'C',
    );
    expect(numbers).toHaveLength(31);
  },
);

test('the conversation: confirm, failures, a material made by hand, retry, undo', async () => {
  const { assistant } = app;
  const say = (text: string, person = 'web:a') => assistant.answer({ person, conversation: 'web:a', text });
  const asked = await say('同步前天的订单');
  expect(asked.decision.action).toBe('confirm');
  expect(asked.run).toBeUndefined();
  expect((await say('确认', 'web:b')).run).toBeUndefined(); // only who asked may say yes
  const confirmed = await say('确认');
  expect(confirmed.run).toBeDefined();
  expect((await say('确认')).run).toBeUndefined(); // and only once
  await app.sync.ended(confirmed.run?.id ?? '', pause);
  expect((await say('有哪些失败')).reply.text).toContain('物料不存在');
  await assistant.answer({
    person: 'web:a',
    conversation: 'web:a',
    text: '',
    action: { name: 'create-sandbox-material', args: { code: 'A-1093' } },
  });
  const retried = await say('重试物料的');
  const view = await app.sync.ended(retried.run?.id ?? '', pause);
  expect(view.counts.written).toBeGreaterThan(0);
  expect(view.counts.failed).toBe(0);
  const undone = await say('撤掉 261122001');
  expect(undone.decision.action).toBe('confirm');
  const undo = await say('确认');
  expect((await app.sync.ended(undo.run?.id ?? '', pause)).counts.undone).toBe(1);
  expect((await bills()).some((bill) => bill.number === 'JST261122001')).toBe(false);
});

test('an order cancelled after it was written is found and left alone', async () => {
  await fetch(`${app.sandbox?.jushuitan.origin}/sandbox/orders/261123001`, {
    method: 'POST',
    body: '{"status":"Cancelled"}',
  });
  await sync('2026-11-23');
  const cancelled = await app.sync.outcomes.cancelled('jushuitan-saleout-to-kingdee');
  expect(cancelled.map(({ key }) => key)).toContain('261123001');
  expect((await bills()).find((bill) => bill.number === 'JST261123001')?.status).toBe('C');
});
