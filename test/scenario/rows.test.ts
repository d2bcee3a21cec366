import { afterEach, beforeEach, expect, test } from 'vitest';
import { tick } from '../../src/sync/scheduler.ts';
import { pause, startApp, syncDays, type TestApp } from '../fakes/app.ts';
import { alterRows, type Erps, type Row, startErps } from '../fakes/erps.ts';

interface Line {
  [name: string]: unknown;
}

const day = '2026-11-23';
let clock: { now: number };
let erps: Erps;
let app: TestApp;
beforeEach(async () => {
  clock = { now: Date.parse('2026-11-24T15:00:00+08:00') };
  erps = await startErps(clock);
  app = await startApp(erps.env, clock);
});
afterEach(async () => {
  await app.end();
  await erps.end();
});

const say = (text: string) => app.assistant.answer({ person: 'terminal:a', conversation: 'terminal:a', text });
const line = (row: Row, change: Line): Row => ({
  ...row,
  items: (row.items as Line[]).map((one, index) => (index === 0 ? { ...one, ...change } : one)),
});
/** A number of the wire as it is spelled, which JSON.stringify would not write. */
const spelled = (text: string): string => `#${text}#`;

/** What is wrong with a row, and what the failure has to name: the field and the value. Null = the order is written all the same. */
const rotten: [what: string, spoil: (row: Row) => unknown, named: RegExp | null][] = [
  ['half a character in the remark', (row) => ({ ...row, remark: 'a\ud83db' }), null],
  ['U+0000 in the shop name', (row) => ({ ...row, shop_name: 'a\0b' }), null],
  ['U+0000 in an item name', (row) => line(row, { name: 'a\0b' }), null],
  ['U+0000 in the name of a field', (row) => ({ ...row, 'a\0b': 'x', 'c\udc00': 'x' }), null],
  ['U+0000 in a SKU', (row) => line(row, { sku_id: 'A\0B' }), /商品编码.*A/],
  ['half a character in a SKU', (row) => line(row, { sku_id: 'A\udc00' }), /商品编码.*A/],
  ['a SKU that is an object', (row) => line(row, { sku_id: { a: 1 } }), /商品编码.*\{"a":/],
  ['a SKU that is a list', (row) => line(row, { sku_id: ['A'] }), /商品编码.*\["A"\]/],
  ['a shop that is an object', (row) => ({ ...row, shop_id: { a: 1 } }), /店铺编号.*\{"a":/],
  ['a status that is a list', (row) => ({ ...row, status: ['Confirmed'] }), /状态.*\["Confirmed"\]/],
  ['an amount that is an object', (row) => line(row, { sale_amount: {} }), /明细金额.*\{\}/],
  ['a hexadecimal amount', (row) => line(row, { sale_amount: '0x10' }), /明细金额.*0x10/],
  ['an amount with a thousands comma', (row) => line(row, { sale_amount: '12,345.60' }), /明细金额.*12,345.60/],
  ['an amount beyond all bounds', (row) => line(row, { sale_amount: spelled('1e500') }), /明细金额.*1e500/],
  ['an amount of 200 digits', (row) => line(row, { sale_amount: '9'.repeat(200) }), /明细金额.*999/],
  ['a quantity that is a list', (row) => line(row, { qty: [1] }), /数量.*\["1"\]/],
  ['an item that is null', (row) => ({ ...row, items: [null] }), /商品明细.*null/],
  ['items that are no list', (row) => ({ ...row, items: 'x' }), /商品明细.*x/],
  ['nothing but brackets', (row) => ({ ...row, remark: JSON.parse(`${'['.repeat(500)}${']'.repeat(500)}`) }), null],
];
/** Rows without a number that could be asked for again. */
const nameless: [what: string, spoil: (row: Row) => unknown][] = [
  ['a row that is null', () => null],
  ['a row that is a text', () => 'x'],
  ['a row without a number', ({ io_id: _, ...row }) => row],
  ['a number that is an object', (row) => ({ ...row, io_id: { a: 1 } })],
  ['a number with U+0000', (row) => ({ ...row, io_id: `${String(row.io_id)}\0` })],
  ['a number in hexadecimal', (row) => ({ ...row, io_id: '0x10' })],
  ['a number of a thousand digits', (row) => ({ ...row, io_id: '1'.repeat(3000) })],
];

const spoil = (by: ReadonlyMap<string, (row: Row) => unknown>): void => alterRows(erps, by);

test('a row that is not as the document says fails alone, under its field and value; what no database holds is taken out and said', async () => {
  const before = await syncDays(app, '2026-11-22'); // what a day is like where nothing is wrong with its rows
  app.clock.now += 60_000;
  const bad = new Set(before.failures.flatMap(({ orders }) => orders).map((key) => key.slice(-3)));
  const good = Array.from({ length: 40 }, (_, index) => `261123${String(index + 1).padStart(3, '0')}`).filter(
    (key) => !bad.has(key.slice(-3)),
  );
  const rows = (await (await fetch(`${erps.jushuitan.origin}/sandbox/orders?day=${day}`)).json()) as Row[];
  const confirmed = good.filter((key) => rows.some((row) => String(row.io_id) === key && row.status === 'Confirmed'));
  const all = [...rotten.map(([, change]) => change), ...nameless.map(([, change]) => change)];
  expect(confirmed.length).toBeGreaterThan(all.length);
  spoil(new Map(all.map((change, index) => [confirmed[index] ?? '', change])));

  const { run, counts, failures } = await syncDays(app, day);
  expect(run.error).toBeNull();
  const sentences = new Map<string, string>();
  for (const key of failures.flatMap(({ orders }) => orders)) {
    const document = await app.sync.ledger.document(run.pipeline, key);
    sentences.set(key, document?.error?.message ?? '');
  }
  for (const [index, [what, , named]] of rotten.entries()) {
    const sentence = sentences.get(confirmed[index] ?? '');
    if (named) expect(sentence, what).toMatch(named);
    else expect(sentence, what).toBeUndefined();
  }
  const unnamed = [...sentences.keys()].filter((key) => !/^\d+$/.test(key));
  expect(unnamed).toHaveLength(nameless.length);
  expect(JSON.stringify([...sentences])).not.toContain('[object');
  const refused = rotten.filter(([, , named]) => named).length + nameless.length;
  expect(counts.fetched).toBe(before.counts.fetched);
  expect(counts.written).toBe(before.counts.written - refused);

  // what was cleaned is said: on the card and of the order
  const { cleaned } = await app.sync.view(run.id);
  expect(cleaned.orders).toEqual(confirmed.slice(0, 4).concat(confirmed[rotten.length - 1] ?? ''));
  const said = await say('进度');
  expect(JSON.stringify(said.reply.card)).toContain('5 单的卖家备注、店铺名称、商品名称');
  expect((await say(`${confirmed[0]} 到哪一步了`)).reply.text).toContain('备注里有存不了的字符');

  // nothing else of the house trips over them
  expect((await say('昨天各商品的单量')).reply.text).toContain('最多的是');
  const reconciliation = (await say('昨天对账')).reconciliation ?? '';
  await expect.poll(async () => (await app.reconciler.find(reconciliation))?.state, { timeout: 30_000 }).toBe('done');

  // once the source has mended its rows all is written; what has no number is struck off by whoever tries it again
  erps.alter = (text) => text;
  const mended = await syncDays(app, day);
  expect(mended.counts).toMatchObject({ written: refused, failed: before.counts.failed });
  const retried = await say('重试');
  const { counts: again } = await app.sync.ended(retried.run?.id ?? '', pause);
  expect(again).toMatchObject({ skipped: nameless.length, written: 0 });
  const left = await app.sync.outcomes.failedKeys(run.pipeline, {});
  expect(left.filter((key) => !/^\d+$/.test(key))).toEqual([]);
});

test('following changes takes a row without number or place in once, and goes on', async () => {
  const follow = async () => {
    await tick(app.sync, app.sync.defaultPipeline, 3_600_000, new Date(clock.now));
    const [{ id } = { id: '' }] = await app.sync.runs.active();
    return await app.sync.ended(id, pause);
  };
  await follow();
  clock.now += 600_000;
  const touched = '261124001';
  await fetch(`${erps.jushuitan.origin}/sandbox/orders/${touched}`, { method: 'POST', body: '{"status":"Confirmed"}' });
  spoil(new Map([[touched, ({ io_id: _, ts: __, ...row }) => row]]));
  const { run, failures } = await follow();
  expect(run.error).toBeNull();
  expect(failures.find(({ category }) => category === 'source_data')?.message).toContain('没有出库单号');
});
