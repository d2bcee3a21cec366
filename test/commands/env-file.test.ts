import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, expect, test } from 'vitest';
import { readConfig } from '../../src/config.ts';
import { readEnvFile } from '../../src/env-file.ts';
import { projectRoot } from '../../src/root.ts';
import { runCommand } from '../fakes/command.ts';

const cases = join(import.meta.dirname, 'cases');
const dir = mkdtempSync(join(tmpdir(), 'xiaoqing-env-'));
const home = process.cwd();
beforeEach(() => {
  rmSync(dir, { recursive: true, force: true });
  mkdirSync(dir);
  process.chdir(dir);
});
afterAll(() => {
  process.chdir(home);
  rmSync(dir, { recursive: true, force: true });
});

/** The settings of this `.env`, and what is said of them. */
function read(text: string | Buffer, outside: Record<string, string> = {}): [Record<string, string>, string] {
  writeFileSync('.env', text);
  const env = { ...outside };
  const remarks = readEnvFile(env).join('\n');
  return [env, remarks];
}

test('a password with # and $ is kept whole, without a word', () => {
  expect(read(readFileSync(join(cases, 'hash.env')))).toEqual([{ KINGDEE_PASSWORD: 'ab#12$3' }, '']);
});

test('UTF-16 as Notepad writes it is read', () => {
  const settings = read(readFileSync(join(cases, 'utf16.env')));
  expect(settings).toEqual([{ DATA_DIR: './data', KINGDEE_AUTH: 'passwrod' }, '']);
});

test.each([
  ['byte-order mark and CRLF', '\ufeffPORT=1\r\nHOST=h\r\n', { PORT: '1', HOST: 'h' }],
  ['UTF-16, the big end first', Buffer.from('\ufeffPORT=1\n', 'utf16le').swap16(), { PORT: '1' }],
  ['quotes', `A="x # y" # z\nB='"q"'\nC=\`it's\`\nD="a\nb"\n`, { A: 'x # y', B: '"q"', C: "it's", D: 'a\nb' }],
  ['a quote of its own', 'A="x\nB=y"\nC=it\'s#1\n', { A: 'x\nB=y', C: "it's#1" }],
  ['a quote that never closes', 'A="x\nB=y\n', { A: '"x', B: 'y' }],
  ['blanks', ' export A = x y \n\tB=\nC= # note\nD=#1\n#E=1', { A: 'x y', B: '', C: '', D: '#1' }],
  ['nothing', '', {}],
])('%s', (_, text, settings) => {
  expect(read(text)).toEqual([settings, '']);
});

test('what is set outside wins', () => {
  expect(read('PORT=1\nHOST=h', { PORT: '2' })[0]).toEqual({ PORT: '2', HOST: 'h' });
});

test.each([
  ['KINGDEE_PASSWROD=x', '设置 KINGDEE_PASSWROD 不认识，没有用上；是不是想写 KINGDEE_PASSWORD'],
  ['KINDGEE_APP_ID=x', '是不是想写 KINGDEE_APP_ID'],
  ['kingdee_app_id=x', '是不是想写 KINGDEE_APP_ID'],
  ['DINGTALK_OAPIBASE=x', '是不是想写 DINGTALK_OAPI_BASE'],
  ['DATADIR=x', '是不是想写 DATA_DIR'],
  ['KINGDEE_COLOUR=red', '设置 KINGDEE_COLOUR 不认识，没有用上；认得的都在'],
  ['PORT=1\n\nKINGDEE_PASSWORD：x', '.env 第 3 行读不懂'],
  ['PORT=1 # one\nHOST=h', '.env 里 PORT 后面空格加 # 的部分当作注释没有读'],
  ['PORT=1\nHOST=h\u200b', '.env 第 2 行带着看不见的字符'],
])('%j: said', (text, said) => {
  expect(read(text)[1]).toContain(said);
});

test('names of other programs are not ours to judge; a misspelt one outside is', () => {
  expect(read('TZ=Asia/Shanghai\nHTTP_PROXY=p\nNODE_OPTIONS=o\nDEBUG=1', { HOSTS: 'h' })[1]).toBe('');
  expect(read('', { KINGDEE_PASSWROD: 'x' })[1]).toContain('KINGDEE_PASSWORD');
});

test('an .env that Windows has called .env.txt is pointed at', () => {
  writeFileSync('.env.txt', 'PORT=1');
  expect(readEnvFile({})).toEqual([expect.stringContaining('改名成 .env')]);
});

test('every setting that is read stands in .env.example', () => {
  const known = read(readFileSync(join(projectRoot, '.env.example')))[0];
  const config = readFileSync(join(projectRoot, 'src', 'config.ts'), 'utf8');
  for (const [, name = ''] of config.matchAll(/(?:env\.|'|prefix}_)([A-Z]+_[A-Z_]+|PORT|HOST|ROLE)\b/g))
    expect(
      Object.keys(known).some((one) => one === name || one.endsWith(`_${name}`)),
      name,
    ).toBe(true);
});

test.each([
  ['GBK', Buffer.from([0x23, 0xd6, 0xd0, 0xce, 0xc4, 0x0a]), /\.env 的编码读不了.*UTF-8/],
  ['UTF-16 without its mark', Buffer.from('PORT=1\n', 'utf16le'), /\.env 的编码读不了/],
  [
    'a password misspelt',
    'KINGDEE_PASSWROD=geheim',
    /^设置 KINGDEE_PASSWROD.*KINGDEE_PASSWORD\n.*金蝶的 KINGDEE_BASE_URL/,
  ],
  ['an address without a protocol', 'DATABASE_URL=u:geheim@127.0.0.1/x', /^DATABASE_URL 不是一个 PostgreSQL 地址/],
])('%s: a sentence, exit 2', async (_, text, said) => {
  writeFileSync('.env', text);
  const { code, stdout, stderr } = await runCommand(['doctor'], { cwd: dir });
  expect(stderr).toMatch(said);
  expect([code, stdout, stderr.includes('geheim')]).toEqual([2, '', false]);
});

test.each([
  [
    'KINGDEE_BASE_URL',
    /聚水潭的 JUSHUITAN_BASE_URL、.*；金蝶的 KINGDEE_ACCT_ID、.*JUSHUITAN_ 和 KINGDEE_ 开头的都清空/,
  ],
  ['DINGTALK_CLIENT_ID', /还缺这些环境变量：钉钉的 DINGTALK_CLIENT_SECRET。.*不接钉钉/],
  ['FEISHU_APP_SECRET', /还缺这些环境变量：飞书的 FEISHU_APP_ID。.*不接飞书/],
])('%s alone names the system that lacks the rest', (name, said) => {
  const refused = (): string => {
    try {
      readConfig({ [name]: 'http://x' });
      return '';
    } catch (error) {
      const { message, next } = error as Error & { next: string };
      return `${message}。${next}`;
    }
  };
  expect(refused()).toMatch(said);
});

test.each([
  '127.0.0.1/x',
  'u:p@127.0.0.1:5432/x',
  'mysql://u:p@h/x',
  'postgres://u:p@h:54x2/x',
  'postgres://u:p/q@h/x',
  'postgres',
])('DATABASE_URL=%s cannot be', (url) => {
  expect(() => readConfig({ DATABASE_URL: url })).toThrowError(
    expect.objectContaining({ code: 'config.database_url', message: expect.not.stringContaining(url) }),
  );
});

test.each(['postgres://u:p@h/x', 'postgresql://h:5433/x?sslmode=require', 'postgres:///x?host=/var/run/postgresql'])(
  'DATABASE_URL=%s can be',
  (url) => {
    expect(readConfig({ DATABASE_URL: url }).databaseUrl).toBe(url);
  },
);
