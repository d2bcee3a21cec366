import { expect, test } from 'vitest';
import { storm } from './storm.ts';

test.each(['dingtalk', 'feishu'] as const)(
  '%s: 500 messages, delivered up to four times over links that are cut and nodes that are restarted: each answered once, in order, and nothing is left over',
  async (platform) => {
    const server = process.env.TEST_DATABASE_URL;
    const ask = { platform, server, messages: 500, conversations: 50, nodes: 3, disconnects: 5, restarts: 3 };
    expect(await storm({ ...ask, kills: 0 })).toMatchObject({
      missing: 0,
      repeated: 0,
      repeatedInFlight: 0,
      outOfOrder: 0,
      crashes: [],
      leftOver: {},
      linksLeft: 0,
    });
  },
);
