import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { compilePipelines } from '../../src/erp.ts';
import { loadMaps } from '../../src/sync/maps.ts';
import { startApp, syncDays, type TestApp } from '../fakes/app.ts';
import { type Bill, booksAt } from '../fakes/books.ts';
import { alterRows, type Erps, type Row, startErps } from '../fakes/erps.ts';
import { pipelineFolder } from '../fakes/pipelines.ts';

const lines = readFileSync(new URL('cases/fields.yaml', import.meta.url), 'utf8')
  .split('\n')
  .filter((line) => /^\w/.test(line))
  .map((line) => line.replace(/\s+#.*$/, ''));
const nameOf = (line: string): string => line.slice(0, line.indexOf(':'));

/** Edits of the file of shipments. */
const inHead = (...rules: string[]) =>
  ['  FNote: { from: so_id', `${rules.map((rule) => `  ${rule}\n`).join('')}  #`] as const;
const inEntry = (...rules: string[]) =>
  ['      FRealQty:', `${rules.map((rule) => `      ${rule}\n`).join('')}      FRealQty:`] as const;
const declared = (side: 'source' | 'target', fields: readonly object[]) => {
  const anchor = side === 'source' ? '  page_size: 50' : '  after: [submit, audit]';
  return [anchor, `${anchor}\n  fields: ${JSON.stringify(fields)}`] as const;
};
const field = (path: string, more: object = {}) => ({ path, label: `自定义 ${path}`, ...more });
const folders: string[] = [];
const folderOf = (...edits: (readonly [string, string])[]): string => {
  const folder = pipelineFolder(...edits);
  folders.push(folder);
  return folder;
};
const compiled = (...edits: (readonly [string, string])[]) => {
  const folder = folderOf(...edits);
  return compilePipelines(folder, loadMaps(join(folder, 'maps')));
};
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true });
});

describe.each(lines)('%s', (line) => {
  const name = nameOf(line);
  const source = line.includes('business_staff') ? [declared('source', [field('business_staff')])] : [];
  test.each([
    [
      'mapping',
      inHead(line.replace('from: raw_so_id', 'from: so_id').replace(/from: (amount|properties_value)/, 'from: l_id')),
      name,
    ],
    [
      'FEntity.fields',
      inEntry(line.replace(/from: (l_id|shop_name|business_staff)/, 'from: order.$1')),
      `FEntity.${name}`,
    ],
  ] as const)('in %s: refused by name until it is declared, then accepted', (_place, rule, path) => {
    const isKnown = path === 'FNote';
    expect(() => compiled(rule)).toThrowError(
      expect.objectContaining({
        code: 'pipeline.unknown_field',
        params: expect.objectContaining({ field: isKnown ? 'business_staff' : expect.stringContaining(name) }),
      }),
    );
    compiled(rule, ...(isKnown ? [] : [declared('target', [field(path)])]), ...source);
  });
});

describe('in a house', () => {
  const day = '2026-11-23';
  const [key, bare] = ['261123001', '261123003'];
  let erps: Erps;
  let app: TestApp;
  let bill: Bill | undefined;
  const who = { person: 'terminal:a', conversation: 'terminal:a' };
  beforeAll(async () => {
    const clock = { now: Date.parse('2026-11-24T15:00:00+08:00') };
    erps = await startErps(clock);
    const grown = (row: Row): Row => ({
      ...row,
      business_staff: '0007',
      f_level: '3',
      items: (row.items as Row[]).map((line) => ({ ...line, properties_value: '红色', f_zone: 'A01' })),
    });
    const keys = Array.from({ length: 40 }, (_, index) => String(261123001 + index));
    const { business_staff: _, ...missing } = { business_staff: '' };
    alterRows(
      erps,
      new Map(
        keys.map((one) => [
          one,
          one === bare ? (row: Row) => ({ ...grown(row), business_staff: '', ...missing }) : grown,
        ]),
      ),
    );
    const PIPELINES_DIR = folderOf(
      declared('source', [
        field('business_staff', { label: '业务员' }),
        field('f_level', { type: 'number' }),
        field('items.f_zone'),
      ]),
      declared('target', [
        field('FCarriageNO'),
        field('F_ABCD_Text', { label: '店铺备注' }),
        field('F_ABCD_Level', { as: 'number' }),
        field('F_ABCD_User', { label: '业务员', as: 'base', by: 'FUserId' }),
        field('SubHeadEntity.F_ABCD_Kind', { as: 'base', by: 'FName' }),
        field('FEntity.FAuxPropId.FAUXPROPID__FF100001', { label: '颜色', as: 'base' }),
        field('FEntity.FAuxPropId.FAUXPROPID__FF100002', { as: 'text' }),
        field('FEntity.FStockLocId.FSTOCKLOCID__FF100005', { label: '仓位', as: 'base' }),
        field('FEntity.FAllAmount'),
        field('FEntity.F_QDLF_XSDH'),
      ]),
      inHead(
        'FCarriageNO: { from: l_id, as: text, optional: true }',
        'F_ABCD_Text: { from: shop_name, as: text }',
        "F_ABCD_Level: { expr: 'order.f_level * 2' }",
        'F_ABCD_User: { from: business_staff }',
      ),
      ['      FSettleCurrID:', '      F_ABCD_Kind: { const: 甲类 }\n      FSettleCurrID:'],
      inEntry(
        'FAuxPropId.FAUXPROPID__FF100001: { from: properties_value }',
        'FAuxPropId.FAUXPROPID__FF100002: { from: properties_value }',
        'FStockLocId.FSTOCKLOCID__FF100005: { from: f_zone }',
        'FAllAmount: { from: amount, as: number }',
        'F_QDLF_XSDH: { from: raw_so_id, as: text }',
      ),
    );
    app = await startApp({ ...erps.env, PIPELINES_DIR }, clock);
    expect((await app.assistant.answer({ ...who, text: '先预览昨天的' })).reply.text).toContain('会失败 4 单');
    await syncDays(app, day);
    bill = await booksAt(erps.kingdee.origin).bill(`JST${key}`);
  });
  afterAll(async () => {
    await app.end();
    await erps.end();
  });

  test('they are written, base data by what it is named by, flex values nested', () => {
    expect(bill?.status).toBe('C');
    expect(bill?.model).toMatchObject({
      FCarriageNO: `SF${key}`,
      F_ABCD_Text: expect.stringMatching(/店/),
      F_ABCD_Level: 6,
      F_ABCD_User: { FUserId: '0007' },
      SubHeadEntity: { F_ABCD_Kind: { FName: '甲类' } },
    });
    expect(bill?.model).not.toHaveProperty('FNote');
    const entries = bill?.model.FEntity ?? [];
    expect(entries.length).toBeGreaterThan(0);
    for (const entry of entries) {
      expect(entry).toMatchObject({
        FAuxPropId: { FAUXPROPID__FF100001: { FNumber: '红色' }, FAUXPROPID__FF100002: '红色' },
        FStockLocId: { FSTOCKLOCID__FF100005: { FNumber: 'A01' } },
        F_QDLF_XSDH: expect.any(String),
      });
      expect(entry.FAllAmount).toBeCloseTo(Number(entry.FTaxPrice) * Number(entry.FRealQty), 2);
    }
  });

  test('what one of them lacks is said by its label', async () => {
    const error = (await app.sync.ledger.document(app.sync.defaultPipeline, bare))?.error;
    expect(error).toMatchObject({ code: 'mapping.empty', message: expect.stringContaining('业务员') });
  });

  test.each([
    ['F_ABCD_Text', '店铺备注', /shop_name .*店/],
    ['店铺备注', 'F_ABCD_Text', /shop_name .*店/],
    ['F_ABCD_User', '业务员', /business_staff 0007 → 0007/],
    ['颜色', 'FEntity.FAuxPropId.FAUXPROPID__FF100001', /properties_value 红色 → 红色/],
    ['仓位', 'FEntity.FStockLocId.FSTOCKLOCID__FF100005', /f_zone A01 → A01/],
    ['business_staff', 'F_ABCD_User', /→ 0007/],
  ])('%s is explained with the values of an order', async (name, also, values) => {
    const action = { name: 'explain-mapping', args: { field: name, order: key } };
    const { reply } = await app.assistant.answer({ ...who, text: '', action });
    const shown = JSON.stringify(reply);
    expect(shown).toContain(also);
    expect(shown).toMatch(values);
  });
});
