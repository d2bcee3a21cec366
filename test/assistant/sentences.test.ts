import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { casesOf, complaint } from './judge.ts';

/** Everything together, and each kind of misreading by itself. */
const kinds = readdirSync(join(import.meta.dirname, 'cases/kinds')).map((file) => `kinds/${file}`);

test.each(['sentences.txt', ...kinds])('sentences judged by hand: %s', (file) => {
  const cases = casesOf(file);
  expect(cases.length).toBeGreaterThanOrEqual(30);
  const wrong = cases.flatMap((one) => {
    const why = complaint(one);
    return why ? [`${one.prior.concat(one.text).join(' // ')} → ${why}`] : [];
  });
  expect(wrong).toEqual([]);
});
