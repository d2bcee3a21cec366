import { expect, test } from 'vitest';
import { messageStorm } from './storm.ts';

test('500 messages of 50 conversations, delivered up to four times over three links that break: each answered once, in order', async () => {
  const result = await messageStorm({ messages: 500, conversations: 50, nodes: 3, disconnects: 5 });
  expect(result).toMatchObject({ answered: 500, missing: 0, repeated: 0, outOfOrder: 0 });
}, 180_000);
