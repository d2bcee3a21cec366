import { cpSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { compilePipelines } from '../../src/erp.ts';
import { loadMaps } from '../../src/sync/maps.ts';
import { type Ended, runCommand } from '../fakes/command.ts';
import { dataFolder } from '../fakes/folder.ts';
import { pipelineFolder, shipments } from '../fakes/pipelines.ts';

const dir = dataFolder();
const folders: string[] = [];
afterAll(() => {
  for (const folder of [dir, ...folders]) rmSync(folder, { recursive: true });
});

const folderOf = (...edits: (readonly [string, string])[]): string => {
  const folder = pipelineFolder(...edits);
  folders.push(folder);
  return folder;
};
const started = (folder: string): Promise<Ended> =>
  runCommand(['chat', '--once', '你好'], { env: { DATA_DIR: dir, PIPELINES_DIR: folder } });
/** Puts another version of the file of shipments beside it. */
function copied(folder: string, name: string, ...edits: (readonly [was: string, is: string])[]): void {
  const file = join(folder, name);
  cpSync(join(folder, shipments), file);
  const text = edits.reduce((whole, [was, is]) => whole.replace(was, is), readFileSync(file, 'utf8'));
  writeFileSync(file, text);
}
const compiled = (folder: string) => compilePipelines(folder, loadMaps(join(folder, 'maps')));
const lineOf = (text: string): number =>
  readFileSync(join(folders.at(-1) ?? '', shipments), 'utf8')
    .split('\n')
    .findIndex((line) => line.includes(text)) + 1;

const otherType = ['XSCKD01_SYS', 'XSCKD07_SYS'] as const;
const otherId = ['id: jushuitan-saleout-to-kingdee', 'id: another'] as const;
const otherPrefix = ['prefix: JST', 'prefix: JSX'] as const;

test.each([
  ['zz-备份.yaml', [otherType]],
  ['jushuitan-saleout-to-kingdee - 副本.yaml', [otherPrefix]],
  ['副本.YML', [otherPrefix, ['enabled: true', 'enabled: false']]],
] as const)('two files of one id are refused at the start, both named: %s', async (name, edits) => {
  const folder = folderOf();
  copied(folder, name, ...edits);
  const { code, stderr } = await started(folder);
  expect(code).toBe(2);
  for (const text of [name, shipments, 'jushuitan-saleout-to-kingdee']) expect(stderr).toContain(text);
});

test('two files that number the same kind of bill alike are refused, both named', async () => {
  const folder = folderOf();
  copied(folder, 'zz.yaml', otherId);
  const { code, stderr } = await started(folder);
  expect(code).toBe(2);
  expect(stderr).toMatch(/zz\.yaml.*jushuitan-saleout-to-kingdee\.yaml.*SAL_OUTSTOCK.*JST/s);
});

test('the same prefix for another kind of bill, or another prefix, is a pipeline of its own', () => {
  const folder = folderOf();
  copied(folder, 'zz.yaml', otherId, otherPrefix);
  writeFileSync(
    join(folder, 'jushuitan-return-to-kingdee.yaml'),
    readFileSync(join(folder, 'jushuitan-return-to-kingdee.yaml'), 'utf8').replace('prefix: JTH', 'prefix: JST'),
  );
  const ids = compiled(folder).map(({ pipeline }) => pipeline.id);
  expect(ids).toEqual(
    expect.arrayContaining(['jushuitan-return-to-kingdee', 'jushuitan-saleout-to-kingdee', 'another']),
  );
});

test.each([
  ['api: jushuitan.saleout.list.query', 'api: jushuitan.saleout.list.qury', '/open/orders/out/simple/query'],
  ['form: SAL_OUTSTOCK', 'form: SAL_OUTSTOK', 'SAL_RETURNSTOCK'],
])('%s → %s is refused with its line and what there is', async (was, is, known) => {
  const { code, stderr } = await started(folderOf([was, is]));
  expect(code).toBe(2);
  expect(stderr).toContain(`${shipments} 第 ${lineOf(is)} 行`);
  expect(stderr).toContain(is.split(': ')[1]);
  expect(stderr).toContain(known);
});

test('a required field without a rule is refused by name, before anything is sent', async () => {
  const { code, stderr } = await started(
    folderOf(
      ['  FCustomerID: { from', '  # FCustomerID: { from'],
      ['      FStockID: { from', '      # FStockID: { from'],
    ),
  );
  expect(code).toBe(2);
  expect(stderr).toContain(shipments);
  expect(stderr).toMatch(/FCustomerID（[^）]+）.*FEntity\.FStockID（[^）]+）/);
});
