import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, expect, test, vi } from 'vitest';
import { doctor } from '../../src/commands/doctor.ts';
import { projectRoot } from '../../src/root.ts';
import { loadMaps } from '../../src/sync/maps.ts';
import { runCommand } from '../fakes/command.ts';
import { dataFolder } from '../fakes/folder.ts';

const cases = join(import.meta.dirname, 'cases');
const dir = dataFolder();
const pipelines = join(dir, 'pipelines');
const customers = join(pipelines, 'maps', 'shop_to_customer.csv');
/** The shipped pipelines, with this for the shops' map. */
function withShops(text: string | Buffer): void {
  rmSync(pipelines, { recursive: true, force: true });
  cpSync(join(projectRoot, 'pipelines'), pipelines, { recursive: true });
  writeFileSync(customers, text);
}
const env = { DATA_DIR: dir, PIPELINES_DIR: pipelines };
const shops = (): Record<string, string> =>
  Object.fromEntries(loadMaps(join(pipelines, 'maps')).entries('shop_to_customer'));
const remarks = (): string => loadMaps(join(pipelines, 'maps')).remarks.join('\n');

async function examined(): Promise<{ printed: string; code: number }> {
  let printed = '';
  vi.spyOn(process.stdout, 'write').mockImplementation((chunk) => {
    printed += String(chunk);
    return true;
  });
  return { code: await doctor(env), printed };
}
afterEach(() => vi.restoreAllMocks());
afterAll(() => rmSync(dir, { recursive: true, force: true }));

const four = { 10001: 'CUST0001', 10002: 'CUST0002', 10003: 'CUST0003', 10004: 'CUST0004' };

test.each(['quoted-all-Export-Csv-LibreOffice-.csv', 'rows-cleared-in-Excel-.csv'])('%s is read', (file) => {
  withShops(readFileSync(join(cases, file)));
  expect(shops()).toEqual(four);
  expect(remarks()).toBe('');
});

test.each([
  ['scientific-1-0001E-04.csv', '1.0001E+04', '10001'],
  ['full-width-digits.csv', '１０００１', '10001'],
])('%s: the doctor says what was read and what is likely meant, and is ready', async (file, read, meant) => {
  withShops(readFileSync(join(cases, file)));
  const { printed, code } = await examined();
  expect(printed).toMatch(`! 对照表 shop_to_customer.csv 第 2 行的 source 读到的是 ${read}，`);
  expect(printed).toContain(`多半应该是 ${meant}`);
  expect(code).toBe(0);
  expect(shops()[read]).toBe('CUST0001');
});

test('a quote that is not closed: file and line, exit 2', async () => {
  withShops(readFileSync(join(cases, 'unbalanced-quote.csv')));
  const { code, stderr } = await runCommand(['chat', '--once', '你好'], { env });
  expect(stderr).toContain('对照表 shop_to_customer.csv 第 2 行的双引号不成对');
  expect(code).toBe(2);
});

test.each([
  ['a quote that closes rows later', 'source,target,note\n10001,C1,"天猫\n10002,C2,淘宝"\n10003,C3,\n', 2],
  ['a quote inside a cell', 'source,target,note\n10001,C1,\n\n10002,C2,15" 屏\n', 4],
  ['text after a quote', '"source","target"\r\n"10001"x,"C1"\r\n', 2],
])('%s is refused with its line', (_, text, line) => {
  withShops(text);
  expect(remarks).toThrowError(
    expect.objectContaining({ code: 'pipeline.map_quote', params: expect.objectContaining({ line }) }),
  );
});

test.each([
  ['10001.0', '10001'],
  ["'10001", '10001'],
  ['’10001', '10001'],
  ['"10,001"', '10001'],
  ['"=""10001"""', '10001'],
  ['ＣＫ１', 'CK1'],
  ["'１０００１.0", '10001'],
])('%s stands as it is, with what is likely meant', (cell, meant) => {
  withShops(`source,target\n${cell},C1\n`);
  expect(Object.keys(shops())).toEqual([cell.replace(/^"(.*)"$/, '$1').replaceAll('""', '"')]);
  expect(remarks()).toContain(`多半应该是 ${meant}。`);
});

test('digits that are rounded away are not guessed', () => {
  withShops('source,target\n1.23457E+11,C1\n');
  expect(remarks()).toMatch(/1\.23457E\+11，.*后面几位已经丢了/);
});

test.each(['1.01.001', 'CK.01', '1E10', '0010', 'A-1（红）', 'É1', '10 001', '10001_0'])(
  '%s is a code like any other',
  (code) => {
    withShops(`source,target\n${code},C1\n`);
    expect([shops(), remarks()]).toEqual([{ [code]: 'C1' }, '']);
  },
);

test.each([
  ['NBSP', '\u00a010001\u00a0,C1'],
  ['zero-width', '10\u200b001,C1\u200b'],
  ['byte-order mark', '\ufeff10001,C1'],
  ['blanks', ' 10001 ,\tC1'],
  ['blanks in quotes', '"10001 "," C1"'],
  ['blanks around quotes and a NBSP', ' "10001\u00a0" , "C1" '],
])('%s: taken away, and said', (_, row) => {
  withShops(`source,target\n10002,C2\n${row}\n`);
  expect(shops()).toEqual({ 10001: 'C1', 10002: 'C2' });
  expect(remarks()).toContain('对照表 shop_to_customer.csv 有 1 行带着看不见的字符或首尾空格，去掉了再用（第 3 行）');
});

test('a file full of such codes is told of shortly', () => {
  const rows = Array.from({ length: 300 }, (_, index) => `${10001 + index}.0,C${index}`);
  withShops(`source,target\n${rows.join('\n')}\n`);
  expect(remarks().split('\n')).toHaveLength(6);
  expect(remarks()).toContain('还有 295 个编码');
});

test('what editors leave is not read; another file is named once', async () => {
  withShops(readFileSync(join(projectRoot, 'pipelines', 'maps', 'shop_to_customer.csv')));
  const stray = '\0\x05\x16\x07 not for us';
  for (const name of ['._shop_to_customer.csv', '~$shop_to_customer.csv', '.~lock.shop_to_customer.csv#', '.DS_Store'])
    writeFileSync(join(pipelines, 'maps', name), stray);
  for (const name of ['._a.yaml', '~$a.yaml', 'a.yaml~', '.a.yaml.swp']) writeFileSync(join(pipelines, name), stray);
  mkdirSync(join(pipelines, 'maps', 'old.csv'));
  writeFileSync(join(pipelines, 'maps', 'shop_to_customer.xlsx'), stray);
  writeFileSync(join(pipelines, 'jushuitan-saleout-to-kingdee.yaml.bak'), stray);
  const { printed, code } = await examined();
  expect(code).toBe(0);
  const told = printed.split('\n').filter((line) => line.startsWith('!'));
  expect(told).toEqual([
    expect.stringMatching(/没有读，只认结尾是 \.yaml、\.yml 的：jushuitan-saleout-to-kingdee\.yaml\.bak$/),
    expect.stringMatching(/maps 里这些文件没有读，只认结尾是 \.csv 的：shop_to_customer\.xlsx$/),
  ]);
});
