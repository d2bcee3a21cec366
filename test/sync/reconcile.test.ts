import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Decimal } from '../../src/decimal.ts';
import { reconciliationFile } from '../../src/reports/workbook.ts';
import { projectRoot } from '../../src/root.ts';
import { dayWindow } from '../../src/sync/window.ts';
import { pause, startApp, syncDays, type TestApp } from '../fakes/app.ts';

let app: TestApp;
const day = '2026-11-23';
const requester = { person: 'terminal:t', conversation: 'terminal:t' };
interface Bill {
  number: string;
  status: string;
  model: { FEntity: { FRealQty: number; FTaxPrice: number }[] };
}
const bills = async (): Promise<Bill[]> =>
  (await (await fetch(`${app.sandbox?.kingdee.origin}/sandbox/bills`)).json()) as Bill[];
const change = (body: object) =>
  fetch(`${app.sandbox?.kingdee.origin}/sandbox/bills`, { method: 'POST', body: JSON.stringify(body) });
const reconcile = async (from = day, to = day) => {
  const window = dayWindow(from, to, new Date(app.clock.now));
  const { id } = await app.reconciler.begin(app.sync.defaultPipeline, window, requester);
  const done = await app.reconciler.carryOut(id);
  const report = done && (await app.reconciler.report(done));
  if (!done || !report) throw new Error('it has not come to an end');
  return { done, report };
};

beforeAll(async () => {
  app = await startApp();
  await syncDays(app, day);
}, 60_000);
afterAll(async () => await app.end());

test('what the run could not write is what is missing, each with its reason', async () => {
  const { done, report } = await reconcile();
  expect(report.source.count - report.target.count).toBe(
    report.differences.filter(({ kind }) => kind === 'missing_in_target').length,
  );
  expect(new Set(report.differences.map(({ kind }) => kind))).toEqual(new Set(['missing_in_target', 'unaudited']));
  for await (const batch of app.reconciler.findings.differences(done))
    for (const one of batch) expect(one.reason, one.key).toBeTruthy();
});

test('every kind of difference is found, and nothing else', async () => {
  const before = (await reconcile()).report.differences;
  const audited = (await bills()).filter(({ status }) => status === 'C').map(({ number }) => number);
  const [gone, dearer, more, open, cancelled, moved] = audited as [string, string, string, string, string, string];
  await change({ number: gone, remove: true });
  await change({ number: dearer, price: 9999 });
  await change({ number: more, quantity: 77 });
  await change({ number: open, status: 'A' });
  await change({ number: 'JST999999999', copy: open });
  await change({ number: 'XSCKD000001', copy: open }); // somebody's own bill is not ours to complain of
  await change({ number: moved, date: '2026-11-20' }); // another day is another matter: it is there
  await fetch(`${app.sandbox?.jushuitan.origin}/sandbox/orders/${cancelled.slice(3)}`, {
    method: 'POST',
    body: '{"status":"Cancelled"}',
  });
  const { done, report } = await reconcile();
  const known = new Set(before.map(({ key }) => key));
  const fresh = report.differences.filter(({ key }) => !known.has(key));
  expect(Object.fromEntries(fresh.map(({ key, kind }) => [key, kind]))).toEqual({
    [gone.slice(3)]: 'missing_in_target',
    [dearer.slice(3)]: 'amount',
    [more.slice(3)]: 'quantity',
    [open.slice(3)]: 'unaudited',
    [cancelled.slice(3)]: 'cancelled_at_source',
    '999999999': 'extra_in_target',
  });
  let gap = new Decimal(0);
  for await (const batch of app.reconciler.findings.differences(done))
    for (const one of batch) gap = gap.plus(one.sourceAmount ?? 0).minus(one.targetAmount ?? 0);
  expect(gap.toFixed(2)).toBe(new Decimal(report.source.amount).minus(report.target.amount).toFixed(2));
  const { name, bytes } = await reconciliationFile(app.reconciler, app.sync.pipelines, done);
  expect(name).toBe('出库单对账 2026-11-23 至 2026-11-23.xlsx');
  expect(bytes.subarray(0, 2).toString()).toBe('PK');
});

test('by sentence: a card that ends in a verdict, and one button that syncs what is missing', async () => {
  const cards: { title: string; buttons: { action: { name: string; args: Record<string, string> } }[] }[] = [];
  app.onCard((_conversation, card) => void cards.push(card));
  const message = { person: 'web:a', conversation: 'web:a', text: '昨天对账' };
  const answer = await app.assistant.answer(message);
  expect(answer.reconciliation).toBeTruthy();
  await expect.poll(() => cards.at(-1)?.title, { timeout: 15_000 }).toMatch(/对账差/);
  const button = cards.at(-1)?.buttons[0];
  expect(button?.action.name).toBe('resync-missing');
  const fixed = await app.assistant.answer({ ...message, text: '', ...(button ? { action: button.action } : {}) });
  const view = await app.sync.ended(fixed.run?.id ?? '', pause);
  expect(view.counts.written).toBe(1); // the one that was deleted; the others still have their causes
  expect((await reconcile()).report.differences.filter(({ kind }) => kind === 'missing_in_target')).toHaveLength(5);
});

test('many that are missing are synced after a yes', async () => {
  const audited = (await bills()).filter(({ status }) => status === 'C').map(({ number }) => number);
  for (const number of audited.slice(0, 20)) await change({ number, remove: true });
  const { done, report } = await reconcile();
  const missing = report.differences.filter(({ kind }) => kind === 'missing_in_target').length;
  expect(missing).toBeGreaterThan(20);
  const message = { person: 'web:many', conversation: 'web:many' };
  const action = { name: 'resync-missing', args: { reconciliation: done.id } };
  const asked = await app.assistant.answer({ ...message, text: '', action });
  expect(asked.decision.action).toBe('confirm');
  expect(asked.run).toBeUndefined();
  expect(asked.reply.text).toContain(`${missing} 单`);
  const yes = await app.assistant.answer({ ...message, text: '确认' });
  expect((await app.sync.ended(yes.run?.id ?? '', pause)).counts).toMatchObject({
    fetched: missing,
    written: missing - 5,
  });
});

test('a freight line of a bill is no difference of its quantity', async () => {
  const dir = mkdtempSync(join(tmpdir(), 'xiaoqing-freight-'));
  cpSync(join(projectRoot, 'pipelines'), dir, { recursive: true });
  const file = join(dir, 'jushuitan-saleout-to-kingdee.yaml');
  writeFileSync(file, readFileSync(file, 'utf8').replace(/^discount:/m, 'freight_material: YUNFEI\n$&'));
  const house = await startApp({ PIPELINES_DIR: dir });
  const material = { code: 'YUNFEI', name: '运费' };
  await fetch(`${house.sandbox?.kingdee.origin}/sandbox/materials`, { method: 'POST', body: JSON.stringify(material) });
  await fetch(`${house.sandbox?.kingdee.origin}/sandbox/stock`, { method: 'POST', body: '{"code":"YUNFEI"}' });
  const { counts } = await syncDays(house, day);
  expect(counts.written).toBeGreaterThan(20);
  const { reconciler, sync } = house;
  const window = dayWindow(day, day, new Date(house.clock.now));
  const done = await reconciler.carryOut((await reconciler.begin(sync.defaultPipeline, window, requester)).id);
  const kinds = (await reconciler.findings.countsByKind({ id: done?.id ?? '' })).map(({ kind }) => kind);
  expect(kinds).toEqual(['missing_in_target', 'unaudited']);
  await house.end();
  rmSync(dir, { recursive: true });
});
