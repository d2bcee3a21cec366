import { rmSync } from 'node:fs';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { Conversations } from '../../src/channels/conversations.ts';
import { Inbox } from '../../src/channels/inbox.ts';
import type { Message, Reply } from '../../src/channels/message.ts';
import { openStore, type Store } from '../../src/store/open.ts';
import { ScriptedChannel } from '../fakes/channel.ts';
import { dataFolder } from '../fakes/folder.ts';

const soon = { timeout: 10_000, interval: 10 };
let store: Store;
let dir: string;
let clock: number;
let node: Conversations | null;
let channel: ScriptedChannel;
let asked: string[];
let codes: unknown[];
beforeAll(async () => {
  dir = dataFolder();
  store = await openStore({ dataDir: dir });
});
afterAll(async () => {
  await store.close();
  rmSync(dir, { recursive: true, force: true });
});
beforeEach(async () => {
  await store.sql.query('truncate outbox, outbox_files, inbox, sent_cards');
  clock = Date.parse('2026-11-24T15:00:00+08:00');
  channel = new ScriptedChannel();
  node = null;
  asked = [];
  codes = [];
});
afterEach(async () => {
  await node?.stop();
});

const start = async (answer: (message: Message) => Promise<Reply>, patienceMs?: number): Promise<Conversations> => {
  node = new Conversations({
    sql: store.sql,
    now: () => new Date(clock),
    channels: [channel],
    answer: async (message) => {
      asked.push(message.text);
      return await answer(message);
    },
    sorry: 'sorry',
    embedded: true,
    ...(patienceMs === undefined ? {} : { patienceMs }),
    pace: 0.01,
    onError: (error) => codes.push((error as { code?: string }).code),
  });
  await node.start();
  return node;
};
const said = (text: string, conversation = 'feishu:a') => ({
  id: `${conversation}-${text}`,
  message: { person: 'feishu:ou_1', conversation, text },
  handle: {},
});
const texts = (): string[] => channel.done.map(({ text }) => text);
/** A process that takes what is there and comes to an end with it. */
async function dies(): Promise<string[]> {
  const inbox = new Inbox(store.sql, () => new Date(clock));
  const taken: string[] = [];
  for (let row = await inbox.claim(); row; row = await inbox.claim()) taken.push(row.message.text);
  clock += 60_000; // its leases run out
  return taken;
}

test('a message that two processes ended with is said to its sender and read no third time; the next one is answered', async () => {
  const inbox = new Inbox(store.sql, () => new Date(clock));
  await inbox.accept('feishu', said('poison'));
  expect(await dies()).toEqual(['poison']);
  await start(async () => ({ text: 'answered' }));
  await channel.accept(said('after one'));
  await expect.poll(texts, soon).toEqual(['answered', 'answered']);
  await node?.stop();
  await inbox.accept('feishu', said('poison again'));
  expect([await dies(), await dies()]).toEqual([['poison again'], ['poison again']]);
  await start(async () => ({ text: 'answered' }));
  await channel.accept(said('after two'));
  await expect.poll(texts, soon).toHaveLength(4);
  expect(texts()[2]).toContain('已经两次');
  expect(asked).not.toContain('poison again');
  expect(codes).toEqual(['channel.set_aside']);
});

test('of several that a process ended with, one at a time is taken: only what ends it is set aside', async () => {
  const inbox = new Inbox(store.sql, () => new Date(clock));
  for (const conversation of ['a', 'b', 'c'])
    await inbox.accept('feishu', said(conversation, `feishu:${conversation}`));
  expect(await dies()).toEqual(['a', 'b', 'c']);
  expect(await dies()).toEqual(['a']);
  await start(async ({ text }) => ({ text: `answered ${text}` }));
  await expect
    .poll(() => texts().sort(), soon)
    .toEqual(['answered b', 'answered c', expect.stringContaining('已经两次')]);
});

test('a process that is told to stop has not ended with what it leaves', async () => {
  const inbox = new Inbox(store.sql, () => new Date(clock));
  await inbox.accept('feishu', said('long'));
  for (let restart = 0; restart < 3; restart++) {
    const process = new Inbox(store.sql, () => new Date(clock));
    expect((await process.claim())?.ended).toBe(0);
    await process.leave();
    clock += 60_000;
  }
});

test('an answer that takes long says so, holds up its conversation no longer, and follows when it is there', async () => {
  let finish = (_reply: Reply): void => undefined;
  const long = new Promise<Reply>((resolve) => {
    finish = resolve;
  });
  await start(async ({ text }) => (text === 'long' ? await long : { text: `answered ${text}` }), 20);
  await channel.accept(said('long'));
  await channel.accept(said('next'));
  await expect.poll(texts, soon).toEqual([expect.stringContaining('比平常慢'), 'answered next']);
  finish({ text: 'at last' });
  await expect.poll(texts, soon).toEqual([expect.anything(), 'answered next', 'at last']);
});

test('a message is handed on with the moment it was said, or else came in', async () => {
  const inbox = new Inbox(store.sql, () => new Date(clock));
  const [cameIn, saidAt] = [new Date(clock), new Date(clock - 3_600_000)];
  await inbox.accept('feishu', said('without'));
  const more = said('with', 'feishu:b');
  await inbox.accept('feishu', { ...more, message: { ...more.message, saidAt } });
  clock += 1_800_000;
  const moments: unknown[] = [];
  await start(async (message) => {
    moments.push([message.text, message.saidAt]);
    return { text: 'answered' };
  });
  await expect.poll(() => moments, soon).toHaveLength(2);
  expect(new Map(moments as [string, Date][])).toEqual(
    new Map([
      ['without', cameIn],
      ['with', saidAt],
    ]),
  );
});
