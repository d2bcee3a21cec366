import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { allPhrases, hasPhrase } from '../src/phrases.ts';
import { projectRoot } from '../src/root.ts';
import { loadPipelines } from '../src/sync/pipeline.ts';

const sources = readdirSync(join(projectRoot, 'src'), { recursive: true, encoding: 'utf8' }).filter((name) =>
  name.endsWith('.ts'),
);

test('every error code has a sentence and a next step', () => {
  for (const name of sources) {
    const text = readFileSync(join(projectRoot, 'src', name), 'utf8');
    for (const [, code] of text.matchAll(/new AppError\(\s*'([\w.]+)'/g)) {
      for (const part of ['message', 'next'])
        expect(hasPhrase(`errors.${code}.${part}`), `${name}: ${code}.${part}`).toBe(true);
    }
    for (const [, key] of text.matchAll(/phrase\(\s*'([\w.]+)'/g))
      expect(hasPhrase(key ?? ''), `${name}: ${key}`).toBe(true);
  }
});

test('every kind of document that is shipped has its words', () => {
  for (const { id } of loadPipelines(join(projectRoot, 'pipelines')))
    for (const word of ['document', 'bill', 'time']) expect(hasPhrase(`documents.${id}.${word}`), id).toBe(true);
});

test('no phrase ends in an exclamation mark', () => {
  for (const [key, text] of allPhrases()) expect(/[!！]$/.test(text), key).toBe(false);
});
