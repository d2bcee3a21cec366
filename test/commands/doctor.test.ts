import { rmSync } from 'node:fs';
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest';
import { doctor } from '../../src/commands/doctor.ts';
import { dataFolder } from '../fakes/folder.ts';
import { type FakeModel, type Line, startModel } from '../fakes/openai.ts';

let dir: string;
let model: FakeModel;
let line: Line;
beforeAll(async () => {
  dir = dataFolder();
  model = await startModel(() => line);
});
afterEach(() => vi.restoreAllMocks());
afterAll(async () => {
  await model.close();
  rmSync(dir, { recursive: true, force: true });
});

/** What `doctor` prints, and whether the house is ready. */
async function examine(env: NodeJS.ProcessEnv): Promise<{ printed: string; code: number }> {
  let printed = '';
  vi.spyOn(process.stdout, 'write').mockImplementation((chunk) => {
    printed += String(chunk);
    return true;
  });
  return { code: await doctor({ DATA_DIR: dir, ...env }), printed };
}
const withModel = (): NodeJS.ProcessEnv => ({
  OPENAI_API_KEY: 'k',
  OPENAI_BASE_URL: model.url,
  OPENAI_MODEL: 'scripted',
});

test('without a model it says so, and is ready', async () => {
  const { printed, code } = await examine({});
  expect(printed).toContain('✓ 没有设置模型');
  expect(code).toBe(0);
});

test('a model that calls the tool it is asked to', async () => {
  line = { calls: [{ name: 'list-failures', args: {} }] };
  const { printed, code } = await examine(withModel());
  expect(printed).toContain('✓ 模型 scripted');
  expect(code).toBe(0);
});

test('a model that refuses: the cause and the next step', async () => {
  line = { status: 402, body: { error: { message: 'Insufficient Balance' } } };
  const { printed, code } = await examine(withModel());
  expect(printed).toMatch(/✗ 模型 scripted.*：模型服务的余额或额度用完了。.*控制台充值/);
  expect(code).toBe(1);
});
