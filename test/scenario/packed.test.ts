import { execFileSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { projectRoot } from '../../src/root.ts';
import { runCommand } from '../fakes/command.ts';

const dir = mkdtempSync(join(tmpdir(), 'xiaoqing-packed-'));
/** Where somebody has installed the packed package, with our dependencies for its own. */
const home = join(dir, 'home');
const installed = join(home, 'node_modules', 'xiaoqing');
const bin = join(home, 'node_modules', '.bin', 'xiaoqing');
const entry = join(installed, 'dist', 'src', 'entry.mjs');

beforeAll(() => {
  const project = join(dir, 'project');
  const { files } = JSON.parse(readFileSync(join(projectRoot, 'package.json'), 'utf8')) as { files: string[] };
  const needed = [...files.filter((name) => name !== 'dist'), 'package.json', 'tsconfig.json', 'tsconfig.build.json'];
  for (const name of needed) cpSync(join(projectRoot, name), join(project, name), { recursive: true });
  symlinkSync(join(projectRoot, 'node_modules'), join(project, 'node_modules'));
  mkdirSync(installed, { recursive: true });
  execFileSync('npm', ['pack', '--silent', '--pack-destination', dir], { cwd: project, stdio: 'ignore' });
  const [tarball = ''] = readdirSync(dir).filter((name) => name.endsWith('.tgz'));
  execFileSync('tar', ['xzf', join(dir, tarball), '-C', installed, '--strip-components=1']);
  symlinkSync(join(projectRoot, 'node_modules'), join(installed, 'node_modules'));
  mkdirSync(dirname(bin));
  symlinkSync(entry, bin);
}, 180_000);
afterAll(() => rmSync(dir, { recursive: true, force: true }));

test('the command can be carried out, and what it needs is with it', () => {
  expect(statSync(entry).mode & 0o111).toBe(0o111);
  for (const name of [
    'pipelines/maps/shop_to_customer.csv',
    'prompts/zh/cli.yaml',
    'docs/roles.example.yaml',
    '.env.example',
  ])
    expect(existsSync(join(installed, name)), name).toBe(true);
});

test('a first start lays pipelines out in the current folder, says so, and leaves what is there', async () => {
  writeFileSync(join(home, '.env.example'), 'mine');
  cpSync(process.env.DATA_TEMPLATE ?? '', join(home, 'data'), { recursive: true });
  const PATH = [dirname(process.execPath), process.env.PATH].join(delimiter);
  const { stdout, stderr } = await runCommand(['start'], {
    node: bin,
    entry: null,
    cwd: home,
    env: { PATH, PORT: '0' },
    enough: (said) => /http:\/\/127/.test(said),
  });
  expect(stderr).toBe('');
  expect(stdout).toMatch(/^第一次在这里启动，放好了 \S+pipelines\n小青已启动（沙箱/);
  const maps = readdirSync(join(projectRoot, 'pipelines', 'maps'));
  expect(readdirSync(join(home, 'pipelines', 'maps'))).toEqual(maps);
  expect(readFileSync(join(home, '.env.example'), 'utf8')).toBe('mine');
  expect(existsSync(join(home, 'data', 'sandbox'))).toBe(true);
}, 120_000);

test('an older Node says one sentence', async () => {
  const older = "data:text/javascript,Object.defineProperty(process.versions,'node',{value:'12.22.12'})";
  const { code, stdout, stderr } = await runCommand(['--import', older, entry, 'start'], { entry: null, cwd: home });
  expect([code, stdout]).toEqual([2, '']);
  expect(stderr).toMatch(/^小青需要 Node 22\.19 以上，这里是 12\.22\.12。.*\n$/);
  // What Node 12 cannot read, it cannot answer for: no await outside a function, no ?. and no ??.
  expect(readFileSync(entry, 'utf8').replace(/\/\/.*/g, '')).not.toMatch(/\bawait\b|\?\.|\?\?/);
});
