import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, test, vi } from 'vitest';
import { misread } from '../../src/commands/misread.ts';
import { startApp, startPage, type TestApp } from '../fakes/app.ts';
import { dataFolder } from '../fakes/folder.ts';

afterEach(() => vi.restoreAllMocks());

async function printed(dir: string): Promise<string> {
  let out = '';
  vi.spyOn(process.stdout, 'write').mockImplementation((chunk) => {
    out += String(chunk);
    return true;
  });
  expect(await misread([], { DATA_DIR: dir })).toBe(0);
  return out;
}

async function report(app: TestApp): Promise<void> {
  const who = { person: 'web:a', conversation: 'web:a' };
  await app.assistant.answer({ ...who, text: '261123005 这单推了' });
  await app.assistant.answer({ ...who, text: '你理解错了' });
  await app.sync.brake.pull('web:a');
}

test('the reports are printed as lines of the corpus, beside a running service and without one, and nothing but them', async () => {
  const dir = dataFolder();
  const app = await startApp({ DATA_DIR: dir, DATABASE_URL: '' });
  await report(app);
  const http = await startPage(app, 'token');
  writeFileSync(join(dir, 'service.json'), JSON.stringify({ url: http.url, token: 'token' }));
  const line = /^\{单\}这单推了\t\w+\t\w+\tmisread\n$/;
  expect(await printed(dir)).toMatch(line);
  await http.close();
  await app.end();
  expect(await printed(dir)).toMatch(line);
  rmSync(dir, { recursive: true, force: true });
});
