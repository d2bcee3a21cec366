import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { casesOf, complaint } from './judge.ts';

/** sentences.txt holds what is said every day, each of the others one kind of misreading. */
const kinds = readdirSync(join(import.meta.dirname, 'cases/kinds')).sort();

test.each(['sentences.txt', ...kinds.map((name) => `kinds/${name}`)])('%s', (table) => {
  const cases = casesOf(table);
  expect(cases.length).toBeGreaterThanOrEqual(30);
  const wrong = cases.flatMap((one) => {
    const why = complaint(one);
    return why ? [`${one.prior.concat(one.text).join(' // ')} → ${why}`] : [];
  });
  expect(wrong).toEqual([]);
});
