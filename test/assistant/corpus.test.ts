import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { intents } from '../../src/assistant/intents/index.ts';
import { readAsides, readCorpus } from '../../src/assistant/language/corpus.ts';
import { learn, learnAsides } from '../../src/assistant/language/learn.ts';
import { readerFolder } from '../../src/assistant/language/lexicon.ts';
import { normalise } from '../../src/assistant/language/normalise.ts';
import { asidesFile, modelFile, packed } from '../../src/assistant/language/scorer.ts';

const lines = readCorpus();

/** A sentence without its digits, names and signs: what of it can be learned. */
const bare = (text: string): string =>
  normalise(text)
    .replace(/\{.\}|\d+/g, '#')
    .replace(/[\p{P}\p{S}\s]+/gu, '');
const hash = (text: string): string => createHash('sha256').update(bare(text)).digest('hex').slice(0, 16);

test('it is wide: many sentences, many writers, every intent', () => {
  expect(new Set(lines.map(({ text }) => bare(text))).size).toBeGreaterThanOrEqual(8000);
  expect(new Set(lines.map(({ by }) => by)).size).toBeGreaterThanOrEqual(12);
  const known = new Set(lines.map(({ intent }) => intent));
  expect([...known].filter((intent) => !intents.has(intent))).toEqual([]);
  expect([...intents.keys()].filter((intent) => !known.has(intent) && !['choose'].includes(intent))).toEqual([]);
});

test('no sentence of the sets it is judged by stands in it', () => {
  const judged = new Set(readFileSync(join(import.meta.dirname, 'cases/judged-by.sha256'), 'utf8').split('\n'));
  expect(judged.size).toBeGreaterThan(100);
  const written = readFileSync(join(readerFolder, 'corpus.tsv'), 'utf8').split('\n');
  expect(
    written.map((line) => line.split('\t')[0] ?? '').filter((text) => bare(text).length > 2 && judged.has(hash(text))),
  ).toEqual([]);
});

test('the models are what the corpus gives, to the byte', () => {
  const bytes = packed(learn(lines));
  expect(bytes.length).toBeLessThanOrEqual(2_000_000);
  expect(Buffer.compare(readFileSync(modelFile), bytes)).toBe(0);
  expect(Buffer.compare(readFileSync(asidesFile), packed(learnAsides(readAsides())))).toBe(0);
}, 120_000);
