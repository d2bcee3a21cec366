import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { saleout } from '../../src/connectors/jushuitan/streams/saleout.ts';
import { salOutstock } from '../../src/connectors/kingdee/forms/sal-outstock.ts';
import { Decimal, round2 } from '../../src/decimal.ts';
import { AppError } from '../../src/errors.ts';
import { stringifyExact, stringifyStored } from '../../src/json.ts';
import { projectRoot } from '../../src/root.ts';
import { compileMapping } from '../../src/sync/mapping.ts';
import { loadMaps } from '../../src/sync/maps.ts';
import { parsePipeline } from '../../src/sync/pipeline.ts';

const folder = join(projectRoot, 'pipelines');
const text = readFileSync(join(folder, 'jushuitan-saleout-to-kingdee.yaml'), 'utf8');
const source = saleout.catalogue;
const target = salOutstock;
const toOrder = (row: unknown) => (saleout.open as NonNullable<typeof saleout.open>).record(row);
const maps = loadMaps(join(folder, 'maps'));
const compile = (yaml: string) => compileMapping(parsePipeline(yaml, 'test.yaml'), source, target, maps);
const mapping = compile(text);

const orderOf = (items: object[], header: object = {}) =>
  toOrder({
    io_id: 11010234,
    shop_id: 10001,
    wms_co_id: 20001,
    status: 'Confirmed',
    io_date: '2026-11-22 10:00:00',
    modified: '2026-11-22 10:00:01',
    so_id: 'S1',
    ...header,
    items,
  });
const lines = (items: object[], header: object = {}) =>
  JSON.parse(stringifyExact(mapping.apply(orderOf(items, header)).bill.model)).FEntity as Record<string, unknown>[];

describe('the default pipeline', () => {
  test('bills two gifts, one combo and a left-over cent by hand', () => {
    const billed = lines([
      { sku_id: 'A', qty: 3, sale_amount: '107.70', is_gift: false },
      { sku_id: 'G1', qty: 1, sale_amount: '0', is_gift: true },
      { sku_id: 'G2', qty: 2, sale_amount: '0.00', is_gift: 'true' },
      { sku_id: 'C1', qty: 3, sale_amount: '100.00', combine_sku_id: 'SET' },
    ]);
    expect(
      billed.map((line) => [
        (line.FMaterialID as { FNumber: string }).FNumber,
        line.FRealQty,
        line.FTaxPrice,
        line.FIsFree,
      ]),
    ).toEqual([
      ['A', 3, 35.9, false],
      ['G1', 1, 0, true],
      ['G2', 2, 0, true],
      ['C1', 3, 33.333333, false],
    ]);
    expect(billed[0]?.FPrice).toBe(31.769912);
  });

  test.each([
    ['sale_amount', 'amount'],
    ['amount', 'sale_amount'],
  ])('reads %s where there is no %s', (name) => {
    expect(lines([{ sku_id: 'A', qty: 1, [name]: '12.50' }])[0]?.FTaxPrice).toBe(12.5);
  });

  test.each([
    [[], {}, 'mapping.no_items', 'source_data'],
    [[{ sku_id: 'A', qty: -1, amount: '1' }], {}, 'mapping.bad_qty', 'source_data'],
    [[{ qty: 1, amount: '1' }], {}, 'mapping.no_sku', 'source_data'],
    [[{ sku_id: 'A', qty: 1 }], {}, 'mapping.bad_amount', 'source_data'],
    [[{ sku_id: 'A', qty: 1, amount: 'x', price: '1' }], {}, 'mapping.unreadable', 'source_data'],
    [[{ sku_id: 'A', qty: 1, amount: '1' }], { shop_id: 999 }, 'mapping.no_map_entry', 'value_map_missing'],
  ])('refuses %j %j as %s', (items, header, code, category) => {
    expect(() => mapping.apply(orderOf(items, header))).toThrowError(expect.objectContaining({ code, category }));
  });

  test('an amount with 8 decimals is billed to the cent', () => {
    const mapped = mapping.apply(orderOf([{ sku_id: 'A', qty: 1, amount: '12.34567891' }]));
    expect([mapped.amount.toFixed(), mapped.warnings]).toEqual(['12.35', ['finer_than_a_cent']]);
  });

  test('no line is lost and the bill adds up to the order', () => {
    const item = fc.record({
      cents: fc.integer({ min: 0, max: 10_000_000 }),
      qty: fc.integer({ min: 1, max: 5000 }),
      gift: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.array(item, { minLength: 1, maxLength: 12 }), (items) => {
        const rows = items.map(({ cents, qty, gift }, index) => ({
          sku_id: `S${index}`,
          qty,
          sale_amount: new Decimal(cents).div(100).toFixed(2),
          is_gift: gift,
        }));
        const billed = lines(rows);
        const total = billed.reduce(
          (sum, line) => sum.plus(round2(new Decimal(String(line.FTaxPrice)).times(String(line.FRealQty)))),
          new Decimal(0),
        );
        expect(total.equals(items.reduce((sum, { cents }) => sum.plus(cents), new Decimal(0)).div(100))).toBe(true);
        expect(new Set(billed.map((line) => (line.FMaterialID as { FNumber: string }).FNumber)).size).toBe(
          items.length,
        );
      }),
      { numRuns: 50 },
    );
  });

  test('whatever a row holds, it is an order that maps or is refused with a cause', () => {
    const known = ['io_id', 'status', 'shop_id', 'wms_co_id', 'io_date', 'modified', 'ts', 'remark', 'items'];
    const inLine = ['sku_id', 'qty', 'sale_amount', 'is_gift', 'name'];
    const record = (names: string[], value: fc.Arbitrary<unknown>) =>
      fc.dictionary(fc.constantFrom(...names), value, { noNullPrototype: true });
    const value = fc.oneof(
      fc.jsonValue(),
      fc.string({ unit: 'binary' }),
      fc.constantFrom('0x10', '1e500', '\0', '\ud800'),
    );
    const lines = fc.array(fc.oneof(value, record(inLine, value)));
    const rows = fc.oneof(
      value,
      fc.tuple(record(known, value), lines).map(([row, items]) => ({ ...row, items })),
    );
    fc.assert(
      fc.property(rows, (row) => {
        const order = toOrder(row);
        expect(stringifyStored(order)).toBe(JSON.stringify(order));
        try {
          if (mapping.precondition(order)) mapping.apply(order);
        } catch (error) {
          expect(error).toBeInstanceOf(AppError);
          expect((error as AppError).kind).toBe('data');
        }
      }),
    );
  });

  test('states every field of both interfaces', () => {
    const pipeline = parsePipeline(text, 'test.yaml');
    const told = new Set(mapping.rules.map((rule) => rule.path));
    for (const field of target.catalogue.fields.filter(
      (one) => one.kind === 'model' && one.type !== 'array' && one.type !== 'object',
    )) {
      expect(told.has(field.path) || field.path in pipeline.left_out.target, field.path).toBe(true);
    }
    for (const field of target.catalogue.fields.filter((one) => one.kind === 'option'))
      expect(pipeline.target.options, field.path).toHaveProperty(field.path);
  });

  test('keeps no personal data', () => {
    const order = orderOf([{ sku_id: 'A', qty: 1, amount: '1' }], {
      receiver_name: 'N',
      receiver_mobile: 'M',
      receiver_address: 'X',
      shop_buyer_id: 'B',
      receiver_city: 'C',
    });
    expect(Object.keys(order.raw).filter((key) => /name$|mobile|address|buyer/.test(key))).toEqual([]);
    expect(order.raw.receiver_city).toBe('C');
  });
});

describe('a mistake in a pipeline file names its place', () => {
  test.each([
    ['FNote: { from: so_id', 'FNotes: { from: so_id', 'pipeline.unknown_field'],
    ['{ from: so_id, as: text', '{ from: so_idd, as: text', 'pipeline.unknown_field'],
    ["order.status == 'Confirmed'", "order.stauts == 'Confirmed'", 'pipeline.expression'],
    ["order.status == 'Confirmed'", 'order.pay_amount in [1, 2]', 'pipeline.expression'],
    ["'line.amount / line.qty'", "'line.amount /'", 'pipeline.expression'],
    ["'*/10 * * * *'", "'61 * * * *'", 'pipeline.cron'],
    ["'*/10 * * * *'", "'* * * * *'", 'pipeline.cron_too_often'],
    ['map: shop_to_customer', 'map: shop_to_nobody', 'pipeline.unknown_map'],
    ['page_size: 50', 'page_size: 80', 'pipeline.invalid'],
    ['discount: none', 'discounts: none', 'pipeline.invalid'],
    ['title: 聚', 'title: [聚', 'pipeline.syntax'],
  ])('%s → %s is %s', (right, wrong, code) => {
    const broken = text.replace(right, wrong);
    const line = broken.split('\n').findIndex((one) => one.includes(wrong)) + 1;
    const error = (() => {
      try {
        compile(broken);
      } catch (thrown) {
        return thrown as { code: string; message: string };
      }
      return null;
    })();
    expect(error?.code).toBe(code);
    if (code !== 'pipeline.syntax') expect(error?.message).toContain(`第 ${line} 行`);
  });
});
