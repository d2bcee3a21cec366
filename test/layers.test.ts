import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { projectRoot } from '../src/root.ts';

const copy = mkdtempSync(join(tmpdir(), 'xiaoqing-layers-'));
cpSync(join(projectRoot, 'src'), join(copy, 'src'), { recursive: true });
for (const file of ['.dependency-cruiser.cjs', 'tsconfig.json', 'package.json'])
  cpSync(join(projectRoot, file), join(copy, file));
symlinkSync(join(projectRoot, 'node_modules'), join(copy, 'node_modules'));
afterAll(() => rmSync(copy, { recursive: true, force: true }));

test('an arrow planted the wrong way is caught, one a room, and no other stands in the tree', () => {
  const planted: [from: string, to: string][] = [
    ['store', '../sync/run.ts'],
    ['sync', '../connectors/http.ts'],
    ['sync', '../assistant/gate.ts'],
    ['channels', '../sync/run.ts'],
    ['connectors', '../sync/runner.ts'],
    ['connectors/jushuitan', '../kingdee/client.ts'],
    ['assistant/language', '../../phrases.ts'],
    ['assistant', '../connectors/http.ts'],
    ['http', '../connectors/http.ts'],
    ['sandbox', '../connectors/jushuitan/signature.ts'],
    ['alerts', '../assistant/gate.ts'],
    ['reports', '../alerts/rules.ts'],
  ];
  for (const [index, [room, to]] of planted.entries())
    writeFileSync(
      join(copy, 'src', room, `planted${index}.ts`),
      `import * as wrong from '${to}';\nexport const used = wrong;\n`,
    );
  const { status, stdout } = spawnSync(
    join(projectRoot, 'node_modules/.bin/depcruise'),
    ['src', '--config', '.dependency-cruiser.cjs'],
    { cwd: copy, encoding: 'utf8' },
  );
  expect(status).not.toBe(0);
  expect(Number(/(\d+) modules/.exec(stdout)?.[1])).toBeGreaterThan(50);
  for (const index of planted.keys()) expect(stdout, `planted${index}`).toContain(`planted${index}.ts`);
  const found = stdout.split('\n').filter((line) => /^\s*(?:error|warn|info) /.test(line));
  expect(found.length).toBeGreaterThanOrEqual(planted.length);
  expect(found.filter((line) => !line.includes('planted'))).toEqual([]);
});
