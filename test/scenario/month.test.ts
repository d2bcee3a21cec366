import { expect, test } from 'vitest';
import { reconcileMonth } from './month.ts';

test('3,000 documents over HTTP, service and sandbox each a process: every planted difference is found, and nothing else', async () => {
  const result = await reconcileMonth({ documents: 3000, days: 3, server: process.env.TEST_DATABASE_URL });
  expect(result).toMatchObject({ notFound: [], notPlanted: [], found: 18 });
});
