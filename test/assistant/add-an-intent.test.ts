import { execFileSync } from 'node:child_process';
import { appendFileSync, cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { projectRoot } from '../../src/root.ts';
import { casesOf, complaint } from './judge.ts';

/** CONTRIBUTING's recipe, carried out as it stands there in a copy of the project. */
const recipe =
  readFileSync(join(projectRoot, 'CONTRIBUTING.md'), 'utf8').split('## Add an intent')[1]?.split('\n## ')[0] ?? '';
const block = (kind: string, of: RegExp): string => {
  const blocks = [...recipe.matchAll(/```(\w+)\n([\s\S]*?)```/g)];
  const found = blocks.find(([, language, text = '']) => language === kind && of.test(text))?.[2] ?? '';
  return found.replace(/^ {3}/gm, '');
};

/** Said by somebody who has not read the recipe's sentences. */
const paraphrases = [
  '推过去的单号前面带的是什么',
  '你写进金蝶的单号是啥开头',
  '单据编号的前缀是什么',
  '前缀是啥来着',
  '单号是用什么打头',
  '帮我看下单号前缀',
  '请问金蝶单据编号开头是哪几位',
  '我们推的单子编号以哪几个字母开头',
  '单号头几位是什么',
  '金蝶里咱的单号开头是啥',
  '编号前缀告诉我一下',
  '新推的单子编号怎么开头的',
  '会计问单号前缀是啥',
  '单号打头的那串是什么',
  '查下单据前缀',
  '麻烦说下金蝶单号的前缀',
  '咱们的单号统一什么开头',
  '金蝶单号开头几位都一样吗',
  '写过去的单据编号前几位是啥',
  '单号前头那几个字母是什么',
];

const dir = mkdtempSync(join(tmpdir(), 'xiaoqing-intent-'));
afterAll(() => rmSync(dir, { recursive: true, force: true }));
const run = (args: string[], input = ''): string =>
  execFileSync(process.execPath, [join(dir, 'src/entry.mjs'), ...args], {
    cwd: dir,
    input,
    encoding: 'utf8',
    env: { PATH: process.env.PATH ?? '' },
  });

beforeAll(() => {
  for (const part of ['src', 'prompts', 'pipelines', 'package.json'])
    cpSync(join(projectRoot, part), join(dir, part), { recursive: true });
  symlinkSync(join(projectRoot, 'node_modules'), join(dir, 'node_modules'));
  const reader = join(dir, 'prompts/zh/reader');
  writeFileSync(join(dir, 'src/assistant/intents/bill-prefix.ts'), block('ts', /defineIntent/));
  appendFileSync(join(reader, 'lexicon.txt'), block('text', /^ *prefix /));
  appendFileSync(join(reader, 'corpus.tsv'), block('text', /\tbill_prefix\t/));
  run(['train']);
}, 120_000);

const read = (texts: readonly string[]): { intent: string; action: string }[] =>
  run(
    ['understand'],
    texts.map((text, id) => JSON.stringify({ id, text, now: '2026-10-20T14:10:00+08:00' })).join('\n'),
  )
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as { intent: string; action: string });

test('twenty paraphrases: at least sixteen are read', () => {
  const wrong = read(paraphrases).flatMap(({ intent }, at) =>
    intent === 'bill_prefix' ? [] : [`${paraphrases[at]} → ${intent}`],
  );
  expect(wrong.length, wrong.join('\n')).toBeLessThanOrEqual(4);
});

test('what was read before is read still, and nothing is carried out that was not', () => {
  const cases = casesOf('sentences.txt').filter(({ prior }) => prior.length === 0);
  const answers = read(cases.map(({ text }) => text));
  const wrong = cases.flatMap((one, at) => {
    const why = complaint(one, answers[at] as never);
    return why ? [`${one.text} → ${why}`] : [];
  });
  expect(wrong.filter((one) => one.includes('UNSAFE'))).toEqual([]);
  expect(wrong.length / cases.length, wrong.join('\n')).toBeLessThanOrEqual(0.005);
});
