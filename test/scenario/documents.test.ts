import { afterAll, beforeAll, expect, test } from 'vitest';
import { dayWindow } from '../../src/sync/window.ts';
import { pause, startApp, syncDays, type TestApp } from '../fakes/app.ts';

let app: TestApp;
beforeAll(async () => {
  app = await startApp();
}, 60_000);
afterAll(async () => await app.end());

const from = '2026-11-20';
const to = '2026-11-22';
const requester = { person: 'terminal:t', conversation: 'terminal:t' };

interface Bill {
  number: string;
  form: string;
  status: string;
  model: Record<string, unknown>;
}
const bills = async (prefix: string): Promise<Bill[]> => {
  const all = (await (await fetch(`${app.sandbox?.kingdee.origin}/sandbox/bills`)).json()) as Bill[];
  return all.filter(({ number }) => number.startsWith(prefix));
};
interface Row {
  io_id: number;
  type: string;
  status: string;
  so_id: string;
  wms_co_id: number;
  link_wms_co_id: number;
  link_io_id: number | null;
  items: { sku_id: string; qty: number; r_qty: number }[];
}
const rowsOf = async (stream: string): Promise<Row[]> =>
  (
    await Promise.all(
      ['2026-11-20', '2026-11-21', '2026-11-22'].map(
        async (day) =>
          (await (await fetch(`${app.sandbox?.jushuitan.origin}/sandbox/${stream}?day=${day}`)).json()) as Row[],
      ),
    )
  ).flat();
async function reconcile(pipeline: string) {
  const { id } = await app.reconciler.begin(pipeline, dayWindow(from, to, new Date(app.clock.now)), requester);
  const done = await app.reconciler.carryOut(id);
  const report = done && (await app.reconciler.report(done));
  if (!done || !report) throw new Error('it has not come to an end');
  const differences = [];
  for await (const batch of app.reconciler.findings.differences(done)) differences.push(...batch);
  return { ...report, differences };
}

const isDone = ({ status }: Row): boolean => ['Confirmed', 'Archive'].includes(status);
const hasMoved = ({ items }: Row): boolean => items.some(({ qty }) => qty !== 0);

/** A kind of document: where it comes from, what of it is due, and for what some of it waits on the sandbox. */
interface Kind {
  id: string;
  prefix: string;
  form: string;
  stream: string;
  due: (row: Row) => boolean;
  refused: string[];
}
const kinds: readonly Kind[] = [
  {
    id: 'jushuitan-other-in-to-kingdee',
    prefix: 'JQR',
    form: 'STK_MISCELLANEOUS',
    stream: 'other-in-out',
    due: (row) => isDone(row) && hasMoved(row) && row.type !== '其它出库' && row.so_id === '',
    refused: ['material_missing'],
  },
  {
    id: 'jushuitan-other-out-to-kingdee',
    prefix: 'JQC',
    form: 'STK_MisDelivery',
    stream: 'other-in-out',
    due: (row) => isDone(row) && hasMoved(row) && row.type === '其它出库' && row.so_id === '',
    refused: ['negative_stock', 'value_map_missing'],
  },
  {
    id: 'jushuitan-count-gain-to-kingdee',
    prefix: 'JPY',
    form: 'STK_MISCELLANEOUS',
    stream: 'counts',
    due: (row) => isDone(row) && row.items.some(({ qty }) => qty > 0),
    refused: ['material_missing'],
  },
  {
    id: 'jushuitan-count-loss-to-kingdee',
    prefix: 'JPK',
    form: 'STK_MisDelivery',
    stream: 'counts',
    due: (row) => isDone(row) && row.items.some(({ qty }) => qty < 0),
    refused: ['negative_stock'],
  },
  {
    id: 'jushuitan-purchase-in-to-kingdee',
    prefix: 'JCR',
    form: 'STK_InStock',
    stream: 'purchase-in',
    due: (row) => isDone(row) && hasMoved(row),
    refused: ['material_missing', 'source_data', 'value_map_missing'],
  },
  {
    id: 'jushuitan-purchase-return-to-kingdee',
    prefix: 'JCT',
    form: 'PUR_MRB',
    stream: 'purchase-out',
    due: (row) => isDone(row) && hasMoved(row),
    refused: ['negative_stock', 'value_map_missing'],
  },
  {
    id: 'jushuitan-transfer-to-kingdee',
    prefix: 'JDB',
    form: 'STK_TransferDirect',
    stream: 'allocates',
    due: (row) => isDone(row) && row.type === '调拨出' && (!row.link_wms_co_id || row.link_wms_co_id !== row.wms_co_id),
    refused: ['upstream_missing'],
  },
];

test.each(kinds)('$id is written once, and both sides agree', async ({ id, prefix, form, stream, due, refused }) => {
  const first = await syncDays(app, from, to, id);
  const owed = new Set((await rowsOf(stream)).filter(due).map(({ io_id }) => String(io_id)));
  expect(first.run.error).toBeNull();
  expect(new Set(first.failures.map(({ category }) => category))).toEqual(new Set(refused));
  expect(first.counts.written + first.counts.failed).toBe(owed.size);
  expect(first.counts.written).toBeGreaterThan(2);
  const written = await bills(prefix);
  expect(written.filter(({ status }) => status === 'C')).toHaveLength(first.counts.written);
  expect(new Set(written.map((bill) => bill.form))).toEqual(new Set([form]));
  for (const { number } of written) expect(owed).toContain(number.slice(prefix.length));

  const again = await syncDays(app, from, to, id);
  expect(again.counts).toMatchObject({ written: 0, existing: first.counts.written, failed: first.counts.failed });
  expect(await bills(prefix)).toEqual(written);

  const { source, target, differences } = await reconcile(id);
  const failed = first.failures.flatMap(({ orders }) => orders);
  const stuck = written.flatMap(({ number, status }) => (status === 'C' ? [] : [number.slice(prefix.length)]));
  for (const { key, kind, reason } of differences) {
    expect(kind, key).toBe(stuck.includes(key) ? 'unaudited' : 'missing_in_target');
    expect(reason, key).toBeTruthy();
  }
  expect(new Set(differences.map(({ key }) => key))).toEqual(new Set(failed));
  expect([source.count, target.count]).toEqual([owed.size, written.length]);
});

test.each(['jushuitan-other-in-to-kingdee', 'jushuitan-count-gain-to-kingdee'])(
  '%s is even once what was missing is there',
  async (id) => {
    const material = JSON.stringify({ code: 'A-1093' });
    await fetch(`${app.sandbox?.kingdee.origin}/sandbox/materials`, { method: 'POST', body: material });
    const { counts } = await syncDays(app, from, to, id);
    expect(counts).toMatchObject({ written: 3, failed: 0 });
    const { source, target, differences } = await reconcile(id);
    expect(differences).toEqual([]);
    expect(source.count).toBe(target.count);
    expect(source.amount).toBe(target.amount);
  },
);

test('what was sent is booked as it arrived, and what is on its way once it has', async () => {
  const rows = await rowsOf('allocates');
  const byKey = new Map(rows.map((row) => [row.io_id, row]));
  const arrivals = rows.filter(({ type, link_io_id }) => type === '调拨入' && link_io_id !== null);
  const arrivalOf = (wanted: (row: Row) => boolean): Row => {
    const found = arrivals.find((row) => wanted(row) && byKey.get(row.link_io_id ?? 0)?.status === 'Confirmed');
    if (!found) throw new Error('the sandbox has none');
    return found;
  };
  const short = arrivalOf((row) => isDone(row) && row.items.some(({ qty, r_qty }) => qty !== r_qty));
  const [bill] = await bills(`JDB${short.link_io_id}`);
  const entries = bill?.model.FBillEntry as { FQty: number }[];
  expect(entries.map(({ FQty }) => FQty)).toEqual(short.items.map(({ r_qty }) => r_qty));

  const onItsWay = arrivalOf(({ status }) => status === 'WaitConfirm');
  expect(await bills(`JDB${onItsWay.link_io_id}`)).toEqual([]);
  await fetch(`${app.sandbox?.jushuitan.origin}/sandbox/allocates/${onItsWay.io_id}`, {
    method: 'POST',
    body: JSON.stringify({ status: 'Confirmed' }),
  });
  const { run } = await app.sync.start({
    pipeline: 'jushuitan-transfer-to-kingdee',
    kind: 'sync',
    trigger: 'cli',
    by: 'modified',
    start: new Date(app.clock.now - 60_000),
    end: new Date(app.clock.now + 60_000),
    filters: {},
    requester,
  });
  expect((await app.sync.ended(run.id, pause)).counts).toMatchObject({ fetched: 1, written: 1 });
  expect(await bills(`JDB${onItsWay.link_io_id}`)).toMatchObject([{ status: 'C' }]);
});
